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
from adapter.engine.query import plans
from adapter.engine.query.home_searches import HomeSearches, absent
from adapter.engine.query.plans import Plan, Search, Wanted, Way
from adapter.engine.query.predicates import equivalent_words
from adapter.mapping.model import Home, Mappings, Relation, Resource
from adapter.mapping.numbers import may_be_computed, numbers_of

NONE: frozenset[str] = frozenset()


class Planner:
    """Makes one plan. With `own`, numbers that are computed do not count.

    `closed` says of vocabularies that were thought of before whether every object has a text of them, and
    `chosen` which settings the client has values of its own of.
    """

    def __init__(
        self,
        mappings: Mappings,
        types: Collection[str],
        *,
        own: bool = False,
        closed: Mapping[plans.InObjects, bool] = MappingProxyType({}),
        listed: bool = False,
        chosen: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.mappings, self.types, self.own, self.closed = mappings, types, own, closed
        self.chosen = chosen
        # Without what is found by way of something else, of which there is no list.
        self.listed = listed or mappings.all_listed
        self.homes = HomeSearches(mappings, types, closed)

    def plan(self, resource: Resource, wanted: Sequence[Wanted]) -> Plan:
        """How the resources of a list are found of which all this is wanted."""
        plan = self._page(resource, wanted) or self.matching(resource, wanted)
        for named in self.homes.undecided:
            then, otherwise = (self._knowing(named, it).plan(resource, wanted) for it in (True, False))
            return then if then == otherwise else plans.WhenClosed(named, then, otherwise)
        return plan

    def _knowing(self, named: plans.InObjects, closed: bool) -> Planner:
        return self._another({**self.closed, named: closed})

    def _another(self, closed: Mapping[plans.InObjects, bool], *, listed: bool = False) -> Planner:
        return Planner(
            self.mappings, self.types, own=self.own, closed=closed, listed=listed, chosen=self.chosen
        )

    def _page(self, resource: Resource, wanted: Sequence[Wanted]) -> Plan | None:
        """A page of the one home that the list is, or what of it is looked at; None when it is not one."""
        if any(self._is_found(resource, home, wanted) for home in resource.found):
            return None
        home, *others = resource.listed
        objects = home.kind == "object" and not home.mirrors and home.object_type in self.types
        records = home.place is not None and self.mappings.collections[home.place].ordered
        if others or not (objects or records):
            return None
        found = [(each, self._exactly(resource, home, each)) for each in wanted]
        asked = tuple(exact for _, exact in found if exact is not None)
        answered = tuple(each for each, exact in found if exact is not None)
        left = [each for each, exact in found if exact is None]
        page = plans.ExactPage(home.name, asked, answered)
        if not left or not (objects and asked):
            return None if left else page
        # What is found by uuid, or by what it hangs on, is not asked for the rest.
        rest = self.matching(resource, left)
        return plans.Matching(rest.ways, (*rest.tests, *answered), page)

    def _is_found(self, resource: Resource, home: Home, wanted: Sequence[Wanted]) -> bool:
        """Whether something of a home that has no list may be among what is wanted."""
        found = []
        for each in wanted:
            member = resource.members.get(each.path[0])
            searches = self.homes.searches(resource, home, each, each.value)
            found.append(bool(member is not None and member.to) or searches)
        return any(found) and () not in found

    def _exactly(self, resource: Resource, home: Home, wanted: Wanted) -> tuple[str, tuple[str, ...]] | None:
        """(parameter or path, texts) that gives exactly what is meant of a home; None when nothing does."""
        path, member = wanted.path, resource.members.get(wanted.path[0])
        pair = home.pair_of.get(path)
        if member is None or wanted.operator != "equals" or resource.equivalents:
            return None
        if numbers_of(resource, path) is not None:
            # no register says which number is computed for what has none
            return None
        if home.pairs and (pair is None or not pair.total):
            return None
        if not home.pairs and (member.to or absent(resource, path) == wanted.value):
            return None
        match self.homes.searches(resource, home, wanted, wanted.value):
            case (plans.InRecords(parameter=name, texts=(text,)),):
                return name, (text,)
            case (plans.InObjects(path=name, operator="in", texts=texts),) if texts:
                return (name, texts) if all(map(searchable, texts)) else None
        return None

    # what matches

    def matching(self, resource: Resource, wanted: Sequence[Wanted]) -> plans.Matching:
        """All that is meant: by every way that costs no scan; if there is none, by one that does."""
        found = [(each, way) for each in wanted if (way := self.way(resource, each)) is not None]
        asked = [(each, way) for each, way in found if not plans.scans(way)]
        ways: list[tuple[tuple[str, ...], Way]] = [((each.parameter,), way) for each, way in asked]
        if not asked and not self.listed:
            # What has no list is left out where nothing says by way of what it is found.
            return self._another(self.closed, listed=True).matching(resource, wanted)
        if not asked:
            narrower = ((each, self._narrower(resource, way, each.parameter)) for each, way in found)
            asked = [it for it, one in zip(narrower, found, strict=True) if it != one][:1] or found[:1]
            way = asked[0][1] if asked else plans.Scan(resource.name)
            ways = [(tuple(each.parameter for each in wanted), way)]
        answered = [each for each, _ in asked]
        return plans.Matching(tuple(ways), tuple(each for each in wanted if each not in answered))

    def _narrower(self, resource: Resource, way: Way, parameter: str) -> Way:
        """A way without the homes in which this filter does not look for this client."""
        if not isinstance(way, plans.Searched):
            return way
        homes = (each for each in way.homes if not self._passes(resource.homes[each[0]], parameter))
        return plans.Searched(way.resource, tuple(homes), way.wanted)

    def _passes(self, home: Home, parameter: str) -> bool:
        setting, value = home.passed_over.get(parameter, ("", False))
        return self.chosen.get(setting, value) is True

    def way(self, resource: Resource, wanted: Wanted, also: frozenset[str] = NONE) -> Way | None:
        """How all that is meant is found from its far end; None when each resource has to be tested.

        `also` names homes that are no part of a list, but can be at the far end of a reference.
        """
        head, rest = wanted.path[0], wanted.path[1:]
        if rest and wanted.operator == "exists" and not wanted.value:
            # no search gives those of which none has it
            return None
        if head == "uuid":
            return plans.ByUuid(resource.name, wanted.value)
        if (relation := resource.relations.get(head)) is not None:
            return self._by_relation(resource, relation, wanted)
        if self._may_be_computed(resource, wanted):
            return None
        member = resource.members.get(head)
        if member is not None and member.tested and rest:
            return None
        if member is not None and member.to and (rest or wanted.operator != "exists"):
            return self._referring(resource, head, wanted, _named_by(resource, head))
        return self.searched(resource, wanted, also)

    def searched(
        self, resource: Resource, wanted: Wanted, also: frozenset[str] = NONE
    ) -> plans.Searched | None:
        """The searches for a value of a resource's own; None when the registers cannot be asked."""
        homes = []
        for home in resource.by_precedence:
            if (home.unlisted and home.name not in also) or (home.found_by and self.listed):
                continue
            found: list[Search] = []
            for word in equivalent_words(resource, wanted.path, wanted.value):
                searches = self.homes.searches(resource, home, wanted, word)
                if searches is None:
                    return None
                found += searches
            homes.append((home.name, tuple(found)))
        return plans.Searched(resource.name, tuple(each for each in homes if each[1]), wanted)

    def _far(self, name: str, wanted: Wanted, also: frozenset[str] = NONE) -> Way:
        return self.way(self.mappings.resources[name], wanted, also) or plans.Scan(name, wanted, also)

    def _referring(
        self, resource: Resource, member: str, wanted: Wanted, embedded: frozenset[str] = NONE
    ) -> plans.Referring:
        """By a reference: to the resource with a uuid, or to those that the rest of the path means."""
        whole, below = self.homes.reads_owners(resource, member), wanted.below()
        if not below.path:
            return plans.Referring(resource.name, member, wanted.value, whole)
        far = self._far(resource.members[member].to, below, embedded)
        return plans.Referring(resource.name, member, far, whole, below if embedded else None)

    def _by_relation(self, resource: Resource, relation: Relation, wanted: Wanted) -> plans.Referred | None:
        below = wanted.below()
        if not below.path and wanted.operator == "exists":
            return None
        far: Way
        if relation.take:
            far = self._referring(self.mappings.resources[relation.resource], relation.take, wanted)
        elif below.path:
            far = self._far(relation.resource, below)
        else:
            far = plans.ByUuid(relation.resource, wanted.value)
        return plans.Referred(resource.name, relation.name, far)

    def _may_be_computed(self, resource: Resource, wanted: Wanted) -> bool:
        """Whether a resource without a number of its own may be what is meant: no register knows."""
        head = resource.members.get(wanted.path[0])
        if head is not None and head.to and wanted.path[1:]:
            return self._may_be_computed(self.mappings.resources[head.to], wanted.below())
        form = None if self.own else numbers_of(resource, wanted.path)
        return form is not None and (wanted.operator != "equals" or may_be_computed(form, wanted.value))


def _named_by(resource: Resource, member: str) -> frozenset[str]:
    """The embedded homes that old records of this kind name with a reference."""
    return frozenset(
        each.home for home in resource.homes.values() for each in home.known if each.served == (member,)
    )
