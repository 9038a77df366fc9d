"""Carry out the searches of a plan: a superset of the resources with a value, as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, once
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.query import plans
from adapter.engine.query.planner import Planner
from adapter.engine.query.plans import Search, Wanted
from adapter.engine.read import hydration
from adapter.engine.read.reads import Reads
from adapter.engine.read.referring import owners_at
from adapter.mapping.model import Home, Resource


class Candidates:
    """The searches of one request."""

    def __init__(self, reads: Reads) -> None:
        self.reads, self.session = reads, reads.session

    def perhaps(self, resource: Resource, wanted: Wanted) -> Read[list[Entry] | None]:
        """Resources among which all with a value of their own are; None when no register can be asked."""
        deployment = self.reads.deployment
        way = Planner(deployment.mappings, deployment.types).searched(resource, wanted)
        return None if way is None else (yield from self.of(way))

    def of(self, way: plans.Searched) -> Read[list[Entry]]:
        """Resources among which all are that are wanted; all registers are asked side by side."""
        resource = self.reads.resources[way.resource]
        homes = yield from gather(
            self._in(resource, resource.homes[name], searches) for name, searches in way.homes
        )
        found: dict[str, Entry] = {}
        for each in (each for entries in homes for each in entries):
            found.setdefault(each.uuid, each)
        return self.reads.keep(found.values())

    def _in(self, resource: Resource, home: Home, searches: Sequence[Search]) -> Read[list[Entry]]:
        """What the searches in one home give, read together."""
        found: list[list[Any]] = yield from gather(self._found(resource, home, each) for each in searches)
        rows = [row for each in found for row in each]
        if home.kind == "record":
            unique = {row["url"]: row for row in rows}
            return (yield from hydration.of_records(self.reads, resource, home, list(unique.values())))
        if home.kind == "object":
            return (yield from hydration.of_objects(self.reads, resource, home, once(rows)))
        owners = {each.uuid: each for each in rows}
        if home.owner is not None and home.owner[1] == "self":
            # an object that is mirrored there may have got its value from a register client
            return (yield from self.reads.related(resource.name, home.owner[0], owners))
        return (yield from self.reads.slots(resource, home, owners.values()))

    def _found(self, resource: Resource, home: Home, search: Search) -> Read[list[Any]]:
        """The records, objects or owners that a search gives, as is the kind of the home."""
        objects = self.session.objects
        match search:
            case plans.InRecords():
                return self.session.records.where(search.place, search.parameter, search.texts)
            case plans.InSidecars():
                return self._with_sidecar(resource, home, search)
            case plans.InObjects():
                return objects.found(search.object_type, search.path, search.texts, search.operator)
            case plans.InDays():
                return objects.limited(search.object_type, search.between).all(search.object_type)
            case plans.InOwners():
                return owners_at(self.reads, home, search.at, search.texts, search.operator)
            case _:
                assert_never(search)

    def _with_sidecar(self, resource: Resource, home: Home, search: plans.InSidecars) -> Read[list[Record]]:
        assert home.place is not None
        found = yield from self.session.objects.found(SUPPLEMENT, _in_sidecar(search), [search.text])
        uuids = [notes.record for each in found if (notes := Annotations(each.data)).kind == resource.name]
        return list((yield from self.session.records.get(home.place, uuids)).values())


def _in_sidecar(search: plans.InSidecars) -> str:
    return "__".join((SEARCH, *search.path))
