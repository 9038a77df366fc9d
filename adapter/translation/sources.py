"""Reading from the registers within one request: every record and every search at most once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.errors import Invalid, NotFound, Problem, RegisterAnswer
from adapter.mapping.model import Place
from adapter.translation.world import World, chunks

Record = dict[str, Any]

OBJECTS = "objects"
REGISTER_PAGE = 100
OBJECTS_PAGE = 500
IN_ONE_SEARCH = 200


@dataclass(slots=True)
class StoredObject:
    """An object of the Objects API: its uuid, the name of its type, its data."""

    uuid: str
    type: str
    data: Record


class ScanTooLong(Invalid):
    """More has to be read than the deployment allows for one question."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        reason = f"Voor deze vraag moeten meer dan {bound} gegevens worden doorzocht; beperk de vraag."
        super().__init__([Problem("nonFieldErrors", "scan-bound", reason)])


class Sources:
    """What one request has read. Not shared between threads; its register calls run side by side."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._records: dict[tuple[Place, str], Record | None] = {}
        self._searches: dict[tuple[Any, ...], list[Record]] = {}
        self._objects: dict[str, StoredObject | None] = {}
        self._hanging: dict[tuple[str, str], list[StoredObject]] = {}
        self._found: dict[tuple[Any, ...], list[StoredObject]] = {}

    # records of the registers

    def records(self, place: Place, uuids: Iterable[str]) -> dict[str, Record]:
        """The records of a collection with these uuids; what does not exist is left out."""
        wanted = list(dict.fromkeys(uuids))
        missing = [uuid for uuid in wanted if (place, uuid) not in self._records]
        answers = self.world.together([lambda uuid=uuid: self._get(place, uuid) for uuid in missing])  # type: ignore[misc]
        for uuid, record in zip(missing, answers, strict=True):
            self._records[place, uuid] = record
        return {uuid: record for uuid in wanted if (record := self._records[place, uuid]) is not None}

    def where(self, place: Place, parameter: str, values: Iterable[str]) -> list[Record]:
        """The records that the register finds for any of these values of a parameter, each once."""
        wanted = list(dict.fromkeys(values))
        missing = [value for value in wanted if (place, parameter, value) not in self._searches]
        answers = self.world.together(
            [lambda value=value: self._all_pages(place, [(parameter, value)]) for value in missing]  # type: ignore[misc]
        )
        for value, rows in zip(missing, answers, strict=True):
            self._searches[place, parameter, value] = rows
            self.keep(place, rows)
        return self._once(row for value in wanted for row in self._searches[place, parameter, value])

    def children(self, place: Place, member: str, parents: Place, uuids: Sequence[str]) -> list[Record]:
        """The records of `place` whose `member` refers to one of these records of `parents`."""
        inline = self.world.mappings.collections[parents].inline.get(place.collection)
        found: list[Record] = []
        asked = []
        for uuid in uuids:
            parent = self._records.get((parents, uuid)) if inline else None
            rows = parent.get(place.collection) if parent else None
            if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
                found += rows
                self.keep(place, rows)
            else:
                asked.append(self.url(parents, uuid))
        parameter = self.world.mappings.collections[place].search[member]
        return self._once([*found, *(self.where(place, parameter, asked) if asked else [])])

    def every(self, place: Place) -> list[Record]:
        """All records of a collection, in the register's order; ScanTooLong when there are too many."""
        key = (place,)
        if key not in self._searches:
            self._searches[key] = self._all_pages(place, [])
            self.keep(place, self._searches[key])
        return self._searches[key]

    def page(
        self, place: Place, params: list[tuple[str, str]], start: int, length: int
    ) -> tuple[int, list[Record]]:
        """(how many there are, those from `start` on), read from as few pages as hold them."""
        first, last = start // REGISTER_PAGE + 1, max(start, start + length - 1) // REGISTER_PAGE + 1
        count, rows = self._page(place, params, first)
        pages = range(first + 1, min(last, -(-count // REGISTER_PAGE)) + 1)
        more = self.world.together([lambda n=n: self._page(place, params, n)[1] for n in pages])  # type: ignore[misc]
        rows = [*rows, *(row for each in more for row in each)]
        offset = start - (first - 1) * REGISTER_PAGE
        rows = rows[offset : offset + length]
        self.keep(place, rows)
        return count, rows

    def keep(self, place: Place, rows: Iterable[Record]) -> None:
        """Remember records that came along with something else."""
        for row in rows:
            self._records[place, uuid_in(row["url"])] = row

    def forget(self, place: Place, uuid: str) -> None:
        """Read a record anew the next time."""
        self._records.pop((place, uuid), None)

    def url(self, place: Place, uuid: str) -> str:
        """The URL by which a record is written into others."""
        return self.world.registers[place.register].url(place.collection, uuid)

    def _get(self, place: Place, uuid: str) -> Record | None:
        answer = self.world.registers[place.register].call(
            "GET", f"{place.collection}/{uuid}", params=self._expand(place)
        )
        if answer.status == 404:
            return None
        return body(answer, place.register)

    def _expand(self, place: Place) -> list[tuple[str, str]]:
        return [("expand", value) for value, _ in self.world.mappings.collections[place].inline.values()]

    def _page(self, place: Place, params: list[tuple[str, str]], number: int) -> tuple[int, list[Record]]:
        paging = [("page", str(number))] if number > 1 else []
        answer = self.world.registers[place.register].call(
            "GET", place.collection, params=[*params, *self._expand(place), *paging]
        )
        if answer.status == 404 and number > 1:
            return 0, []
        found = body(answer, place.register)
        if isinstance(found, list):
            return len(found), found
        return found["count"], found["results"]

    def _all_pages(self, place: Place, params: list[tuple[str, str]]) -> list[Record]:
        count, rows = self._page(place, params, 1)
        if count > self.world.scan_bound:
            raise ScanTooLong(self.world.scan_bound)
        for number in range(2, -(-count // REGISTER_PAGE) + 1):
            rows = [*rows, *self._page(place, params, number)[1]]
        return self._once(rows)

    def _once(self, rows: Iterable[Record]) -> list[Record]:
        return list({row["url"]: row for row in rows}.values())

    # objects

    def objects(self, uuids: Iterable[str]) -> dict[str, StoredObject]:
        """The objects with these uuids; what does not exist, or is of another type, is left out."""
        wanted = list(dict.fromkeys(uuids))
        missing = [uuid for uuid in wanted if uuid not in self._objects]
        answers = self.world.together([lambda uuid=uuid: self._get_object(uuid) for uuid in missing])  # type: ignore[misc]
        for uuid, found in zip(missing, answers, strict=True):
            self._objects[uuid] = found
        return {uuid: found for uuid in wanted if (found := self._objects[uuid]) is not None}

    def hanging(self, key: str, uuids: Iterable[str]) -> dict[str, list[StoredObject]]:
        """All objects of whatever type that hang on these records: key path → the record's uuid → objects."""
        wanted = list(dict.fromkeys(uuids))
        missing = [uuid for uuid in wanted if (key, uuid) not in self._hanging]
        place = self.world.mappings.keys[key]
        register = self.world.registers[place.register]
        parts = chunks(missing, IN_ONE_SEARCH)
        answers = self.world.together(
            [
                lambda part=part: self._search(  # type: ignore[misc]
                    None,
                    [
                        (
                            key,
                            "in",
                            "|".join(url for uuid in part for url in register.urls(place.collection, uuid)),
                        )
                    ],
                )
                for part in parts
            ]
        )
        for uuid in missing:
            self._hanging[key, uuid] = []
        for found in (each for answer in answers for each in answer):
            named = register.identify(found.data.get(key) or "")
            if named and (key, named[1]) in self._hanging:
                self._hanging[key, named[1]].append(found)
        return {uuid: self._hanging[key, uuid] for uuid in wanted}

    def nothing_hangs_on(self, key: str, uuid: str) -> None:
        """Tell that a record is too young for anything to hang on it."""
        self._hanging.setdefault((key, uuid), [])

    def found(
        self, object_type: str, path: str, values: Iterable[str], operator: str = "in"
    ) -> list[StoredObject]:
        """The objects of a type whose data have one of these texts at `path` (names joined by `__`).

        What the Objects API's query language cannot ask for is answered by reading all objects of the type.
        """
        wanted = tuple(dict.fromkeys(values))
        key = (object_type, path, operator, wanted)
        if key not in self._found:
            if all(searchable(value) for value in wanted):
                parts = chunks(wanted, IN_ONE_SEARCH)
                answers = self.world.together(
                    [
                        lambda part=part: self._search(object_type, [(path, operator, "|".join(part))])
                        for part in parts
                    ]  # type: ignore[misc]
                )
                self._found[key] = [each for answer in answers for each in answer]
            else:
                self._found[key] = self.all_objects(object_type)
        return self._found[key]

    def all_objects(self, object_type: str) -> list[StoredObject]:
        """All objects of a type; ScanTooLong when there are too many."""
        key = (object_type,)
        if key not in self._found:
            self._found[key] = self._search(object_type, [])
        return self._found[key]

    def object_page(
        self, object_type: str, ordering: str, attributes: list[tuple[str, str, str]], start: int, length: int
    ) -> tuple[int, list[StoredObject]]:
        """(how many there are, those from `start` on) of a type in an order."""
        size = max(1, length)
        if start % size:
            raise ValueError("a page starts at a multiple of its length")
        params = self._query(object_type, attributes)
        params += [("ordering", ordering), ("pageSize", str(size)), ("page", str(start // size + 1))]
        answer = self.world.registers[OBJECTS].call("GET", OBJECTS, params=params)
        if answer.status == 404:
            return self.object_page(object_type, ordering, attributes, 0, 1)[0], []
        found = body(answer, OBJECTS)
        return found["count"], self._kept(found["results"])

    def keep_object(self, found: StoredObject) -> None:
        """Remember an object that was just written."""
        self._objects[found.uuid] = found

    def _query(
        self, object_type: str | None, attributes: list[tuple[str, str, str]]
    ) -> list[tuple[str, str]]:
        kind = [("type", self.world.types[object_type].url)] if object_type else []
        return [*kind, *(("data_attr", "__".join(each)) for each in attributes)]

    def _search(self, object_type: str | None, attributes: list[tuple[str, str, str]]) -> list[StoredObject]:
        if object_type is not None and not self.world.has(object_type):
            return []
        long = sum(len(part) for each in attributes for part in each) > 4000
        rows: list[Record] = []
        for number in range(1, self.world.scan_bound // OBJECTS_PAGE + 2):
            found = self._search_page(object_type, attributes, number, by_post=long)
            if found["count"] > self.world.scan_bound:
                raise ScanTooLong(self.world.scan_bound)
            rows += found["results"]
            if not found["next"]:
                break
        return self._kept(rows)

    def _search_page(
        self, object_type: str | None, attributes: list[tuple[str, str, str]], number: int, *, by_post: bool
    ) -> Record:
        paging = [("pageSize", str(OBJECTS_PAGE))] + ([("page", str(number))] if number > 1 else [])
        register = self.world.registers[OBJECTS]
        if by_post:
            asked: Record = {"data_attrs": ",".join("__".join(each) for each in attributes)}
            if object_type:
                asked["type"] = self.world.types[object_type].url
            answer = register.call("POST", f"{OBJECTS}/search", params=paging, json=asked)
        else:
            answer = register.call("GET", OBJECTS, params=[*self._query(object_type, attributes), *paging])
        found: Record = body(answer, OBJECTS)
        return found

    def _get_object(self, uuid: str) -> StoredObject | None:
        answer = self.world.registers[OBJECTS].call("GET", f"{OBJECTS}/{uuid}")
        if answer.status == 404:
            return None
        return self.stored(body(answer, OBJECTS))

    def _kept(self, rows: Iterable[Record]) -> list[StoredObject]:
        found = [each for row in rows if (each := self.stored(row)) is not None]
        for each in found:
            self._objects[each.uuid] = each
        return list({each.uuid: each for each in found}.values())

    def stored(self, row: Record) -> StoredObject | None:
        """An object as the Objects API answers it; None when its type is none of ours."""
        kind = self.world.type_of(row["type"])
        return StoredObject(row["uuid"], kind.name, row["record"]["data"]) if kind else None


def uuid_in(url: str) -> str:
    """The uuid that a record's own URL ends in."""
    return url.rstrip("/").rpartition("/")[2].lower()


def searchable(value: str) -> bool:
    """Whether the Objects API's query language can ask for this text.

    It splits at double underscores from the right, and at pipes and commas, and knows no escape.
    """
    return (
        "__" not in value
        and not value.startswith("_")
        and "|" not in value
        and "," not in value
        and "\0" not in value
    )


def body(answer: Any, register: str) -> Any:
    """The JSON of a successful answer; RegisterAnswer for any other."""
    if answer.status >= 400:
        raise RegisterAnswer(register)
    return answer.body


__all__ = [
    "OBJECTS",
    "NotFound",
    "Record",
    "ScanTooLong",
    "Sources",
    "StoredObject",
    "body",
    "searchable",
    "uuid_in",
]
