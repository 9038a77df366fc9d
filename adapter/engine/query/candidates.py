"""Carry out the searches of a plan: a superset of the resources with a value, as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, StoredObject, once
from adapter.engine.gateway.records import Job
from adapter.engine.query import plans
from adapter.engine.query.planner import Planner
from adapter.engine.query.plans import Search, Wanted
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Home, Resource


class Candidates:
    """The searches of one request."""

    def __init__(self, repository: Repository) -> None:
        self.repository, self.session = repository, repository.session

    def perhaps(self, resource: Resource, wanted: Wanted) -> list[Entry] | None:
        """Resources among which all with a value of their own are; None when no register can be asked."""
        deployment = self.repository.deployment
        way = Planner(deployment.mappings, deployment.types).searched(resource, wanted)
        return None if way is None else self.of(way)

    def of(self, way: plans.Searched) -> list[Entry]:
        """Resources among which all are that are wanted; all registers are asked side by side."""
        resource = self.repository.resource(way.resource)
        homes = [(resource.homes[name], searches) for name, searches in way.homes]
        self.session.run([job for home, each in homes for one in each for job in self._jobs(home, one)])
        found: dict[str, Entry] = {}
        for home, searches in homes:
            for each in self._in(resource, home, searches):
                found.setdefault(each.uuid, each)
        return self.repository.keep(found.values())

    def _jobs(self, home: Home, search: Search) -> list[Job]:
        """The first calls of a search, as far as they are clear."""
        objects = self.session.objects
        match search:
            case plans.InRecords():
                return self.session.records.where_jobs(search.place, search.parameter, search.texts)
            case plans.InSidecars():
                return objects.found_jobs(SUPPLEMENT, _in_sidecar(search), [search.text])
            case plans.InObjects():
                return objects.found_jobs(search.object_type, search.path, search.texts, search.operator)
            case plans.InDays():
                return []
            case plans.InOwners():
                return self.repository.owners.jobs_at(home, search.at, list(search.texts), search.operator)
            case _:
                assert_never(search)

    def _in(self, resource: Resource, home: Home, searches: Sequence[Search]) -> list[Entry]:
        """What the searches in one home give, read together."""
        rows: list[Record] = []
        stored: list[StoredObject] = []
        owners: list[Entry] = []
        objects = self.session.objects
        for each in searches:
            match each:
                case plans.InRecords():
                    rows += self.session.records.where(each.place, each.parameter, each.texts)
                case plans.InSidecars():
                    rows += self._with_sidecar(resource, home, each)
                case plans.InObjects():
                    stored += objects.found(each.object_type, each.path, each.texts, each.operator)
                case plans.InDays():
                    limited = objects.limited(each.object_type, list(each.between))
                    stored += limited.all(each.object_type)
                case plans.InOwners():
                    owners += self.repository.owners.at(home, each.at, list(each.texts), each.operator)
                case _:
                    assert_never(each)
        hydration = self.repository.hydration
        if home.kind == "record":
            return hydration.records(resource, home, list({row["url"]: row for row in rows}.values()))
        if home.kind == "object":
            return hydration.objects(resource, home, once(stored))
        return self._embedded(resource, home, list({each.uuid: each for each in owners}.values()))

    def _with_sidecar(self, resource: Resource, home: Home, search: plans.InSidecars) -> list[Record]:
        assert home.place is not None
        found = self.session.objects.found(SUPPLEMENT, _in_sidecar(search), [search.text])
        uuids = [notes.record for each in found if (notes := Annotations(each.data)).kind == resource.name]
        return list(self.session.records.get(home.place, uuids).values())

    def _embedded(self, resource: Resource, home: Home, owners: list[Entry]) -> list[Entry]:
        if home.owner is not None and home.owner[1] == "self":
            # an object that is mirrored there may have got its value from an old client
            return self.repository.related(resource.name, home.owner[0], [each.uuid for each in owners])
        return self.repository.slots(resource, home, owners)


def _in_sidecar(search: plans.InSidecars) -> str:
    return "__".join((SEARCH, *search.path))
