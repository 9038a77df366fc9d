"""What the specifications of the e-Suite leave open, so that tests can try it each way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """The order of a list. With ANY, records change places with every write."""

    ANY = "any"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(slots=True)
class Looseness:
    """How this e-Suite behaves where the specifications allow more than one thing; may change at any time."""

    order: Order = Order.ANY
    page_size: int = 100
    lost: int = 0
    """The next so many POSTs of a contact are done, and answered 504 by a gateway that has given up."""
    late: float = 0.0
    """In seconds. A POST of a contact is answered 504 at once, and done only after this time."""
    conflicts: int = 0
    """The next so many writes are answered 409, and not done."""
    trims: bool = False
    """Whether white space around a text is removed."""
    mute: bool = False
    """Whether the detail of a refusal leaves out which member is wrong."""
    unknown: frozenset[str] = frozenset()
    """The uuids of zaken that this e-Suite does not know."""
    known_klant_again: bool = False
    """Whether a POST of a klant that is there already answers that klant instead of 409."""

    def take(self, what: str) -> bool:
        """Whether this happens now; of `lost` and `conflicts`, one fewer is left."""
        left = int(getattr(self, what))
        setattr(self, what, max(0, left - 1))
        return left > 0
