"""What the reverse direction works with, for as long as the process lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.model import Correspondence
from adapter.counts import Counts
from adapter.engine.deployment import Deployment as Serving
from adapter.reverse.offers import Offers
from adapter.reverse.shelf import Caller, Shelf

# (collection, values) → the complete record, as whoever serves the old API stores it.
Complete = Callable[[str, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Deployment:
    """The parts; safe to share between threads.

    serving: the deployment of which the journal has the writes and the registers get them.
    correspondences: by the name of the collection of the old API.
    order: the member by which a collection of the old API is ordered, newest first; others are by creation.
    scan_bound: how many records may be read to answer one question.
    each_row: whether a list asks for each of its records, one by one, what the new API cannot say of many:
        which record names it in a part. Without, such a record is known as far as it was read anyway.
    """

    serving: Serving
    register: Caller
    shelf: Shelf
    correspondences: Mapping[str, Correspondence]
    offers: Offers
    links: Links
    complete: Complete
    pool: Executor
    order: Mapping[str, str] = field(default_factory=dict)
    scan_bound: int = 10_000
    each_row: bool = False
    counts: Counts = field(default_factory=Counts)

    def together(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """The results of calls that do not depend on each other, made side by side, in their order."""
        waiting = [self.pool.submit(copy_context().run, call) for call in calls[1:]]
        try:
            found = [call() for call in calls[:1]]
            for call, future in zip(calls[1:], waiting, strict=True):
                found.append(call() if future.cancel() else future.result())
        finally:
            # When one fails, what goes on beside it ends first: it may have to be taken back.
            wait([future for future in waiting if not future.cancel()])
        return found

    def of_resource(self, resource: str) -> list[Correspondence]:
        """The correspondences of which the new record is one of this resource."""
        return [each for each in self.correspondences.values() if each.left.name == resource]
