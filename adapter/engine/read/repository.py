"""The reads of one request for callers that go step by step: each method asks what it needs and waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.session import Session
from adapter.engine.read import hydration
from adapter.engine.read.business_keys import by_key
from adapter.engine.read.embedded_values import embedded_in
from adapter.engine.read.reads import Reads
from adapter.mapping.model import Home, Resource


class Repository:
    """What one request reads, in terms of the served side; see `Reads`. Not shared between threads."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.deployment = session.deployment
        self.mappings = session.deployment.mappings
        self.resources = self.mappings.resources
        self._reads, self._version = Reads(session), session.version

    @property
    def reads(self) -> Reads:
        """The reads of what the request has written or staged by now; resources are made anew then."""
        if self._version != self.session.version:
            self._reads, self._version = Reads(self.session), self.session.version
        return self._reads

    def get(self, name: str, uuids: Iterable[str]) -> dict[str, Entry]:
        """The resources with these uuids; what does not exist is left out."""
        return self.session.run(self.reads.get(name, uuids))

    def one(self, name: str, uuid: str) -> Entry | None:
        """The resource with this uuid, or None."""
        return self.get(name, [uuid]).get(uuid)

    def related(self, name: str, member: str, uuids: Iterable[str]) -> list[Entry]:
        """The resources whose reference `member` is one of these uuids: newest first, uuid by uuid."""
        return self.session.run(self.reads.related(name, member, uuids))

    def every(self, name: str, also: Collection[str] = ()) -> list[Entry]:
        """All resources of a kind that a list shows, and those of the homes in `also`."""
        return self.session.run(self.reads.every(name, also))

    def complete(self, entries: Iterable[Entry]) -> None:
        """Add what other records say of these resources; needed before their values are shown or tested."""
        self.session.run(self.reads.complete(entries))

    def slots(self, resource: Resource, home: Home, owners: Iterable[Entry]) -> list[Entry]:
        """The resources in a slot of these owners that are not another resource as well."""
        return self.session.run(self.reads.slots(resource, home, owners))

    def embedded_in(
        self, resource: Resource, home: Home, owner: Entry, *, claimed: bool = False
    ) -> list[Entry]:
        """The resources in a slot of an owner; `claimed` gives those that are objects by now, too."""
        return self.session.run(embedded_in(self.reads, resource, home, [owner], claimed=claimed))

    def alone(self, resource: Resource, home: Home, stored: StoredObject) -> Entry:
        """What an object says by itself, whatever stands where it is mirrored."""
        return self.session.run(hydration.alone(self.reads, resource, home, [stored]))[0]

    def by_key(self, name: str, keys: Iterable[str]) -> dict[str, str]:
        """Key under which old records name a resource → uuid, of the resources that are objects."""
        return self.session.run(by_key(self.reads, name, keys))
