"""Test resources: those of some that have been read that a filter means, seen from the resource itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.query.predicates import meaning
from adapter.engine.query.search import Search
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Operator, Relation, Resource
from adapter.mapping.numbers import computed, numbers_of
from adapter.mapping.paths import Path


class Recheck:
    """The tests of one request. With `own`, numbers that are computed do not count."""

    def __init__(self, repository: Repository, search: Search, *, own: bool) -> None:
        self.repository, self.search, self.own = repository, search, own

    def tested(
        self, resource: Resource, entries: list[Entry], path: Path, operator: Operator, value: Any
    ) -> list[Entry]:
        """Those of `entries` that a filter means, seen from the resource itself."""
        head, rest = path[0], path[1:]
        if rest and operator == "exists" and not value:
            # that none of several has it, those without any included
            having = {each.uuid for each in self.tested(resource, entries, path, operator, True)}
            return [each for each in entries if each.uuid not in having]
        relation = resource.relations.get(head)
        member = resource.members.get(head)
        if relation is not None:
            return self._tested_relation(relation, entries, rest, operator, value)
        if member is not None and member.to and operator != "exists":
            far = (
                {value}
                if not rest
                else self.passing(member.to, references(head, entries), rest, operator, value)
            )
            return [each for each in entries if far.intersection(each.references(head))]
        self.repository.complete(entries)
        means = meaning(resource, path, operator, value, own=self.own)
        return [each for each in entries if means(each)]

    def _tested_relation(
        self, relation: Relation, entries: list[Entry], rest: Path, operator: Operator, value: Any
    ) -> list[Entry]:
        other = self.repository.resource(relation.resource)
        rows = self.repository.related(other.name, relation.member, [each.uuid for each in entries])
        if relation.take:
            to = other.members[relation.take].to
            far = (
                {value}
                if not rest
                else self.passing(to, references(relation.take, rows), rest, operator, value)
            )
            rows = [each for each in rows if far.intersection(each.references(relation.take))]
        elif rest:
            rows = self.tested(other, rows, rest, operator, value)
        elif operator != "exists":
            rows = [each for each in rows if each.uuid == value]
        referred = {uuid for each in rows for uuid in each.references(relation.member)}
        wanted = value if operator == "exists" and not rest else True
        return [each for each in entries if (each.uuid in referred) is wanted]

    def passing(
        self, name: str, uuids: Iterable[str], path: Path, operator: Operator, value: Any
    ) -> set[str]:
        """Those of the resources with these uuids that the rest of a filter means."""
        resource = self.repository.resource(name)
        wanted = self._numbered(resource, uuids, path, operator, value)
        entries = list(self.repository.get(name, wanted).values())
        return {each.uuid for each in self.tested(resource, entries, path, operator, value)}

    def _numbered(
        self, resource: Resource, uuids: Iterable[str], path: Path, operator: Operator, value: Any
    ) -> Iterable[str]:
        """Of resources that have numbers, those that can have this one: no other has to be read."""
        form = None if self.own or operator != "equals" else numbers_of(resource, path)
        known = self.search.candidates(resource.name, path, value, operator) if form else None
        if form is None or known is None:
            return uuids
        having = {each.uuid for each in known}
        return [uuid for uuid in uuids if uuid in having or computed(form, uuid) == value]


def references(member: str, entries: Iterable[Entry]) -> list[str]:
    """The uuids that these resources refer to with a member."""
    return [uuid for each in entries for uuid in each.references(member)]
