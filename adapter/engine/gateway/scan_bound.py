"""How far registers are read on for one question."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.errors import Invalid, Problem, RegisterAnswer

# A record that is asked for by itself counts as so many of a list.
ONE_BY_ONE = 10


class ScanTooLong(Invalid):
    """More has to be read than the deployment allows for one question; `parameters` are those that ask it.

    `register` is the one that counts so many.
    """

    @classmethod
    def counted(cls, register: str, bound: int, *, found: int, more: bool) -> ScanTooLong | RegisterAnswer:
        """What it comes to that a register counts too many: a page of fewer without a next belies it."""
        return cls(bound, register=register) if more or found > bound else RegisterAnswer(register)

    def __init__(self, bound: int, parameters: Iterable[str] = (), register: str = "") -> None:
        self.bound, self.register, self.parameters = bound, register, [name for name in parameters if name]
        reason = f"Voor deze vraag moeten meer dan {bound} gegevens worden doorzocht; beperk de vraag."
        reason += " Alles in één keer geeft het commando `klantbrug export`."
        super().__init__(
            [Problem(name, "scan-bound", reason) for name in self.parameters or ["nonFieldErrors"]]
        )


class NoList(Invalid):
    """A register gives no list of all of something, and without one the question has no answer."""

    def __init__(self, reason: str) -> None:
        super().__init__([Problem("nonFieldErrors", "no-list", reason)])
