"""Plan how a list is answered: from the mappings and the objecttypes of a deployment, asking no register.

A filter is a path from the resource to a value. It is answered from the far end: the registers are asked for
what has the value, and the references are walked back. What they cannot be asked for is tested here, over all
that is left, within the deployment's bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from adapter.engine.entities.stored_object import searchable
from adapter.engine.query.home_searches import HomeSearches
from adapter.engine.query.plan import (
    Attribute,
    ByUuid,
    Matching,
    ObjectPage,
    Plan,
    RecordPage,
    Referred,
    Referring,
    Scan,
    Search,
    Searched,
    Vocabulary,
    Wanted,
    Way,
    WhenClosed,
    scans,
)
from adapter.engine.query.predicates import equivalent_words
from adapter.engine.read.search_paths import absent
from adapter.mapping.model import Home, Mappings, Relation, Resource
from adapter.mapping.numbers import may_be_computed, numbers_of
from adapter.openapi.formats import canonical_uuid

NOBODY = "00000000-0000-0000-0000-000000000000"
NONE: frozenset[str] = frozenset()


class Planner:
    """Makes one plan. With `own`, numbers that are computed do not count.

    `closed` says of vocabularies that were thought of before whether every object has a text of them.
    """

    def __init__(
        self,
        mappings: Mappings,
        types: Collection[str],
        *,
        own: bool = False,
        closed: Mapping[Vocabulary, bool] = MappingProxyType({}),
    ) -> None:
        self.mappings, self.types, self.own, self.closed = mappings, types, own, closed
        self.homes = HomeSearches(mappings, types, closed)

    def plan(self, resource: Resource, wanted: Sequence[Wanted]) -> Plan:
        """How the resources of a list are found of which all this is wanted."""
        plan = self._page(resource, wanted) or self.matching(resource, wanted)
        for vocabulary in self.homes.undecided:
            then, otherwise = (self._after(vocabulary, it).plan(resource, wanted) for it in (True, False))
            return then if then == otherwise else WhenClosed(vocabulary, then, otherwise)
        return plan

    def _after(self, vocabulary: Vocabulary, closed: bool) -> Planner:
        known = {**self.closed, vocabulary: closed}
        return Planner(self.mappings, self.types, own=self.own, closed=known)

    # a page

    def _page(self, resource: Resource, wanted: Sequence[Wanted]) -> Plan | None:
        """What the one collection that the list is can be asked for; None when it is more than one."""
        if len(resource.listed) != 1:
            return None
        home = resource.listed[0]
        if home.kind == "record":
            return self._record_page(resource, home, wanted)
        if home.kind == "object" and not home.mirrors and home.object_type in self.types:
            return self._object_page(resource, home, wanted)
        return None

    def _record_page(self, resource: Resource, home: Home, wanted: Sequence[Wanted]) -> Plan | None:
        found = []
        for each in wanted:
            parameter = self.homes.exact_parameter(home, each)
            if parameter is None or numbers_of(resource, each.path) is not None:
                return None
            found.append(parameter)
        return RecordPage(home.name, tuple(found))

    def _object_page(self, resource: Resource, home: Home, wanted: Sequence[Wanted]) -> Plan | None:
        attributes: list[Attribute] = []
        left, told = [], []
        for each in wanted:
            texts = self._exact_texts(resource, home, each)
            if texts is None:
                left.append(each)
            else:
                told.append(each)
                pair = home.pair_of.get(each.path)
                path = pair.at if pair is not None else each.path
                attributes.append(("__".join(path), "in", "|".join(texts)))
        if not left:
            return ObjectPage(home.name, tuple(attributes))
        if not attributes:
            return None
        # What is found by uuid, or by what it hangs on, is not asked for the rest.
        found = self.matching(resource, left)
        return Matching(found.ways, (*found.tests, *told), (home.object_type, tuple(attributes)))

    def _exact_texts(self, resource: Resource, home: Home, wanted: Wanted) -> list[str] | None:
        """The texts of exactly those objects that are meant; None when no text tells them apart."""
        path, value = wanted.path, wanted.value
        if wanted.operator != "equals" or not isinstance(value, str) or not value:
            return None
        if resource.equivalents or path[0] in resource.relations or path[0] not in resource.members:
            return None
        if numbers_of(resource, path) is not None:
            # no object says which number is computed for it
            return None
        pair = home.pair_of.get(path)
        if pair is not None and pair.total and not pair.instant:
            texts = pair.search(value) or self.homes.named_texts(home, pair, value)
        elif home.pairs or resource.members[path[0]].to or absent(resource, path) == value:
            return None
        else:
            texts = [value]
        return texts if texts and all(isinstance(each, str) and searchable(each) for each in texts) else None

    # what matches

    def matching(self, resource: Resource, wanted: Sequence[Wanted]) -> Matching:
        """All that is meant: by every way that costs no scan; if there is none, by one that does."""
        found = [(each, way) for each in wanted if (way := self.way(resource, each)) is not None]
        asked = [(each, way) for each, way in found if not scans(way)]
        ways: list[tuple[tuple[str, ...], Way]] = [((each.parameter,), way) for each, way in asked]
        if not asked:
            asked = found[:1]
            way = asked[0][1] if asked else Scan(resource.name)
            ways = [(tuple(each.parameter for each in wanted), way)]
        answered = [each for each, _ in asked]
        return Matching(tuple(ways), tuple(each for each in wanted if each not in answered))

    def way(self, resource: Resource, wanted: Wanted, also: frozenset[str] = NONE) -> Way | None:
        """How all that is meant is found from its far end; None when each resource has to be tested.

        `also` names homes that are no part of a list, but can be at the far end of a reference.
        """
        head, rest = wanted.path[0], wanted.path[1:]
        if rest and wanted.operator == "exists" and not wanted.value:
            # no search gives those of which none has it
            return None
        if head == "uuid":
            return ByUuid(resource.name, wanted.value)
        if (relation := resource.relations.get(head)) is not None:
            return self._by_relation(resource, relation, wanted)
        if self._may_be_computed(resource, wanted):
            return None
        member = resource.members.get(head)
        if member is not None and member.to and (rest or wanted.operator != "exists"):
            return self._referring(resource, head, wanted, _named_by(resource, head))
        return self.searched(resource, wanted, also)

    def searched(self, resource: Resource, wanted: Wanted, also: frozenset[str] = NONE) -> Searched | None:
        """The searches for a value of a resource's own; None when the registers cannot be asked."""
        homes = []
        for home in resource.by_precedence:
            if home.unlisted and home.name not in also:
                continue
            found: list[Search] = []
            for word in equivalent_words(resource, wanted.path, wanted.value):
                searches = self.homes.searches(resource, home, wanted, word)
                if searches is None:
                    return None
                found += searches
            homes.append((home.name, tuple(found)))
        return Searched(resource.name, tuple(each for each in homes if each[1]), wanted)

    def _far(self, name: str, wanted: Wanted, also: frozenset[str] = NONE) -> Way:
        return self.way(self.mappings.resources[name], wanted, also) or Scan(name, wanted, also)

    def _referring(
        self, resource: Resource, member: str, wanted: Wanted, embedded: frozenset[str] = NONE
    ) -> Referring:
        """By a reference: to the resource with a uuid, or to those that the rest of the path means."""
        whole, below = self.homes.reads_owners(resource, member), wanted.below()
        if not below.path:
            return Referring(resource.name, member, wanted.value, whole)
        far = self._far(resource.members[member].to, below, embedded)
        return Referring(resource.name, member, far, whole, below if embedded else None)

    def _by_relation(self, resource: Resource, relation: Relation, wanted: Wanted) -> Referred | None:
        below = wanted.below()
        if not below.path and wanted.operator == "exists":
            return None
        far: Way
        if relation.take:
            far = self._referring(self.mappings.resources[relation.resource], relation.take, wanted)
        elif below.path:
            far = self._far(relation.resource, below)
        else:
            far = ByUuid(relation.resource, wanted.value)
        return Referred(resource.name, relation.name, far)

    def _may_be_computed(self, resource: Resource, wanted: Wanted) -> bool:
        """Whether a resource without a number of its own may be what is meant: no register knows."""
        head = resource.members.get(wanted.path[0])
        if head is not None and head.to and wanted.path[1:]:
            return self._may_be_computed(self.mappings.resources[head.to], wanted.below())
        form = None if self.own else numbers_of(resource, wanted.path)
        return form is not None and (wanted.operator != "equals" or may_be_computed(form, wanted.value))


def wanted_of(resource: Resource, filters: Mapping[str, Any]) -> list[Wanted]:
    """What filters ask for, with uuids for URLs; the URL of anything else means nothing that there is."""
    found = []
    for name, value in filters.items():
        each = resource.filters[name]
        if each.by_url:
            value = canonical_uuid(value.rstrip("/").rpartition("/")[2]) or NOBODY
        found.append(Wanted(each.path, each.operator, value, name))
    return found


def _named_by(resource: Resource, member: str) -> frozenset[str]:
    """The embedded homes that old records of this kind name with a reference."""
    return frozenset(
        each.home for home in resource.homes.values() for each in home.known if each.served == (member,)
    )
