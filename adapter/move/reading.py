"""Read everything that KlantBrug serves into a book: a page of records at a time, with what hangs on it.

The mappings decide what is served. What hangs on the records of a page is found by a few searches for all of
them together, never record by record, and never by way of a public list.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from adapter.engine.deployment import Deployment
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import uuid_in
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.session import Session
from adapter.engine.read import hydration
from adapter.engine.read.reads import Reads
from adapter.engine.render.representations import Representations
from adapter.mapping.model import Home, Resource
from adapter.move.book import Book, Found, Window
from adapter.move.own_values import own_values
from adapter.move.places import LEGACY as LEGACY_PLACE
from adapter.move.places import legacy_place, place_of, record_number
from adapter.move.target import Target
from adapter.move.windows import Page, Windows, timed

WITHOUT_END = 1_000_000_000
OBJECTS_A_PAGE = 500
UUID_ORDER = "uuid"
LEGACY = frozenset({"legacy_fields"})


class Calls(Protocol):
    """How many register calls were made so far."""

    def __call__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass is: `source` is read now, `done` of `total` of its records."""

    source: str
    done: int
    total: int
    calls: int
    rate: float
    """Records a second, in this run."""

    @property
    def seconds_left(self) -> float | None:
        """The time that the rest of the source takes at this rate; None when that is not known."""
        return max(0, self.total - self.done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class Source:
    """Something that is read from one end to the other: a collection, or the objects of a type."""

    name: str
    resource: Resource
    home: Home
    root: bool
    """Whether everything of it is read; else only what the pass has not met."""


class Reader:
    """One pass over the registers of a deployment."""

    def __init__(
        self,
        deployment: Deployment,
        target: Target,
        book: Book,
        documents: Mapping[str, Mapping[str, Any] | None],
        calls: Calls,
    ) -> None:
        """`documents` are the specifications of the registers, by name: what they can be searched by."""
        self.deployment = replace(deployment, scan_bound=WITHOUT_END)
        self.target, self.book, self.documents, self.calls = target, book, documents, calls
        self.resources = deployment.mappings.resources

    def read(self, at: Callable[[Progress], None] = lambda _: None) -> None:
        """Begin a pass, or go on with one that was not finished. Raises RegisterError.

        What was done stays done, whenever this ends.
        """
        self.book.begin()
        for source in self.sources():
            if self.book.is_done(source.name):
                continue
            read = self._records if source.home.place is not None else self._objects
            read(source, at)
            self.book.done(source.name)
        self.book.finish()

    def sources(self) -> Iterator[Source]:
        """What is read, in order: first what others name, last what nothing led to."""
        plan = self.target.reading
        for name in plan["free"]:
            yield from self._homes(name, "object", root=True)
        for name in plan["pages"]:
            yield from self._homes(name, "record", root=True)
        for name in self.target.resources:
            if name not in plan["free"]:
                yield from self._homes(name, "object", root=False)
            if name not in plan["pages"]:
                yield from self._homes(name, "record", root=False)

    def _homes(self, name: str, kind: str, *, root: bool) -> Iterator[Source]:
        resource = self.resources[name]
        for home in resource.homes.values():
            if home.kind == kind and (kind != "object" or self.deployment.has(home.object_type)):
                yield Source(f"{name}.{home.name}", resource, home, root)

    # collections

    def _records(self, source: Source, at: Callable[[Progress], None]) -> None:
        home = source.home
        assert home.place is not None
        document = self.documents.get(home.place.register)
        by = timed(source.resource, home, document) if source.root else None
        windows = Windows(self.deployment, home, by)
        total = windows.count()
        last = self.book.last_window(source.name)
        number, met = (last.number, last.total) if last else (0, 0)
        clock = _Clock(self.calls)
        begun = met
        for page in windows.all_from(number, last.until if last else ""):
            found = self._page(source, page)
            met += len(page.rows)
            window = None
            if page.last:
                number = number + 1 if by else page.offset // RECORDS_PER_PAGE + 1
                window = Window(source.name, number, page.until, len(page.rows), met, *clock.lap())
            self.book.put(found, window, final=page.final)
            at(Progress(source.name, met, total, self.calls(), clock.rate(met - begun)))

    def _page(self, source: Source, page: Page) -> list[Found]:
        """The resources that these records are, and all that hangs on them."""
        reads = Reads(page.session)
        home, rows = source.home, page.rows
        numbers = {
            uuid_in(row["url"]): record_number(page.start, page.count, page.offset + place)
            for place, row in enumerate(page.rows)
        }
        if not source.root:
            new = self.book.unseen(source.resource.name, numbers)
            rows = [row for row in rows if uuid_in(row["url"]) in new]
            self._order(source, {uuid: each for uuid, each in numbers.items() if uuid not in new})
        run = page.session.run
        entries = reads.keep(run(hydration.of_records(reads, source.resource, home, rows)))
        below = self.target.reading["pages"].get(source.resource.name, {}) if source.root else {}
        return self._with(reads, entries, below, numbers)

    def _order(self, source: Source, numbers: Mapping[str, str]) -> None:
        """What register clients made comes in the order of its own collection, as in the list."""
        resource, home = source.resource, source.home
        if not resource.order:
            places = ((uuid, legacy_place(resource, home, number)) for uuid, number in numbers.items())
            self.book.order(resource.name, home.name, places, LEGACY_PLACE)

    def _with(
        self, reads: Reads, entries: Sequence[Entry], below: Mapping[str, str], numbers: dict[str, str]
    ) -> list[Found]:
        """These resources, what refers to them by the members in `below`, and who only they name."""
        all_: list[Entry] = list(entries)
        by_kind: dict[str, list[str]] = {}
        for each in entries:
            by_kind.setdefault(each.resource.name, []).append(each.uuid)
        for name, member in below.items():
            to = self.resources[name].members[member].to
            parents = by_kind.get(to, [])
            found = reads.session.run(reads.related(name, member, parents)) if parents else []
            for each in found:
                if each.uuid not in by_kind.setdefault(name, []):
                    by_kind[name].append(each.uuid)
                    numbers.setdefault(each.uuid, numbers.get(each.reference(member) or "", ""))
                    all_.append(each)
        all_ += self._named(reads, all_)
        return self._found(reads, all_, numbers)

    def _named(self, reads: Reads, entries: Iterable[Entry]) -> list[Entry]:
        """Those that no list shows: these resources name them, and the pass has not met them."""
        wanted: dict[str, set[str]] = {}
        for entry in entries:
            for member in entry.resource.members.values():
                if member.to in self.target.reading["named"]:
                    wanted.setdefault(member.to, set()).update(entry.references(member.name))
        found: list[Entry] = []
        for name, uuids in wanted.items():
            new = self.book.unseen(name, uuids)
            found += reads.session.run(reads.get(name, sorted(new))).values()
        return found

    def _found(self, reads: Reads, entries: list[Entry], numbers: Mapping[str, str]) -> list[Found]:
        reads.session.run(reads.complete(entries))
        shown = Representations(reads, LEGACY)
        result = []
        for each in entries:
            owner = each.owner or each
            number = numbers.get(owner.uuid) or numbers.get(each.uuid) or ""
            place = place_of(each, number)
            result.append(
                Found(each.resource.name, each.uuid, each.home.name, place, own_values(shown, each))
            )
        return result

    # objects

    def _objects(self, source: Source, at: Callable[[Progress], None]) -> None:
        """All objects of a type, by uuid, which no change of theirs shifts; those that are not met yet."""
        last = self.book.last_window(source.name)
        number, met = (last.number, last.total) if last else (0, 0)
        clock = _Clock(self.calls)
        begun, before = met, -1
        while True:
            session = Session(self.deployment)
            reads = Reads(session)
            page = session.objects.page(source.home.object_type, (), UUID_ORDER, number + 1, OBJECTS_A_PAGE)
            count, stored = session.run(page)
            if before > count and number:
                # what was deleted shifted the rest: the page before may hold what this one should
                number, before = number - 1, count
                continue
            before = count
            new = self.book.unseen(source.resource.name, [each.uuid for each in stored])
            wanted = [each for each in stored if each.uuid in new]
            hydrated = hydration.of_objects(reads, source.resource, source.home, wanted)
            entries = reads.keep(session.run(hydrated)) if wanted else []
            embedded = list(self._inside(reads, entries))
            found = self._with(reads, [*entries, *embedded], {}, {})
            number, met = number + 1, met + len(stored)
            final = number * OBJECTS_A_PAGE >= count
            window = Window(source.name, number, "", len(stored), met, *clock.lap())
            self.book.put(found, window, final=final)
            at(Progress(source.name, met, count, self.calls(), clock.rate(met - begun)))
            if final:
                return

    def _inside(self, reads: Reads, owners: Sequence[Entry]) -> Iterator[Entry]:
        """What stands in these objects and is a resource of its own, of what a list shows."""
        for name in self.target.resources:
            resource = self.resources[name]
            for home in resource.homes.values():
                if home.kind != "inside" or home.unlisted:
                    continue
                mine = [
                    each
                    for each in owners
                    if (each.resource.name, each.home.name) == (home.owner_resource, home.owner_home)
                ]
                if mine:
                    found = reads.session.run(reads.slots(resource, home, mine))
                    new = self.book.unseen(name, [each.uuid for each in found])
                    yield from (each for each in found if each.uuid in new)


class _Clock:
    """Calls and seconds of each window, and the rate since this run began."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._began = calls, time.monotonic()
        self._lap = (calls(), self._began)

    def lap(self) -> tuple[int, float]:
        """(calls, seconds) since the last one."""
        now = (self._calls(), time.monotonic())
        calls, seconds = now[0] - self._lap[0], now[1] - self._lap[1]
        self._lap = now
        return calls, seconds

    def rate(self, count: int) -> float:
        """So many a second."""
        seconds = time.monotonic() - self._began
        return count / seconds if seconds else 0.0
