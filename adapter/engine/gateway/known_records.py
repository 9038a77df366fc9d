"""The records that one request knows: what it has read, with what it writes put in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import filterfalse
from operator import itemgetter
from typing import Any, TypeGuard

from adapter.engine.deployment import Deployment
from adapter.engine.entities.identity import same_record, uuid_in
from adapter.engine.entities.stored_object import Record
from adapter.mapping.model import Place
from adapter.mapping.paths import Path, get, parse

_GROUP = frozenset({dict})
_URL = itemgetter("url")


class KnownRecords:
    """Records by uuid, by search, all of a collection, and its pages."""

    def __init__(self, deployment: Deployment, made: Collection[str] = ()) -> None:
        """`made` are the uuids of what this request has made itself: nothing else refers to those."""
        self.deployment, self._made = deployment, made
        self._records: dict[Place, dict[str, Record | None]] = defaultdict(dict)
        self._searches: dict[tuple[Place, str, str], list[Record]] = {}
        self._every: dict[Place, list[Record]] = {}
        self._referring: dict[tuple[Place, str], Mapping[str, list[Record]]] = {}
        self._pages: dict[Place, list[list[Record]]] = {}
        self._gone: set[tuple[Place, str]] = set()
        self.writes = 0

    # what was read

    def missing(self, place: Place, uuids: Iterable[str]) -> list[str]:
        """Those of these uuids of which nothing is known; of what this request has made, all is."""
        known = self._records[place]
        missing = list(filterfalse(known.__contains__, uuids))
        if not missing:
            return missing
        gathers = self.deployment.gathers
        none = gathers.elsewhere(place, missing) if gathers is not None else ()
        known.update((uuid, None) for uuid in missing if uuid in self._made or uuid in none)
        return [uuid for uuid in missing if uuid not in known]

    def keep(self, place: Place, rows: Iterable[Record]) -> None:
        """Remember records that came along with something else; those that came with more stay."""
        known, found = self._records[place], list(rows)
        if self.deployment.mappings.collections[place].inline:
            found = [row for row in found if known.get(uuid_in(row["url"])) is None][::-1]
        known.update(zip(uuids_of(found), found, strict=True))

    def how_many(self, place: Place, parameter: str, value: str) -> int | None:
        """How many records have this value of a parameter; None when they were not asked for."""
        rows = self._searches.get((place, parameter, value))
        return None if rows is None else len(rows)

    def places(self, place: Place, uuids: Collection[str]) -> Mapping[str, int] | None:
        """Where the register has these records beside each other, if one of its lists says so of all."""
        lists = [rows for (there, *_), rows in self._searches.items() if there == place]
        for rows in (*lists, *self._pages.get(place, ()), self._every.get(place, [])):
            found = {uuid: number for number, uuid in enumerate(uuids_of(rows))}
            if all(uuid in found for uuid in uuids):
                return found
        return None

    def _search_all(self, place: Place, parameter: str, values: Iterable[str]) -> None:
        """Answer for URLs what all records of a collection, which are known, say."""
        if (place, parameter) not in self._referring:
            paths = self._paths(place, parameter)
            self._referring[place, parameter] = _by_reference(self._every[place], paths)
        for value in values:
            if "/" in value and (place, parameter, value) not in self._searches:
                rows = self._referring[place, parameter].get(uuid_in(value), ())
                found = [row for row in rows if self._meets(row, place, parameter, value)]
                self._searches[place, parameter, value] = found

    # what this request writes

    def made(self, place: Place, record: Record) -> None:
        """A record that was made; it is among `made` by now."""
        whole = {**record, **{name: [] for name in self.deployment.mappings.collections[place].inline}}
        self._file(place, uuid_in(record["url"]), whole)

    def changed(self, place: Place, uuid: str, record: Record) -> None:
        """A record as its register answers that it is now; what comes inline stays."""
        old = self._records[place].get(uuid) or {}
        inline = self.deployment.mappings.collections[place].inline
        self._file(place, uuid, {**record, **{name: old[name] for name in inline if name in old}})

    def gone(self, place: Place, uuid: str) -> None:
        """A record that is deleted, or will be at the end."""
        self._gone.add((place, uuid))
        self._file(place, uuid, None)

    def standing(self, place: Place, rows: list[Record]) -> list[Record]:
        """The records but those that this request deletes, which the register may still have.

        Neither those that are read as objects, since they were made of these.
        """
        if self.deployment.gathers is not None:
            rows = self.deployment.gathers.shown(place, rows)
        if not self._gone:
            return rows
        left = [row for row in rows if (place, uuid_in(str(row.get("url", "")))) not in self._gone]
        for name in self.deployment.mappings.collections[place].inline:
            below = Place(place.register, name)
            left = [
                {**row, name: self.standing(below, inner)} if are_rows(inner := row.get(name)) else row
                for row in left
            ]
        return left

    def _file(self, place: Place, uuid: str, row: Record | None) -> None:
        """Put a record into everything that was read, where it belongs now."""
        self.writes += 1
        self._records[place][uuid] = row
        if self._every.pop(place, None):
            self._referring = {key: each for key, each in self._referring.items() if key[0] != place}
        for key in [each for each in self._searches if each[0] == place]:
            belongs = row is not None and self._meets(row, *key)
            self._searches[key] = _placed(self._searches[key], uuid, row if belongs else None)
        beside = [(each, rows) for each, rows in self._records.items() if each.register == place.register]
        for parents, known in beside:
            _, of = self.deployment.mappings.collections[parents].inline.get(place.collection, ("", ""))
            for owner, parent in list(known.items()) if of else ():
                rows = parent.get(place.collection) if parent is not None else None
                if parent is not None and are_rows(rows):
                    belongs = row is not None and uuid_in(row.get(of) or "") == owner
                    now = _placed(rows, uuid, row if belongs else None)
                    if now is not rows:
                        self._file(parents, owner, {**parent, place.collection: now})

    def _own(self, place: Place, parameter: str, value: str) -> list[Record]:
        return [
            row
            for row in self._records[place].values()
            if row is not None and self._meets(row, place, parameter, value)
        ]

    def _meets(self, row: Record, place: Place, parameter: str, value: str) -> bool:
        """Whether a register would find a record with this value of a parameter."""
        return any(same_record(get(row, path), value) for path in self._paths(place, parameter))

    def _paths(self, place: Place, parameter: str) -> list[Path]:
        """Where in a record stands what a parameter looks for."""
        search = self.deployment.mappings.collections[place].search
        return [parse(member) for member, asked in search.items() if asked == parameter]


def are_rows(value: Any) -> TypeGuard[list[Record]]:
    """Whether something that came along with a record is a list of records."""
    return isinstance(value, list) and _GROUP.issuperset(map(type, value))


def uuids_of(rows: Iterable[Record]) -> list[str]:
    """The uuid of each of these records."""
    return list(map(uuid_in, map(_URL, rows)))


def _placed(rows: list[Record], uuid: str, row: Record | None) -> list[Record]:
    """The rows with a record as it is now, in its place or first; without it when there is none."""
    now = [] if row is None else [row]
    at = next((number for number, each in enumerate(rows) if uuid_in(each["url"]) == uuid), None)
    if at is None:
        return [*now, *rows] if now else rows
    return [*rows[:at], *now, *rows[at + 1 :]]


def _by_reference(rows: Iterable[Record], paths: Collection[Path]) -> Mapping[str, list[Record]]:
    """uuid → the rows with a text at one of these paths that ends in it."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        for text in {text for path in paths if isinstance(text := get(row, path), str)}:
            found.setdefault(uuid_in(text), []).append(row)
    return found
