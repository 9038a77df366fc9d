"""Answer a list: which resources its filters mean, in order, one page of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, assert_never, cast

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.ordering import newest_first
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.query import plans
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.planner import Planner
from adapter.engine.query.plans import Plan, Wanted, Way
from adapter.engine.query.predicates import meaning
from adapter.engine.query.recheck import Recheck, references
from adapter.engine.query.referrers import Referrers, named_in
from adapter.engine.query.servable import ServableObjects
from adapter.engine.read import hydration
from adapter.engine.read.reach import reach
from adapter.engine.read.reads import Reads
from adapter.engine.read.referring import naming_a_slot
from adapter.errors import NotFound
from adapter.mapping.codecs import moment
from adapter.mapping.model import Resource
from adapter.openapi.formats import canonical_uuid

NOBODY = "00000000-0000-0000-0000-000000000000"
Found = Mapping[str, Entry]
Page = tuple[int, int, list[Entry]]
"""(how many there are, the number of this page, its resources)."""


@dataclass(eq=False)
class Lists:
    """Carries out the plans of one request. With `own`, numbers that are computed do not count."""

    reads: Reads
    _: KW_ONLY
    own: bool = False

    # A page of a plan that was made before, and is exact, needs none of these.

    @cached_property
    def candidates(self) -> Candidates:
        """The searches of the plans."""
        return Candidates(self.reads)

    @cached_property
    def recheck(self) -> Recheck:
        """The tests of the plans."""
        return Recheck(self.reads, self.candidates, own=self.own)

    def _planner(self) -> Planner:
        mappings, types = self.reads.deployment.mappings, self.reads.deployment.types
        return Planner(mappings, types, own=self.own, chosen=self.reads.session.chosen)

    def plan(self, resource: Resource, filters: Mapping[str, Any]) -> Plan:
        """How all that passes every filter is found; worked out once where that is said by names alone."""
        wanted = wanted_of(resource, filters)
        if all(isinstance(each.value, bool) for each in wanted):
            key = ("list", resource.name, self.own, *sorted(self.reads.session.chosen.items()), *wanted)
            return self.reads.deployment.planned(key, lambda: self._planner().plan(resource, wanted))
        return self._planner().plan(resource, wanted)

    def page(self, resource: Resource, plan: Plan, page: int | str, size: int) -> Read[Page]:
        """(how many there are, the number of this page, its resources). NotFound past the last page."""
        match plan:
            case plans.WhenClosed():
                return (yield from self._when_closed(resource, plan, page, size))
            case plans.ExactPage():
                number = 1 if page == "last" else int(page)
                count, entries = yield from self._exact(resource, plan, number, size)
                if page == "last" and count > size:
                    number = -(-count // size)
                    count, entries = yield from self._exact(resource, plan, number, size)
                if not entries and number > 1:
                    raise NotFound("Ongeldige pagina.")
                return count, number, self.reads.keep(entries)
            case plans.Matching():
                paged = yield from self._named(resource, plan, page, size)
                if paged is not None:
                    return paged
                entries = self._in_order(resource, (yield from self._matching(resource, plan)))
                last = max(1, -(-len(entries) // size))
                number = last if page == "last" else int(page)
                if number > last:
                    raise NotFound("Ongeldige pagina.")
                return len(entries), number, entries[(number - 1) * size : number * size]
            case _:
                assert_never(plan)

    def _when_closed(
        self, resource: Resource, plan: plans.WhenClosed, page: int | str, size: int
    ) -> Read[Page]:
        """By the one plan or the other. A page that is exact when no other words occur is not waited for."""
        named, exact = plan.named, isinstance(plan.then, plans.ExactPage)
        asked: list[Read[Any]] = [
            self.reads.session.objects.says_only(named.object_type, named.path, named.texts),
            *([_unless_past(self.page(resource, plan.then, page, size))] if exact else []),
        ]
        closed, *found = yield from gather(asked)
        if not closed or not exact:
            return (yield from self.page(resource, plan.then if closed else plan.otherwise, page, size))
        if found[0] is None:
            raise NotFound("Ongeldige pagina.")
        return cast(Page, found[0])

    def _exact(
        self, resource: Resource, plan: plans.ExactPage, number: int, size: int
    ) -> Read[tuple[int, list[Entry]]]:
        """(how many there are, the resources of a page in their order)."""
        home = resource.homes[plan.home]
        if home.place is None:
            objects = ServableObjects(self.reads, resource, home, _attributes(plan))
            count, entries = yield from objects.page(number, size)
            return count, self._in_order(resource, entries)
        asked, start = [(name, text) for name, (text,) in plan.asked], (number - 1) * size
        tied = home.pair_of[(resource.order,)].at if resource.order else ()
        count, before, rows = yield from self.reads.session.records.page(home.place, asked, start, size, tied)
        entries = yield from hydration.of_records(self.reads, resource, home, rows)
        if not tied:
            return count, self._in_order(resource, entries)
        # The order holds within a page of the register, whichever part of it is asked for.
        parts = groupby(entries, key=lambda each: (start - before + each.position) // RECORDS_PER_PAGE)
        found = [self._in_order(resource, list(part)) for _, part in parts]
        if len(found) == 1:
            return count, found[0][before : before + size]
        shown = [each for part in found for each in part][before : before + size]
        return count, self._in_order(resource, shown)

    def _named(
        self, resource: Resource, plan: plans.Matching, page: int | str, size: int
    ) -> Read[Page | None]:
        """A page of what refers to whoever has a name, when that need not be read whole."""
        named = named_in(self.reads, resource, plan) if plan.ways and page != "last" else None
        if named is None:
            return None
        within = _attributes(plan.within) if plan.within is not None else []
        referrers, number = Referrers(self.reads, resource, named, within), int(page)
        found = yield from referrers.page(self.candidates, self.recheck, number, size)
        if found is None:
            return None
        count, entries = found
        if not entries and number > 1:
            raise NotFound("Ongeldige pagina.")
        return count, number, self._in_order(resource, self.reads.keep(entries))

    def _in_order(self, resource: Resource, entries: list[Entry]) -> list[Entry]:
        """The resources in the order of a list: by the member that the mapping names, the latest first.

        Those that are equal in it go as `newest_first`: a register need promise no order among them (Open
        Klant 1.0 does not).
        """
        if not resource.order:
            return self._unordered(resource, entries)
        latest = {each.uuid: moment(each.values.get(resource.order)) for each in entries}
        found = list(entries)
        if len(set(latest.values())) < len(found):
            found = self._unordered(resource, entries)
            found.sort(key=lambda each: moment(each.created), reverse=True)
        found.sort(key=lambda each: latest[each.uuid], reverse=True)
        return found

    def _unordered(self, resource: Resource, entries: list[Entry]) -> list[Entry]:
        """Resources of which no member says the order: as the register's own list has them, if it has any."""
        home, *others = resource.listed
        collections = self.reads.deployment.mappings.collections
        if others or home.place is None or not collections[home.place].ordered:
            return newest_first(entries)
        known = self.reads.session.records.places(home.place, [each.uuid for each in entries])
        return newest_first(entries) if known is None else sorted(entries, key=lambda it: known[it.uuid])

    # what matches

    def matching(self, resource: Resource, wanted: Sequence[Wanted]) -> Read[list[Entry]]:
        """All resources of which all this is wanted."""
        return self._matching(resource, self._planner().matching(resource, wanted))

    def _matching(self, resource: Resource, plan: plans.Matching) -> Read[list[Entry]]:
        """All resources that every way finds and that pass every test."""
        if plan.within is not None:
            kind = resource.homes[plan.within.home].object_type
            narrower = Lists(Reads(self.reads.session.limited(kind, _attributes(plan.within))), own=self.own)
            entries = yield from narrower._matching(resource, plans.Matching(plan.ways, plan.tests))
            return self.reads.keep(entries)
        found: Found | None = None
        for parameters, way in plan.ways:
            with _asked_by(parameters):
                part = yield from self._found(way)
            found = part if found is None else {uuid: part[uuid] for uuid in found if uuid in part}
            if not found:
                return []
        with _asked_by([each.parameter for each in plan.tests]):
            return (yield from self.among(resource, list((found or {}).values()), plan.tests))

    def means(self, resource: Resource, entry: Entry, filters: Mapping[str, Any]) -> Read[bool]:
        """Whether every filter means a resource, whether a list shows it or not."""
        entries = [entry]
        for each in wanted_of(resource, filters):
            if each.path == ("uuid",):
                entries = entries if entry.uuid == each.value else []
                continue
            with _asked_by([each.parameter]):
                entries = yield from self.recheck.tested(resource, entries, each)
        return bool(entries)

    def among(self, resource: Resource, entries: list[Entry], wanted: Sequence[Wanted]) -> Read[list[Entry]]:
        """Those of these resources that stand in a list and of which all this is wanted."""
        for each in wanted:
            entries = yield from self.recheck.tested(resource, entries, each)
        return [each for each in entries if not each.home.unlisted]

    def _found(self, way: Way) -> Read[Found]:
        """What is found in a way, by uuid."""
        resource = self.reads.resources[way.resource]
        match way:
            case plans.ByUuid(name, uuid):
                return (yield from self.reads.get(name, [uuid]))
            case plans.Searched():
                entries = yield from self.candidates.of(way)
                yield from self.reads.complete(entries, way.wanted.path[0])
                means = meaning(resource, way.wanted, own=self.own)
                entries = [each for each in entries if means(each)]
            case plans.Referring(name, member, far):
                uuids = [far] if isinstance(far, str) else (yield from self._far(way, far))
                entries = yield from self.reads.related(name, member, uuids)
            case plans.Referred(name, relation, far):
                rows = [*(yield from self._found(far)).values()]
                member = resource.relations[relation].member
                yield from reach(self.reads, rows, member)
                return (yield from self.reads.get(name, references(member, rows)))
            case plans.Scan(name, wanted, also):
                entries = yield from self.reads.every(name, also)
                if wanted is not None:
                    entries = yield from self.recheck.tested(resource, entries, wanted)
            case _:
                assert_never(way)
        return {each.uuid: each for each in entries}

    def _far(self, way: plans.Referring, far: Way) -> Read[list[str]]:
        """What is referred to: also embedded values that no list need show, but that are named in one."""
        found = list((yield from self._found(far)))
        if way.embedded is None:
            return found
        resource = self.reads.resources[way.resource]
        naming = yield from naming_a_slot(self.reads, resource, way.member)
        others = set(references(way.member, naming)).difference(found)
        to = resource.members[way.member].to
        return found + sorted((yield from self.recheck.passing(to, others, way.embedded)))


def wanted_of(resource: Resource, filters: Mapping[str, Any]) -> list[Wanted]:
    """What filters ask for, with uuids for URLs; the URL of anything else means nothing that there is."""
    found = []
    for name, value in filters.items():
        each = resource.filters[name]
        if each.by_url:
            value = canonical_uuid(value.rstrip("/").rpartition("/")[2]) or NOBODY
        found.append(Wanted(each.path, each.operator, value, name))
    return found


def _unless_past(read: Read[Page]) -> Read[Page | None]:
    """A page; None past the last one."""
    try:
        return (yield from read)
    except NotFound:
        return None


def _attributes(plan: plans.ExactPage) -> Attributes:
    return [(path, "in", "|".join(texts)) for path, texts in plan.asked]


@contextmanager
def _asked_by(parameters: Sequence[str]) -> Iterator[None]:
    """Within this, too long a scan is said to be that of the filters with these parameters."""
    try:
        yield
    except ScanTooLong as too_long:
        raise ScanTooLong(too_long.bound, parameters, too_long.register) from None
