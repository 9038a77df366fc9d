"""The reads of one request for callers that go step by step: each method asks what it needs and waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.scheduler import Read
from adapter.engine.gateway.session import Session
from adapter.engine.read import hydration
from adapter.engine.read.business_keys import by_key
from adapter.engine.read.embedded_values import embedded_in
from adapter.engine.read.reads import Reads
from adapter.mapping.model import Home, Resource


def _waited[**P, T](
    read: Callable[Concatenate[Reads, P], Read[T]],
) -> Callable[Concatenate[Repository, P], T]:
    """A read for callers that wait for what it returns."""

    def wait(repository: Repository, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return repository.session.run(read(repository.reads, *args, **kwargs))

    return wait


class Repository:
    """What one request reads, in terms of the served side; see `Reads`. Not shared between threads."""

    get = _waited(Reads.get)
    related = _waited(Reads.related)
    every = _waited(Reads.every)
    complete = _waited(Reads.complete)
    slots = _waited(Reads.slots)
    by_key = _waited(by_key)

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

    def one(self, name: str, uuid: str) -> Entry | None:
        """The resource with this uuid, or None."""
        return self.get(name, [uuid]).get(uuid)

    def embedded_in(
        self, resource: Resource, home: Home, owner: Entry, *, claimed: bool = False
    ) -> list[Entry]:
        """The resources in a slot of an owner; `claimed` gives those that are objects by now, too."""
        return self.session.run(embedded_in(self.reads, resource, home, [owner], claimed=claimed))

    def alone(self, resource: Resource, home: Home, stored: StoredObject) -> Entry:
        """What an object says by itself, whatever stands where it is mirrored."""
        return self.session.run(hydration.alone(self.reads, resource, home, [stored]))[0]
