"""What a check of outside data gives: the usable part, and everything that is wrong with the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, in the form of the ZGW standard's `invalidParams`.

    `name` is a dotted path (`betrokkene.contactnaam.voorletters`, `digitaleAdressen.0.uuid`) or a
    parameter's name. `reason` is meant for the client only: it may repeat a value, so it is never logged.
    """

    name: str
    code: str
    reason: str

    def below(self, prefix: str) -> Problem:
        """The same problem, seen from the group `prefix` that holds it."""
        return Problem(f"{prefix}.{self.name}", self.code, self.reason) if prefix else self


@dataclass(frozen=True, slots=True)
class Checked:
    """A body after validation.

    `value` holds only writable members that were sent and are valid, coerced to their type; `problems` the
    rest, in the order of the schema. Both are filled at once, so that a later layer can add problems of its
    own and answer all of them together.
    """

    value: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
