"""Answer a list: which resources its filters mean, in order, one page of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, assert_never

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.ordering import in_order
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.query import plans
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.planner import Planner, wanted_of
from adapter.engine.query.plans import Plan, Wanted, Way
from adapter.engine.query.predicates import meaning
from adapter.engine.query.recheck import Recheck, references
from adapter.engine.query.servable import ServableObjects
from adapter.engine.read import embedded_references
from adapter.engine.read.repository import Repository
from adapter.errors import NotFound
from adapter.mapping.model import Relation, Resource
from adapter.mapping.paths import get

Found = Mapping[str, Entry]


class Lists:
    """Carries out the plans of one request. With `own`, numbers that are computed do not count."""

    def __init__(self, repository: Repository, *, own: bool = False) -> None:
        self.repository, self.own = repository, own
        self.candidates = Candidates(repository)
        self.recheck = Recheck(repository, self.candidates, own=own)

    def page(
        self, resource: Resource, filters: Mapping[str, Any], page: int | str, size: int
    ) -> tuple[int, int, list[Entry]]:
        """(how many there are, the number of this page, its resources). NotFound past the last page."""
        return self._page(resource, self.plan(resource, wanted_of(resource, filters)), page, size)

    def plan(self, resource: Resource, wanted: Sequence[Wanted]) -> Plan:
        """How all that is wanted is found; worked out once where that is said by names alone."""
        deployment = self.repository.deployment
        planner = Planner(deployment.mappings, deployment.types, own=self.own)
        if all(isinstance(each.value, bool) for each in wanted):
            key = ("list", resource.name, self.own, *wanted)
            return deployment.planned(key, lambda: planner.plan(resource, wanted))
        return planner.plan(resource, wanted)

    def _page(
        self, resource: Resource, plan: Plan, page: int | str, size: int
    ) -> tuple[int, int, list[Entry]]:
        match plan:
            case plans.WhenClosed():
                return self._page(resource, self._decided(plan), page, size)
            case plans.ExactPage():
                number = 1 if page == "last" else int(page)
                count, entries = self._exact(resource, plan, number, size)
                if page == "last" and count > size:
                    number = -(-count // size)
                    count, entries = self._exact(resource, plan, number, size)
                if not entries and number > 1:
                    raise NotFound("Ongeldige pagina.")
                return count, number, self._in_order(resource, self.repository.keep(entries))
            case plans.Matching():
                entries = self._in_order(resource, self._matching(resource, plan))
                last = max(1, -(-len(entries) // size))
                number = last if page == "last" else int(page)
                if number > last:
                    raise NotFound("Ongeldige pagina.")
                return len(entries), number, entries[(number - 1) * size : number * size]
            case _:
                assert_never(plan)

    def _decided(self, plan: plans.WhenClosed) -> Plan:
        """The plan that holds for the words that occur: they are counted."""
        named, session = plan.named, self.repository.session
        closed = session.run(session.objects.says_only(named.object_type, named.path, named.texts))
        return plan.then if closed else plan.otherwise

    def _exact(
        self, resource: Resource, plan: plans.ExactPage, number: int, size: int
    ) -> tuple[int, list[Entry]]:
        home = resource.homes[plan.home]
        if home.place is None:
            return ServableObjects(self.repository, resource, home, _attributes(plan)).page(number, size)
        parameters = [(name, text) for name, (text,) in plan.asked]
        session = self.repository.session
        read = session.records.page(home.place, parameters, (number - 1) * size, size)
        count, rows = session.run(read)
        return count, self.repository.of_records(resource, home, rows)

    def _in_order(self, resource: Resource, entries: list[Entry]) -> list[Entry]:
        """As the list has them: what lives in one collection of a register as that has it."""
        home, places = resource.listed[0], None
        if len(resource.listed) == 1 and home.place is not None:
            uuids = [each.uuid for each in entries]
            places = self.repository.session.records.places(home.place, uuids)
        return in_order(resource, entries, places)

    # what matches

    def matching(self, resource: Resource, wanted: Sequence[Wanted]) -> list[Entry]:
        """All resources of which all this is wanted."""
        deployment = self.repository.deployment
        planner = Planner(deployment.mappings, deployment.types, own=self.own)
        return self._matching(resource, planner.matching(resource, wanted))

    def _matching(self, resource: Resource, plan: plans.Matching) -> list[Entry]:
        """All resources that every way finds and that pass every test."""
        if plan.within is not None:
            kind = resource.homes[plan.within.home].object_type
            session = self.repository.session.limited(kind, _attributes(plan.within))
            narrower = Lists(Repository(session), own=self.own)
            return self.repository.keep(narrower._matching(resource, plans.Matching(plan.ways, plan.tests)))
        found: Found | None = None
        for parameters, way in plan.ways:
            with _asked_by(parameters):
                part = self._found(way)
            found = part if found is None else {uuid: part[uuid] for uuid in found if uuid in part}
            if not found:
                return []
        with _asked_by([each.parameter for each in plan.tests]):
            return self.among(resource, list((found or {}).values()), plan.tests)

    def means(self, resource: Resource, entry: Entry, filters: Mapping[str, Any]) -> bool:
        """Whether every filter means a resource, whether a list shows it or not."""
        entries = [entry]
        for each in wanted_of(resource, filters):
            if each.path == ("uuid",):
                entries = entries if entry.uuid == each.value else []
                continue
            with _asked_by([each.parameter]):
                entries = self.recheck.tested(resource, entries, each)
        return bool(entries)

    def among(self, resource: Resource, entries: list[Entry], wanted: Sequence[Wanted]) -> list[Entry]:
        """Those of these resources that stand in a list and of which all this is wanted."""
        for each in wanted:
            entries = self.recheck.tested(resource, entries, each)
        return [each for each in entries if not each.home.unlisted]

    def _found(self, way: Way) -> Found:
        """What is found in a way, by uuid."""
        match way:
            case plans.ByUuid():
                return self.repository.get(way.resource, [way.uuid])
            case plans.Searched():
                resource, entries = self.repository.resource(way.resource), self.candidates.of(way)
                self.repository.complete(entries)
                means = meaning(resource, way.wanted, own=self.own)
                return {each.uuid: each for each in entries if means(each)}
            case plans.Referring():
                uuids = [way.far] if isinstance(way.far, str) else self._far(way, way.far)
                entries = self.repository.related(way.resource, way.member, uuids)
                return {each.uuid: each for each in entries}
            case plans.Referred():
                return self._referred(way)
            case plans.Scan():
                entries = self.repository.every(way.resource, way.also)
                if way.wanted is not None:
                    resource = self.repository.resource(way.resource)
                    entries = self.recheck.tested(resource, entries, way.wanted)
                return {each.uuid: each for each in entries}
            case _:
                assert_never(way)

    def _far(self, way: plans.Referring, far: Way) -> list[str]:
        """What is referred to: also embedded values that no list need show, but that are named in one."""
        found = list(self._found(far))
        if way.embedded is None:
            return found
        resource = self.repository.resource(way.resource)
        read = embedded_references.naming(self.repository.reads, resource, way.member)
        naming = self.repository.session.run(read)
        others = set(references(way.member, naming)).difference(found)
        to = resource.members[way.member].to
        return found + sorted(self.recheck.passing(to, others, way.embedded))

    def _referred(self, way: plans.Referred) -> Found:
        relation = self.repository.resource(way.resource).relations[way.relation]
        entries = list(self._found(way.far).values())
        self._reach(relation, entries)
        return self.repository.get(way.resource, references(relation.member, entries))

    def _reach(self, relation: Relation, entries: list[Entry]) -> None:
        """Fetch what many records refer to in one go, where the register finds it by what they share."""
        for home in {each.home.name: each.home for each in entries if each.home.kind == "record"}.values():
            pair = home.pair_of.get((relation.member,))
            if home.place is None or pair is None or pair.to is None:
                continue
            rows = [each.record for each in entries if each.home is home]
            reach = self.repository.mappings.collections[pair.to].reach
            for other in home.pairs:
                parameter = reach.get(f"{home.place.collection}.{'.'.join(other.at)}")
                values = {value for row in rows if isinstance(value := get(row, other.at), str)}
                if parameter and 0 < len(values) < len(rows):
                    session = self.repository.session
                    session.run(session.records.where(pair.to, parameter, values))


def _attributes(plan: plans.ExactPage) -> Attributes:
    return [(path, "in", "|".join(texts)) for path, texts in plan.asked]


@contextmanager
def _asked_by(parameters: Sequence[str]) -> Iterator[None]:
    """Within this, too long a scan is said to be that of the filters with these parameters."""
    try:
        yield
    except ScanTooLong as too_long:
        raise ScanTooLong(too_long.bound, parameters, too_long.register) from None
