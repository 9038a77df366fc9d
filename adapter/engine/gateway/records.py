"""Reading the records of the registers within one request, each at most once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import filterfalse
from operator import itemgetter
from typing import Any, TypeGuard

from adapter.engine.deployment import Deployment
from adapter.engine.entities.identity import same_record, uuid_in
from adapter.engine.entities.stored_object import Record
from adapter.engine.gateway import answers
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.questions import EveryRecord, Parameters, RecordOf, RecordPage, RecordsWhere
from adapter.engine.gateway.scan_bound import NoList
from adapter.engine.gateway.scheduler import Asked, Call, Read, ask
from adapter.mapping.codecs import moment
from adapter.mapping.model import Place
from adapter.mapping.paths import Path, get, parse

Question = RecordOf | RecordsWhere | EveryRecord | RecordPage
_GROUP = frozenset({dict})
_URL = itemgetter("url")


class Records:
    """The records that one request has read; what it asks is a `Read`."""

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

    # by uuid

    def get(self, place: Place, uuids: Iterable[str]) -> Read[dict[str, Record]]:
        """The records of a collection with these uuids; what does not exist is left out."""
        wanted = dict.fromkeys(uuids)
        if missing := self.missing(place, wanted):
            yield from ask(self, (RecordOf(place, uuid) for uuid in missing))
        known = self._records[place]
        return {uuid: record for uuid in wanted if (record := known[uuid]) is not None}

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

    # by what they refer to

    def where(self, place: Place, parameter: str, values: Iterable[str]) -> Read[list[Record]]:
        """The records that the register finds for any of these values of a parameter, each once."""
        wanted = dict.fromkeys(values)
        for value in self._made and wanted:
            if uuid_in(value) in self._made and (place, parameter, value) not in self._searches:
                self._searches[place, parameter, value] = self._own(place, parameter, value)
        if place in self._every:
            self._search_all(place, parameter, wanted)
        if missing := [value for value in wanted if (place, parameter, value) not in self._searches]:
            yield from ask(self, (RecordsWhere(place, parameter, value) for value in missing))
        rows = (row for value in wanted for row in self._searches[place, parameter, value])
        return list({row["url"]: row for row in rows}.values())

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

    def how_many(self, place: Place, parameter: str, value: str) -> int | None:
        """How many records have this value of a parameter; None when they were not asked for."""
        rows = self._searches.get((place, parameter, value))
        return None if rows is None else len(rows)

    def children(self, place: Place, member: str, parents: Place, uuids: Iterable[str]) -> Read[list[Record]]:
        """The records of `place` whose `member` refers to one of these records of `parents`."""
        inline = place.collection in self.deployment.mappings.collections[parents].inline
        inline = inline and place not in self._every
        there = (yield from self.get(parents, uuids)) if inline else {}
        found: list[Record] = []
        asked: list[str] = []
        for uuid in uuids:
            rows = there[uuid].get(place.collection) if uuid in there else None
            if rows == []:
                continue
            if are_rows(rows):
                found += rows
            else:
                asked += self.deployment.names(parents, uuid)
        self.keep(place, found)
        parameter = self.deployment.mappings.collections[place].search[member]
        found += (yield from self.where(place, parameter, asked)) if asked else ()
        return list(dict(zip(map(_URL, found), found, strict=True)).values())

    def url(self, place: Place, uuid: str) -> str:
        """The URL by which a record is written into others."""
        return self.deployment.registers[place.register].url(place.collection, uuid)

    def urls(self, place: Place, uuid: str) -> tuple[str, ...]:
        """Every URL by which others may refer to a record."""
        return self.deployment.registers[place.register].urls(place.collection, uuid)

    # lists

    def every(self, place: Place) -> Read[list[Record]]:
        """All records of a collection, in the register's order; ScanTooLong when there are too many."""
        if place not in self._every:
            yield from ask(self, [EveryRecord(place)])
        return self._every[place]

    def page(
        self, place: Place, params: Parameters, start: int, length: int, tied: Path = ()
    ) -> Read[tuple[int, int, list[Record]]]:
        """(how many there are, how many of the rows come before `start`, rows), from as few pages as can be.

        The rows are those from `start` on. With `tied`, the path of an instant, also those beside them with
        the same instant, as far as the register's own pages reach: it may list these in any order.
        """
        first, last = start // RECORDS_PER_PAGE + 1, max(start, start + length - 1) // RECORDS_PER_PAGE + 1
        collection = self.deployment.mappings.collections[place]
        if collection.no_list:
            raise NoList(collection.no_list)
        params = (*params, *collection.all_with)
        ((count, *_),) = pages = yield from ask(self, [RecordPage(place, params, first)])
        numbers = range(first + 1, min(last, -(-count // RECORDS_PER_PAGE)) + 1)
        pages += yield from ask(self, (RecordPage(place, params, number) for number in numbers))
        offset = start - (first - 1) * RECORDS_PER_PAGE
        rows = [row for _, each, _ in pages for row in each]
        low, high = offset, min(offset + length, len(rows))
        if tied:
            low, high = _with_tied(lambda number: moment(get(rows[number], tied)), len(rows), low, high)
        self.keep(place, rows[low:high])
        self._pages.setdefault(place, []).append(rows[low:high])
        return count, offset - low, rows[low:high]

    def places(self, place: Place, uuids: Collection[str]) -> Mapping[str, int] | None:
        """Where the register has these records beside each other, if one of its lists says so of all."""
        lists = [rows for (there, *_), rows in self._searches.items() if there == place]
        for rows in (*lists, *self._pages.get(place, ()), self._every.get(place, [])):
            found = {uuid: number for number, uuid in enumerate(uuids_of(rows))}
            if all(uuid in found for uuid in uuids):
                return found
        return None

    # calls

    def calls(self, asked: Sequence[Asked]) -> Iterable[Call]:
        """The register calls that answer these questions, each once."""
        found: dict[Any, Call] = {}
        for each in asked:
            question = each.question
            if question not in found:
                found[question] = Call(partial(self._answered, question), partial(self._filed, question), [])
            found[question].asked.append(each)
        return found.values()

    def _answered(self, question: Question) -> Any:
        match question:
            case RecordOf(place, uuid):
                rows = answers.record_of(self.deployment, place, uuid)
                return next(iter(self._standing(place, rows)), None)
            case RecordsWhere(place, parameter, value):
                asked = ((parameter, value),)
                return self._standing(place, answers.all_records(self.deployment, place, asked))
            case EveryRecord(place):
                collection = self.deployment.mappings.collections[place]
                if collection.no_list:
                    raise NoList(collection.no_list)
                return self._standing(place, answers.all_records(self.deployment, place, collection.all_with))
            case RecordPage():
                return answers.page_of_records(self.deployment, *question)

    def _filed(self, question: Question, answer: Any) -> None:
        match question:
            case RecordOf(place, uuid):
                self._records[place][uuid] = answer
            case RecordsWhere(place):
                self._searches[question] = answer
                self.keep(place, answer)
            case EveryRecord(place):
                self._every[place] = answer
                self.keep(place, answer)

    def _standing(self, place: Place, rows: list[Record]) -> list[Record]:
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
                {**row, name: self._standing(below, inner)} if are_rows(inner := row.get(name)) else row
                for row in left
            ]
        return left


def _with_tied(instant: Callable[[int], str], length: int, low: int, high: int) -> tuple[int, int]:
    """The bounds of a part, moved out over what equals its first or last within a page of the register.

    `instant` gives that of a row by its number, of so many rows.
    """
    while low % RECORDS_PER_PAGE and low < high and instant(low - 1) == instant(low):
        low -= 1
    while high % RECORDS_PER_PAGE and low < high < length and instant(high) == instant(high - 1):
        high += 1
    return low, high


def are_rows(value: Any) -> TypeGuard[list[Record]]:
    """Whether something that came along with a record is a list of records."""
    return isinstance(value, list) and _GROUP.issuperset(map(type, value))


def uuids_of(rows: Iterable[Record]) -> list[str]:
    """The uuid of each of these records."""
    return list(map(uuid_in, map(_URL, rows)))


def _by_reference(rows: Iterable[Record], paths: Collection[Path]) -> Mapping[str, list[Record]]:
    """uuid → the rows with a text at one of these paths that ends in it."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        for text in {text for path in paths if isinstance(text := get(row, path), str)}:
            found.setdefault(uuid_in(text), []).append(row)
    return found
