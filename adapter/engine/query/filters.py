"""Answer a list: which resources its filters mean, in order, one page of them.

A filter is a path from the resource to a value. It is answered from the far end: the registers are asked for
what has the value, and the references are walked back. What they cannot be asked for is tested here, over all
that is left, within the deployment's bound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.ordering import in_order
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.query.direct_page import straight
from adapter.engine.query.narrowing import Narrowing, narrowing
from adapter.engine.query.predicates import equivalent_words, meaning
from adapter.engine.query.recheck import Recheck, references
from adapter.engine.query.search import Search
from adapter.engine.read import embedded_references
from adapter.engine.read.repository import Repository
from adapter.errors import NotFound
from adapter.mapping.model import Filter, Operator, Relation, Resource
from adapter.mapping.numbers import may_be_computed, numbers_of
from adapter.mapping.paths import Path, get

Found = dict[str, Entry]


class Filters:
    """The lists of one request. With `own`, numbers that are computed do not count."""

    def __init__(self, repository: Repository, *, own: bool = False) -> None:
        self.repository, self.own = repository, own
        self.search = Search(repository)
        self.recheck = Recheck(repository, self.search, own=own)
        self._may_scan = True

    def page(
        self, resource: Resource, filters: Mapping[str, Any], page: int | str, size: int
    ) -> tuple[int, int, list[Entry]]:
        """(how many there are, the number of this page, its resources). NotFound past the last page."""
        wanted = [(resource.filters[name], value) for name, value in filters.items()]
        narrowed = narrowing(self.repository, resource, wanted)
        direct = straight(self.repository, resource, wanted, narrowed)
        if direct is not None and page != "last":
            count, entries = direct(int(page), size)
            if entries or page == 1:
                return count, int(page), self._in_order(resource, self.repository.keep(entries))
            raise NotFound("Ongeldige pagina.")
        entries = self._in_order(resource, self._narrowed(resource, wanted, narrowed))
        last = max(1, -(-len(entries) // size))
        number = last if page == "last" else int(page)
        if number > last:
            raise NotFound("Ongeldige pagina.")
        return len(entries), number, entries[(number - 1) * size : number * size]

    def _in_order(self, resource: Resource, entries: list[Entry]) -> list[Entry]:
        """As the list has them: what lives in one collection of a register as that has it."""
        home, places = resource.listed[0], None
        if len(resource.listed) == 1 and home.place is not None:
            uuids = [each.uuid for each in entries]
            places = self.repository.session.records.places(home.place, uuids)
        return in_order(resource, entries, places)

    # by their filters

    def _narrowed(
        self, resource: Resource, wanted: list[tuple[Filter, Any]], narrowed: Narrowing | None
    ) -> list[Entry]:
        """All resources that every filter means, read from no more objects than may be among them."""
        if narrowed is None or not narrowed.attributes:
            return self.matching(resource, wanted)
        session = self.repository.session.limited(narrowed.home.object_type, narrowed.attributes)
        entries = Filters(Repository(session), own=self.own).matching(resource, narrowed.left)
        # what was found by uuid, or by what it hangs on, was not asked for the rest
        asked = [each for each in wanted if each not in narrowed.left]
        return self.repository.keep(self.among(resource, entries, asked))

    def matching(self, resource: Resource, wanted: list[tuple[Filter, Any]]) -> list[Entry]:
        """All resources that every filter means."""
        found: Found | None = None
        left = []
        for each, value in wanted:
            with _asked_by([each]):
                part = self._resolved(resource, each, value)
            if part is None:
                left.append((each, value))
            else:
                found = part if found is None else {uuid: part[uuid] for uuid in found if uuid in part}
            if found is not None and not found:
                return []
        with _asked_by([each for each, _ in left]):
            if found is None:
                found, left = self._scanned(resource, left)
            return self.among(resource, list(found.values()), left)

    def means(self, resource: Resource, entry: Entry, filters: Mapping[str, Any]) -> bool:
        """Whether every filter means a resource, whether a list shows it or not."""
        entries = [entry]
        for name, value in filters.items():
            each = resource.filters[name]
            if each.path == ("uuid",):
                entries = entries if entry.uuid == value else []
                continue
            with _asked_by([each]):
                entries = self.recheck.tested(resource, entries, each.path, each.operator, value)
        return bool(entries)

    def among(
        self, resource: Resource, entries: list[Entry], wanted: list[tuple[Filter, Any]]
    ) -> list[Entry]:
        """Those of these resources that stand in a list and that every filter means."""
        for each, value in wanted:
            entries = self.recheck.tested(resource, entries, each.path, each.operator, value)
        unlisted = {home.name for home in resource.homes.values() if home.unlisted}
        return [each for each in entries if each.home.name not in unlisted]

    def _resolved(self, resource: Resource, wanted: Filter, value: Any) -> Found | None:
        """What a filter means, when the registers can be asked for it; else None."""
        self._may_scan = False
        try:
            return self._resolve(resource, wanted.path, wanted.operator, value)
        except _NeedsScan:
            return None
        finally:
            self._may_scan = True

    def _scanned(
        self, resource: Resource, wanted: list[tuple[Filter, Any]]
    ) -> tuple[Found, list[tuple[Filter, Any]]]:
        """(where nothing could be asked for: what one filter means, the filters that are left to test)."""
        for number, (each, value) in enumerate(wanted):
            if len(each.path) > 1:
                found = self._resolve(resource, each.path, each.operator, value)
                if found is not None:
                    return found, [*wanted[:number], *wanted[number + 1 :]]
        return {each.uuid: each for each in self.repository.every(resource.name)}, wanted

    def _resolve(
        self, resource: Resource, path: Path, operator: Operator, value: Any, also: Collection[str] = ()
    ) -> Found | None:
        """What a filter means, found from its far end; None when that needs a test of each resource.

        `also` names homes that are no part of a list, but can be at the far end of a reference.
        """
        head, rest = path[0], path[1:]
        if rest and operator == "exists" and not value:
            # no search gives those of which none has it
            return None
        relation = resource.relations.get(head)
        member = resource.members.get(head)
        if head == "uuid":
            return self.repository.get(resource.name, [value])
        if relation is not None:
            return self._resolve_relation(resource, relation, rest, operator, value)
        if self._may_be_computed(resource, path, operator, value):
            return None
        if member is not None and member.to and not (rest == () and operator == "exists"):
            far = (
                [value]
                if not rest
                else self._far(member.to, rest, operator, value, _named_by(resource, head))
            )
            if rest:
                others = self._named_elsewhere(resource, head, far)
                far += sorted(self.recheck.passing(member.to, others, rest, operator, value))
            return {each.uuid: each for each in self.repository.related(resource.name, head, far)}
        found: Found = {}
        for word in equivalent_words(resource, path, value):
            candidates = self.search.candidates(resource.name, path, word, operator, also)
            if candidates is None:
                return None
            found |= {each.uuid: each for each in candidates}
        self.repository.complete(found.values())
        means = meaning(resource, path, operator, value, own=self.own)
        return {uuid: each for uuid, each in found.items() if means(each)}

    def _named_elsewhere(self, resource: Resource, member: str, known: list[str]) -> set[str]:
        """Slots of resources that the list itself need not show, but that are referred to in it."""
        entries = embedded_references.naming(self.repository, resource, member)
        return set(references(member, entries)).difference(known)

    def _may_be_computed(self, resource: Resource, path: Path, operator: Operator, value: Any) -> bool:
        """Whether a resource without a number of its own may be what a filter means: no register knows."""
        head, rest = resource.members.get(path[0]), path[1:]
        if head is not None and head.to and rest:
            return self._may_be_computed(self.repository.resource(head.to), rest, operator, value)
        form = None if self.own else numbers_of(resource, path)
        return form is not None and (operator != "equals" or may_be_computed(form, value))

    def _resolve_relation(
        self, resource: Resource, relation: Relation, rest: Path, operator: Operator, value: Any
    ) -> Found | None:
        if not rest and operator == "exists":
            return None
        other = self.repository.resource(relation.resource)
        if relation.take:
            far_name = other.members[relation.take].to
            far = [value] if not rest else self._far(far_name, rest, operator, value)
            entries = self.repository.related(other.name, relation.take, far)
        elif rest:
            entries = list(self._all_of(other, rest, operator, value).values())
        else:
            entries = list(self.repository.get(other.name, [value]).values())
        self._reach(relation, entries)
        uuids = [uuid for each in entries for uuid in each.references(relation.member)]
        return self.repository.get(resource.name, uuids)

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
                    self.repository.session.records.where(pair.to, parameter, values)

    def _far(
        self, name: str, path: Path, operator: Operator, value: Any, also: Collection[str] = ()
    ) -> list[str]:
        return list(self._all_of(self.repository.resource(name), path, operator, value, also))

    def _all_of(
        self, resource: Resource, path: Path, operator: Operator, value: Any, also: Collection[str] = ()
    ) -> Found:
        found = self._resolve(resource, path, operator, value, also)
        if found is not None:
            return found
        if not self._may_scan:
            raise _NeedsScan
        tested = self.recheck.tested(
            resource, self.repository.every(resource.name, also), path, operator, value
        )
        return {each.uuid: each for each in tested}


class _NeedsScan(Exception):
    """A filter for which all resources of a kind would have to be read."""


@contextmanager
def _asked_by(wanted: Sequence[Filter]) -> Iterator[None]:
    """Within this, too long a scan is said to be that of these filters."""
    try:
        yield
    except ScanTooLong as too_long:
        raise ScanTooLong(too_long.bound, [each.parameter for each in wanted], too_long.register) from None


def _named_by(resource: Resource, member: str) -> set[str]:
    """The slots that old records of this kind name with a reference."""
    return {each.home for home in resource.homes.values() for each in home.known if each.served == (member,)}
