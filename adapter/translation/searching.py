"""Ask the registers for resources by the value of one member."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from adapter.mapping.model import Home, Operator, Pair, Resource
from adapter.mapping.paths import Path, get
from adapter.translation.entries import Entry
from adapter.translation.homes import by_precedence, pair_of
from adapter.translation.reading import Reading
from adapter.translation.supplements import KIND, RECORD, SEARCH, SUPPLEMENT


class Searching:
    """The searches of one request. Each gives all resources with a value, and perhaps some without."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sources = reading.sources

    def candidates(
        self, name: str, path: Path, value: Any, operator: Operator, also: Collection[str] = ()
    ) -> list[Entry] | None:
        """Resources among which all with that value are; None when the registers cannot be asked.

        `also` names homes that no list shows.
        """
        resource = self.reading.resource(name)
        found: dict[str, Entry] = {}
        for home in by_precedence(resource):
            if home.unlisted and home.name not in also:
                continue
            entries = self._in(resource, home, path, value, operator)
            if entries is None:
                return None
            for each in entries:
                found.setdefault(each.uuid, each)
        return self.reading.keep(found.values())

    def _in(
        self, resource: Resource, home: Home, path: Path, value: Any, operator: Operator
    ) -> list[Entry] | None:
        if home.optional and not self.reading.world.has(home.object_type):
            return []
        meant = [constant for at, constant in home.means if at == path]
        if meant and home.kind != "record" and operator == "equals" and meant[0] != value:
            return []
        if not isinstance(value, str) or value == "" or operator not in ("equals", "contains"):
            return None
        if home.kind == "inside" and not meant and not _is_paired(home, path):
            # what stands in such a slot never has more than the absent value
            return None if _absent(resource, path) == value else []
        if _by_variant(home, path):
            return None
        if home.kind == "object":
            return self._objects(resource, home, path, value, operator)
        if operator != "equals":
            return None
        if home.kind == "inside":
            return self._slots(resource, home, path, value) if not meant else None
        return self._records(resource, home, path, value)

    def _slots(self, resource: Resource, home: Home, path: Path, value: str) -> list[Entry] | None:
        pair = pair_of(home, path)
        words = pair.search(value) if pair is not None else None
        if pair is None or words is None:
            return None
        owners = self.reading.owning.at(home, pair.at, words)
        if home.owner is not None and home.owner[1] == "self":
            # an object that is mirrored there may have got its value from an old client
            return self.reading.related(resource.name, home.owner[0], [each.uuid for each in owners])
        return self.reading.slots(resource, home, owners)

    def _records(self, resource: Resource, home: Home, path: Path, value: str) -> list[Entry] | None:
        assert home.place is not None
        pair = pair_of(home, path)
        rows = []
        if pair is not None:
            parameter = self.reading.mappings.collections[home.place].search.get(".".join(pair.at))
            words = pair.search(value)
            if parameter is None or words is None:
                return None
            rows = self.sources.records.where(home.place, parameter, words)
        elif value == _absent(resource, path) or any(at == path for at, _ in home.means):
            return None
        if pair is None or not pair.total:
            rows = [*rows, *self._supplemented(resource, home, path, value)]
        rows = list({row["url"]: row for row in rows}.values())
        return self.reading.building.records(resource, home, rows)

    def _supplemented(self, resource: Resource, home: Home, path: Path, value: str) -> list[dict[str, Any]]:
        """The records whose aanvulling has the value."""
        assert home.place is not None
        found = self.sources.objects.found(SUPPLEMENT, "__".join((SEARCH, *path)), [value])
        uuids = [each.data[RECORD] for each in found if each.data.get(KIND) == resource.name]
        return list(self.sources.records.get(home.place, uuids).values())

    def _objects(
        self, resource: Resource, home: Home, path: Path, value: str, operator: Operator
    ) -> list[Entry] | None:
        search = "in" if operator == "equals" else "icontains"
        objects = self.sources.objects
        if not home.pairs:
            found = objects.found(home.object_type, "__".join(path), [value], search)
            return self.reading.building.objects(resource, home, found)
        pair = pair_of(home, path)
        words = self._words(pair, value, operator)
        if words is None or (pair is None and not home.rest):
            return None
        found = objects.found(home.object_type, "__".join(pair.at), words, search) if pair and words else []
        if home.rest:
            found = [
                *found,
                *objects.found(home.object_type, "__".join((home.rest, SEARCH, *path)), [value], search),
            ]
        return self.reading.building.objects(resource, home, {each.uuid: each for each in found}.values())

    def _words(self, pair: Pair | None, value: str, operator: Operator) -> list[Any] | None:
        if pair is None:
            return []
        return pair.search(value) if operator == "equals" else [value]


def _absent(resource: Resource, path: Path) -> Any:
    return get({name: member.absent.value for name, member in resource.members.items()}, path)


def _by_variant(home: Home, path: Path) -> bool:
    """Whether only some of the records in a home have a field for a path."""
    tables = [table for _, table in home.variants]
    return any(pair.served == path for table in tables for pairs in table.values() for pair in pairs)


def _is_paired(home: Home, path: Path) -> bool:
    """Whether a home has anything to say of a served path."""
    return (
        pair_of(home, path) is not None
        or _by_variant(home, path)
        or any(each.served == path[: len(each.served)] for each in home.known)
        or (home.owner is not None and path[0] == home.owner[0])
    )
