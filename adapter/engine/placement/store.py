"""Put a served resource into its home, change it there, take it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import supplement_uuid
from adapter.engine.placement.echo_records import EchoRecords
from adapter.engine.placement.embedded_home import EmbeddedHome
from adapter.engine.placement.object_home import ObjectHome, own_objects
from adapter.engine.placement.record_home import RecordHome
from adapter.engine.placement.register_records import New, RegisterRecords
from adapter.engine.placement.release import Release
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Plan
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.errors import Forbidden, Invalid, Problem
from adapter.mapping.model import Home, Resource

Values = dict[str, Any]


class Written(Protocol):
    """What can be done with the resources of one kind of home."""

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a resource read as intended; `aside` are values of its other variants."""

    def delete(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Take a resource out; with `record_goes` the register drops its record by itself."""


class Store:
    """Stores the resources of one request."""

    def __init__(self, repository: Repository, unit: UnitOfWork) -> None:
        self.repository, self.unit = repository, unit
        self.records = RegisterRecords(repository, unit)
        self.objects = ObjectHome(repository, unit, EchoRecords(self.records, unit))
        self.embedded = EmbeddedHome(self.objects)
        self.releases = Release(self.embedded)
        record_home = RecordHome(self.records, self.objects)
        self._new: dict[str, RecordHome | ObjectHome] = {"record": record_home, "object": self.objects}
        self._homes: dict[str, Written] = {**self._new, "inside": self.embedded}

    def creating(self, new: New) -> Plan:
        """Store a new resource in the first home that takes it; its uuid there. Raises Forbidden."""
        homes = self._homes_of(new.resource)
        for home in homes:
            if home.kind == "inside" or home.read_only or not self.records.takes(home, new.intended):
                continue
            if home.made_of and home.made_of.of(new.body) is None:
                continue
            if home.refuses_new:
                raise Forbidden(home.refuses_new)
            try:
                return (yield from self._new[home.kind].creating(home, new))
            except Refused as refused:
                if home.made_of:
                    reason = home.made_of.refused
                    raise Invalid([Problem(home.made_of.relation, "not-in-register", reason)]) from None
                if len(homes) == 1:
                    raise
                self.repository.deployment.count(f"refused.{refused.register}.{new.resource.name}")
        raise LookupError(f"no home takes {new.resource.name}")

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a resource read as intended, in its home or, where that cannot be, as an object."""
        self.releases.change(entry, intended)
        self._homes[entry.home.kind].update(self._written(entry), intended, aside)

    def delete(self, entry: Entry, going: Collection[str] = (), *, record_goes: bool = False) -> None:
        """Take a resource out of its home; `going` are the uuids of all that goes with it."""
        self.releases.delete(entry, going)
        self._homes[entry.home.kind].delete(self._written(entry), record_goes=record_goes)

    def _homes_of(self, resource: Resource) -> Collection[Home]:
        gathers = self.repository.deployment.gathers
        if gathers is not None and resource.name in gathers.resources:
            return [own_objects(resource)]
        return resource.homes.values()

    def _written(self, entry: Entry) -> Entry:
        """A resource as it was read, with its record and object as this request has written them since.

        A record in which values of others stood remembers which of them have left it.
        """
        home, session = entry.home, self.unit.session
        if home.kind == "inside":
            return entry
        own = entry.uuid if home.place is None else supplement_uuid(home.place, entry.uuid)
        stored = session.run(session.objects.get(session.objects.read([own]))).get(own)
        records = session.run(session.records.get(home.place, [entry.uuid])) if home.place else {}
        record = records.get(entry.uuid)
        data = stored.data if stored is not None and home.place is None else record
        return replace(entry, stored=stored, record=data or entry.record)
