"""The errors of the state.

StateUnavailable (RegisterUnavailable)  503  the state cannot be read or written, or a lock is held too long
 └── NoLongerOurs                            another replica has taken over a write of this one
StateNotSetUp                                the tables are missing or older than this version
KeyUsed (Conflict)                      409  the idempotency key was used for another request
MadeAndGone (NotFound)                  404  the resource that a repeated create made has been deleted
"""

from __future__ import annotations

from adapter.errors import Conflict, NotFound, RegisterUnavailable

# The name of the state in answers and logs, as if it were a register, and its Retry-After in seconds.
STATE = "journal"
SECONDS = 2


class StateUnavailable(RegisterUnavailable):
    """The state cannot be used, or a lock is held too long; nothing is written to registers without it."""

    def __init__(self) -> None:
        super().__init__(STATE, SECONDS)


class NoLongerOurs(StateUnavailable):
    """Another replica has taken over a write of this one, because it took this one for dead."""


class StateNotSetUp(Exception):
    """The tables are missing or older than this version; `klantbrug setup` creates and migrates them."""


class KeyUsed(Conflict):
    """The idempotency key was used before, with another body or path."""

    def __init__(self) -> None:
        super().__init__("Deze Idempotency-Key is al gebruikt voor een ander verzoek.")


class MadeAndGone(NotFound):
    """A create with this idempotency key was done before, and the resource that it made has been deleted."""

    def __init__(self) -> None:
        super().__init__("Dit verzoek is eerder gedaan; wat toen is vastgelegd, is daarna verwijderd.")
