"""Test resources: those of some that have been read that a filter means, seen from the resource itself."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.engine.entities.entry import Entry
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.plans import Wanted
from adapter.engine.query.predicates import meaning
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Relation, Resource
from adapter.mapping.numbers import computed, numbers_of


class Recheck:
    """The tests of one request. With `own`, numbers that are computed do not count."""

    def __init__(self, repository: Repository, candidates: Candidates, *, own: bool) -> None:
        self.repository, self.candidates, self.own = repository, candidates, own

    def tested(self, resource: Resource, entries: list[Entry], wanted: Wanted) -> list[Entry]:
        """Those of `entries` that a filter means, seen from the resource itself."""
        head, below = wanted.path[0], wanted.below()
        exists = wanted.operator == "exists"
        if below.path and exists and not wanted.value:
            # that none of several has it, those without any included
            having = {each.uuid for each in self.tested(resource, entries, wanted._replace(value=True))}
            return [each for each in entries if each.uuid not in having]
        relation = resource.relations.get(head)
        if relation is not None:
            return self._tested_relation(relation, entries, below)
        member = resource.members.get(head)
        if member is not None and member.to and not exists:
            return self._leading(member.to, head, entries, below)
        self.repository.complete(entries)
        means = meaning(resource, wanted, own=self.own)
        return [each for each in entries if means(each)]

    def _leading(self, to: str, member: str, entries: list[Entry], below: Wanted) -> list[Entry]:
        """Those whose reference leads to what is wanted: what has the uuid, or what the rest means."""
        far = self.passing(to, references(member, entries), below) if below.path else {below.value}
        return [each for each in entries if far.intersection(each.references(member))]

    def _tested_relation(self, relation: Relation, entries: list[Entry], below: Wanted) -> list[Entry]:
        other, exists = self.repository.resource(relation.resource), below.operator == "exists"
        rows = self.repository.related(other.name, relation.member, [each.uuid for each in entries])
        if relation.take:
            rows = self._leading(other.members[relation.take].to, relation.take, rows, below)
        elif below.path:
            rows = self.tested(other, rows, below)
        elif not exists:
            rows = [each for each in rows if each.uuid == below.value]
        referred = {uuid for each in rows for uuid in each.references(relation.member)}
        meant = below.value if exists and not below.path else True
        return [each for each in entries if (each.uuid in referred) is meant]

    def passing(self, name: str, uuids: Iterable[str], wanted: Wanted) -> set[str]:
        """Those of the resources with these uuids that a filter means."""
        resource = self.repository.resource(name)
        entries = self.repository.get(name, self._numbered(resource, uuids, wanted)).values()
        return {each.uuid for each in self.tested(resource, list(entries), wanted)}

    def _numbered(self, resource: Resource, uuids: Iterable[str], wanted: Wanted) -> Iterable[str]:
        """Of resources that have numbers, those that can have this one: no other has to be read."""
        form = None if self.own or wanted.operator != "equals" else numbers_of(resource, wanted.path)
        known = self.candidates.perhaps(resource, wanted) if form else None
        if form is None or known is None:
            return uuids
        having = {each.uuid for each in known}
        return [uuid for uuid in uuids if uuid in having or computed(form, uuid) == wanted.value]


def references(member: str, entries: Iterable[Entry]) -> list[str]:
    """The uuids that these resources refer to with a member."""
    return [uuid for each in entries for uuid in each.references(member)]
