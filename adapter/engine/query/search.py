"""Ask the registers for resources by the value of one member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.records import Job
from adapter.engine.query.narrowing import named_words
from adapter.engine.read.repository import Repository
from adapter.engine.read.search_paths import absent
from adapter.mapping.model import Home, Operator, Pair, Resource
from adapter.mapping.paths import Path


@dataclass(frozen=True)
class _RecordSearch:
    """The values to ask of a search parameter, if any, and whether aanvullingen may have the value too."""

    parameter: str
    words: Sequence[str]
    supplements: bool


class Search:
    """The searches of one request. Each gives all resources with a value, and perhaps some without."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.session = repository.session

    def candidates(
        self, name: str, path: Path, value: Any, operator: Operator, also: Collection[str] = ()
    ) -> list[Entry] | None:
        """Resources among which all with that value are; None when the registers cannot be asked.

        `also` names homes that no list shows.
        """
        resource = self.repository.resource(name)
        homes = [home for home in resource.by_precedence if not home.unlisted or home.name in also]
        jobs: list[Job] = []
        for home in homes:
            first = self._first_jobs(resource, home, path, value, operator)
            if first is None:
                return None
            jobs += first
        self.session.run(jobs)
        found: dict[str, Entry] = {}
        for home in homes:
            entries = self._in(resource, home, path, value, operator)
            if entries is None:
                return None
            for each in entries:
                found.setdefault(each.uuid, each)
        return self.repository.keep(found.values())

    def _asked(
        self, resource: Resource, home: Home, path: Path, value: Any, operator: Operator
    ) -> bool | None:
        """Whether there is anything to ask of a home; None when it cannot be asked."""
        if home.optional and not self.repository.deployment.has(home.object_type):
            return False
        meant = [constant for at, constant in home.means if at == path]
        if meant and home.kind != "record" and operator == "equals" and meant[0] != value:
            return False
        if not isinstance(value, str) or value == "" or operator not in ("equals", "contains"):
            return None
        if home.kind == "inside" and not meant and not _is_paired(home, path):
            # what stands in such a slot never has more than the absent value
            return None if absent(resource, path) == value else False
        if _by_variant(home, path) or (home.kind == "inside" and meant):
            return None
        return True if home.kind == "object" or operator == "equals" else None

    def _first_jobs(
        self, resource: Resource, home: Home, path: Path, value: Any, operator: Operator
    ) -> list[Job] | None:
        """The first calls that a home needs, as far as they are clear; None when it cannot be asked."""
        asked = self._asked(resource, home, path, value, operator)
        if not asked:
            return None if asked is None else []
        pair = home.pair_of.get(path)
        if home.kind == "object":
            search = "in" if operator == "equals" else "icontains"
            found_jobs = self.session.objects.found_jobs
            return [] if home.pairs else found_jobs(home.object_type, "__".join(path), [value], search)
        if home.kind == "inside":
            if pair is None:
                return None
            search, words = self._asked_of_slots(home, pair, value)
            return self.repository.owners.jobs_at(home, pair.at, words, search) if words is not None else []
        return self._record_jobs(resource, home, path, value)

    def _record_jobs(self, resource: Resource, home: Home, path: Path, value: str) -> list[Job] | None:
        assert home.place is not None
        searched = self._record_search(resource, home, path, value)
        if searched is None:
            return None
        jobs: list[Job] = []
        if searched.words:
            jobs += self.session.records.where_jobs(home.place, searched.parameter, searched.words)
        if searched.supplements:
            jobs += self.session.objects.found_jobs(SUPPLEMENT, "__".join((SEARCH, *path)), [value])
        return jobs

    def _record_search(self, resource: Resource, home: Home, path: Path, value: str) -> _RecordSearch | None:
        """Where a value of records can be; None when their register cannot be asked."""
        assert home.place is not None
        pair = home.pair_of.get(path)
        if pair is None:
            if value == absent(resource, path) or any(at == path for at, _ in home.means):
                return None
            return _RecordSearch("", (), supplements=True)
        parameter = self.repository.mappings.collections[home.place].search.get(".".join(pair.at))
        words = pair.search(value)
        if parameter is None or words is None:
            return None
        return _RecordSearch(parameter, words, supplements=not pair.total)

    def _in(
        self, resource: Resource, home: Home, path: Path, value: Any, operator: Operator
    ) -> list[Entry] | None:
        asked = self._asked(resource, home, path, value, operator)
        if not asked:
            return None if asked is None else []
        if home.kind == "object":
            return self._objects(resource, home, path, value, operator)
        if home.kind == "inside":
            return self._slots(resource, home, path, value, operator)
        return self._records(resource, home, path, value)

    def _asked_of_slots(self, home: Home, pair: Pair, value: str) -> tuple[str, list[str] | None]:
        """(operator, texts) of a search for owners; None when no texts can be searched for.

        In an object an old client may have left spaces around a text.
        """
        words, part = pair.search(value), longest_word(value)
        if words == [value] and part and not home.each and self.repository.owners.in_objects(home):
            return "icontains", [part]
        return "in", words

    def _slots(
        self, resource: Resource, home: Home, path: Path, value: str, operator: Operator
    ) -> list[Entry] | None:
        pair = home.pair_of.get(path)
        if pair is None or operator != "equals":
            return None
        search, words = self._asked_of_slots(home, pair, value)
        part = longest_word(value)
        if words is not None:
            owners = self.repository.owners.at(home, pair.at, words, search)
        elif len(pair.sources) > 1 and part and self.repository.owners.in_objects(home):
            found = [self.repository.owners.containing(home, at, part) for at in pair.sources]
            owners = list({each.uuid: each for entries in found for each in entries}.values())
        else:
            return None
        if home.owner is not None and home.owner[1] == "self":
            # an object that is mirrored there may have got its value from an old client
            return self.repository.related(resource.name, home.owner[0], [each.uuid for each in owners])
        return self.repository.slots(resource, home, owners)

    def _records(self, resource: Resource, home: Home, path: Path, value: str) -> list[Entry] | None:
        assert home.place is not None
        searched = self._record_search(resource, home, path, value)
        if searched is None:
            return None
        rows: list[dict[str, Any]] = []
        if searched.words:
            rows += self.session.records.where(home.place, searched.parameter, searched.words)
        if searched.supplements:
            rows += self._supplemented(resource, home, path, value)
        rows = list({row["url"]: row for row in rows}.values())
        return self.repository.hydration.records(resource, home, rows)

    def _supplemented(self, resource: Resource, home: Home, path: Path, value: str) -> list[dict[str, Any]]:
        """The records whose aanvulling has the value."""
        assert home.place is not None
        found = self.session.objects.found(SUPPLEMENT, "__".join((SEARCH, *path)), [value])
        uuids = [notes.record for each in found if (notes := Annotations(each.data)).kind == resource.name]
        return list(self.session.records.get(home.place, uuids).values())

    def _objects(
        self, resource: Resource, home: Home, path: Path, value: str, operator: Operator
    ) -> list[Entry] | None:
        search = "in" if operator == "equals" else "icontains"
        objects = self.session.objects
        if not home.pairs:
            found = objects.found(home.object_type, "__".join(path), [value], search)
            return self.repository.hydration.objects(resource, home, found)
        paired = self._paired(home, path, value, operator)
        if paired is None:
            return None
        if home.rest:
            name = "__".join((home.rest, SEARCH, *path))
            paired = [*paired, *objects.found(home.object_type, name, [value], search)]
        return self.repository.hydration.objects(
            resource, home, {each.uuid: each for each in paired}.values()
        )

    def _paired(self, home: Home, path: Path, value: str, operator: Operator) -> list[StoredObject] | None:
        """The objects with a value in the field of a path; None when they cannot be searched for."""
        pair, objects = home.pair_of.get(path), self.session.objects
        if pair is None:
            return [] if home.rest else None
        if len(pair.sources) > 1:
            # a text that is put together stands nowhere as a whole, but each of its words does
            part = longest_word(value)
            if not part:
                return None
            names = ["__".join(at) for at in pair.sources]
            jobs = [objects.found_jobs(home.object_type, name, [part], "icontains") for name in names]
            self.session.run([job for each in jobs for job in each])
            found = [objects.found(home.object_type, name, [part], "icontains") for name in names]
            return [each for one in found for each in one]
        name = "__".join(pair.at)
        if operator == "contains":
            contained = (
                None if pair.converted else objects.found(home.object_type, name, [value], "icontains")
            )
            return None if contained is None else list(contained)
        if pair.instant:
            day = [(name, sign, date) for sign, date in around(value)]
            return objects.limited(home.object_type, day).all(home.object_type) if day else None
        words, part = pair.search(value), longest_word(value)
        if home.read_only and words == [value] and part:
            # whoever keeps such a directory may have left spaces around a text
            return list(objects.found(home.object_type, name, [part], "icontains"))
        if words is None:
            words = named_words(objects, home, path, value)
        return None if words is None else list(objects.found(home.object_type, name, words))


def longest_word(text: str) -> str:
    """The longest word of a text that no cutting may have shortened; empty when there is none."""
    return max((word for word in text.split() if not word.endswith("…")), key=len, default="")


def around(instant: str) -> list[tuple[str, str]]:
    """(operator, date) between which an instant lies on any clock; nothing at the ends of the calendar."""
    try:
        day = dt.date.fromisoformat(instant[:10])
        return [("gte", str(day - dt.timedelta(1))), ("lt", str(day + dt.timedelta(2)))]
    except (ValueError, OverflowError):
        return []


def _by_variant(home: Home, path: Path) -> bool:
    """Whether only some of the records in a home have a field for a path."""
    tables = [table for _, table in home.variants]
    return any(pair.served == path for table in tables for pairs in table.values() for pair in pairs)


def _is_paired(home: Home, path: Path) -> bool:
    """Whether a home has anything to say of a served path."""
    return (
        home.pair_of.get(path) is not None
        or _by_variant(home, path)
        or any(each.served == path[: len(each.served)] for each in home.known)
        or (home.owner is not None and path[0] == home.owner[0])
    )
