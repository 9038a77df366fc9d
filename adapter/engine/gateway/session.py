"""What one request knows of the registers: its records and objects, and how its reads are carried out.

What it writes itself is put among what it has read. So nothing is read anew after a write, and what hangs on
a record that the request has just made is known without asking: nothing but what it made too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter import context
from adapter.engine.deployment import Deployment
from adapter.engine.gateway import scheduler
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scheduler import Read
from adapter.engine.gateway.written import WrittenObjects, WrittenRecords


class Session:
    """The registers as one request sees them. Not shared between threads."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        # The resources that the request looks into, None for all: of any other, what is found by way of
        # something else is not worth a call for each of that.
        self.into: frozenset[str] | None = None
        # The settings of which the client has a value of its own.
        self.chosen: Mapping[str, Any] = {}
        self._begun = 0
        self._begin()

    def _begin(self) -> None:
        self._begun += 1
        self._made: set[str] = set()
        self.records = WrittenRecords(self.deployment, self._made)
        self.objects = WrittenObjects(self.deployment, self._made)
        # (resource, home, uuid of an owner) → references of what stands there, which other records say.
        self.linked: dict[tuple[str, str, str], dict[str, Any]] = {}

    def forget(self) -> None:
        """Know nothing any more, but read anew at once what is sure to be wanted again."""
        context.read_anew()
        before = self.objects
        self._begin()
        self.run(self.objects.again(before))

    @property
    def version(self) -> tuple[int, int]:
        """Another one whenever this request forgets, writes or stages something: what was read is another."""
        return self._begun, self.records.writes + self.objects.writes

    def made(self, uuid: str) -> None:
        """A uuid that is new in this request: nothing that was there before can refer to it."""
        self._made.add(uuid)

    def was_there(self, uuid: str) -> None:
        """What this request has made, in a register, for a uuid to which others refer already."""
        self._made.discard(uuid)

    def is_made(self, uuid: str) -> bool:
        """Whether this request has made what has this uuid."""
        return uuid in self._made

    def limited(self, object_type: str, attributes: Attributes) -> Session:
        """The same, as if there were no other objects of a type than those with these attributes."""
        other = Session(self.deployment)
        other.linked, other.into, other.chosen = self.linked, self.into, self.chosen
        other.records, other.objects = self.records, self.objects.limited(object_type, attributes)
        return other

    def run[T](self, read: Read[T]) -> T:
        """What a read returns: for callers that are no read themselves."""
        return scheduler.run(read, self.deployment.together)
