"""What the parts of reading need of the whole: to find other resources than their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from adapter.engine.deployment import Deployment
from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.scheduler import Read
from adapter.engine.gateway.session import Session
from adapter.mapping.model import Home, Mappings, Resource


class Resources(Protocol):
    """The resources of one request, found by uuid, by what they refer to, or all; see `Reads`."""

    session: Session
    deployment: Deployment
    mappings: Mappings
    resources: Mapping[str, Resource]

    def get(self, name: str, uuids: Iterable[str]) -> Read[dict[str, Entry]]: ...
    def related(self, name: str, member: str, uuids: Iterable[str]) -> Read[list[Entry]]: ...
    def slots(self, resource: Resource, home: Home, owners: Iterable[Entry]) -> Read[list[Entry]]: ...
    def every(self, name: str) -> Read[list[Entry]]: ...
    def slot_of(self, name: str, home_name: str, owner: Entry) -> Read[str | None]: ...
