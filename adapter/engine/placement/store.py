"""Put a served resource into its home, change it there, take it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import supplement_uuid
from adapter.engine.placement.echo_records import EchoRecords
from adapter.engine.placement.embedded_home import EmbeddedHome
from adapter.engine.placement.object_home import ObjectHome, own_objects
from adapter.engine.placement.projections import Projections
from adapter.engine.placement.register_records import New, RegisterRecords
from adapter.engine.placement.release import Release
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Plan
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.errors import Invalid, Problem

Values = dict[str, Any]


class Store:
    """Stores the resources of one request."""

    def __init__(self, repository: Repository, unit: UnitOfWork) -> None:
        self.repository, self.unit = repository, unit
        self.records = RegisterRecords(repository, unit)
        echoes, projections = EchoRecords(self.records, unit), Projections(repository)
        self.objects = ObjectHome(repository, unit, echoes, projections)
        self.embedded = EmbeddedHome(repository, unit, self.objects)
        self.releases = Release(self.embedded)

    def creating(self, new: New) -> Plan:
        """Store a new resource in the first home that takes it; its uuid there."""
        gathers = self.repository.deployment.gathers
        gathered = gathers is not None and new.resource.name in gathers.resources
        homes = [own_objects(new.resource)] if gathered else [*new.resource.homes.values()]
        for home in homes:
            if home.kind == "inside" or home.read_only or not self.records.takes(home, new.intended):
                continue
            if home.made_of and home.made_of.of(new.body) is None:
                continue
            try:
                made = self.records if home.kind == "record" else self.objects
                return (yield from made.creating(home, new))
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
        entry = self._written(entry)
        if entry.home.kind == "object":
            self.objects.update(entry, intended, aside)
        elif entry.home.kind == "inside":
            self.embedded.update(entry, intended)
        elif not (self.records.can_follow(entry, intended) and self._followed(entry, intended, aside)):
            self.objects.become(entry, intended)
            self.records.delete(entry)

    def _followed(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> bool:
        """Whether the register takes the change of a record; what it refuses becomes an object."""
        try:
            self.records.update(entry, intended, aside)
        except Refused as refused:
            assert entry.home.place is not None
            if refused.register != entry.home.place.register or len(entry.resource.homes) == 1:
                raise
            self.repository.deployment.count(f"refused.{refused.register}.{entry.resource.name}")
            return False
        return True

    def delete(self, entry: Entry, going: Collection[str] = (), *, record_goes: bool = False) -> None:
        """Take a resource out of its home; `going` are the uuids of all that goes with it.

        With `record_goes` the register drops its record by itself, together with another.
        """
        self.releases.delete(entry, going)
        entry = self._written(entry)
        if entry.home.kind == "object":
            self.objects.delete(entry)
        elif entry.home.kind == "inside":
            self.embedded.delete(entry)
        else:
            self.records.delete(entry, record_goes=record_goes)

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
