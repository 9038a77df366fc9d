"""Test resources: those of some that have been read that a filter means, seen from the resource itself."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.scheduler import Read
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.plans import Wanted
from adapter.engine.query.predicates import meaning
from adapter.engine.read.reads import Reads
from adapter.mapping.model import Relation, Resource
from adapter.mapping.numbers import computed, numbers_of


class Recheck:
    """The tests of one request. With `own`, numbers that are computed do not count."""

    def __init__(self, reads: Reads, candidates: Candidates, *, own: bool) -> None:
        self.reads, self.candidates, self.own = reads, candidates, own

    def tested(self, resource: Resource, entries: list[Entry], wanted: Wanted) -> Read[list[Entry]]:
        """Those of `entries` that a filter means, seen from the resource itself."""
        head, below = wanted.path[0], wanted.below()
        exists = wanted.operator == "exists"
        if below.path and exists and not wanted.value:
            # that none of several has it, those without any included
            found = yield from self.tested(resource, entries, wanted._replace(value=True))
            having = {each.uuid for each in found}
            return [each for each in entries if each.uuid not in having]
        relation = resource.relations.get(head)
        if relation is not None:
            return (yield from self._tested_relation(relation, entries, below))
        member = resource.members.get(head)
        if member is not None and member.to and not exists:
            return (yield from self._leading(member.to, head, entries, below))
        yield from self.reads.complete(entries, head)
        means = meaning(resource, wanted, own=self.own)
        return [each for each in entries if means(each)]

    def _leading(self, to: str, member: str, entries: list[Entry], below: Wanted) -> Read[list[Entry]]:
        """Those whose reference leads to what is wanted: what has the uuid, or what the rest means."""
        far = {below.value}
        if below.path:
            far = yield from self.passing(to, references(member, entries), below)
        return [each for each in entries if far.intersection(each.references(member))]

    def _tested_relation(self, relation: Relation, entries: list[Entry], below: Wanted) -> Read[list[Entry]]:
        other, exists = self.reads.resources[relation.resource], below.operator == "exists"
        rows = yield from self.reads.related(other.name, relation.member, [each.uuid for each in entries])
        if relation.take:
            rows = yield from self._leading(other.members[relation.take].to, relation.take, rows, below)
        elif below.path:
            rows = yield from self.tested(other, rows, below)
        elif not exists:
            rows = [each for each in rows if each.uuid == below.value]
        referred = {uuid for each in rows for uuid in each.references(relation.member)}
        meant = below.value if exists and not below.path else True
        return [each for each in entries if (each.uuid in referred) is meant]

    def passing(self, name: str, uuids: Iterable[str], wanted: Wanted) -> Read[set[str]]:
        """Those of the resources with these uuids that a filter means."""
        resource = self.reads.resources[name]
        perhaps = yield from self._numbered(resource, uuids, wanted)
        entries = yield from self.reads.get(name, perhaps)
        return {each.uuid for each in (yield from self.tested(resource, [*entries.values()], wanted))}

    def _numbered(self, resource: Resource, uuids: Iterable[str], wanted: Wanted) -> Read[Iterable[str]]:
        """Of resources that have numbers, those that can have this one: no other has to be read."""
        form = None if self.own or wanted.operator != "equals" else numbers_of(resource, wanted.path)
        known = (yield from self.candidates.perhaps(resource, wanted)) if form else None
        if form is None or known is None:
            return uuids
        having = {each.uuid for each in known}
        return [uuid for uuid in uuids if uuid in having or computed(form, uuid) == wanted.value]


def references(member: str, entries: Iterable[Entry]) -> list[str]:
    """The uuids that these resources refer to with a member."""
    return [uuid for each in entries for uuid in each.references(member)]
