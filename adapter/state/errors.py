"""What goes wrong with the state of a deployment.

StateUnavailable (RegisterUnavailable)  503  the state cannot be read or written, or a lock is held too long
 └── NoLongerOurs                            another replica has taken a write over
StateNotSetUp                                the tables are not those of this version
KeyUsed (Conflict)                      409  an idempotency key came with another request before
MadeAndGone (NotFound)                  404  what a create made is deleted since
"""

from __future__ import annotations

from adapter.errors import Conflict, NotFound, RegisterUnavailable

STATE = "journal"
SECONDS = 2


class StateUnavailable(RegisterUnavailable):
    """The state is not there, or somebody else holds what a write needs: nothing is written without it."""

    def __init__(self) -> None:
        super().__init__(STATE, SECONDS)


class NoLongerOurs(StateUnavailable):
    """A write was taken over by another replica, which took this one for dead."""


class StateNotSetUp(Exception):
    """The tables are missing or older than this version: `klantbrug setup` makes them."""


class KeyUsed(Conflict):
    """The same idempotency key came with another body or path before."""

    def __init__(self) -> None:
        super().__init__("Deze Idempotency-Key is al gebruikt voor een ander verzoek.")


class MadeAndGone(NotFound):
    """A create was done before, under its idempotency key, and what it made is not there any more."""

    def __init__(self) -> None:
        super().__init__("Dit verzoek is eerder gedaan; wat toen is vastgelegd, is daarna verwijderd.")
