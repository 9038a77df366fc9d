"""The processing of personal data that a request is, for a deployment that logs it; see `adapter.logbook`.

The engine tells whose data it is; it knows nothing of how that is logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose data is processed: by what he is known, such as a BSN, or the uuid of a resource.

    `kind` is BSN or another name that a mapping gives; for a uuid it is the name of the resource, and
    `by_uuid` is true. The value is personal: it may be hashed, and go nowhere else.
    """

    kind: str
    value: str = field(repr=False)
    by_uuid: bool = False


class Processing(Protocol):
    """The processing that one request is."""

    def begin(self, subjects: Iterable[Subject]) -> None:
        """Data of these will be changed; nothing has been written yet. Raises LogbookUnavailable."""

    def touched(self, subjects: Iterable[Subject]) -> None:
        """Data of these is in the answer, or has been changed."""

    def refused(self) -> None:
        """It was refused for what the client sent."""
