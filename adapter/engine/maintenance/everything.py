"""Everything of one kind, batch by batch: for `klantbrug export`. In memory is never more than one batch.

A resource stands in a list of a register, as a record or an object, or in a slot of what does. Each list is
read page by page, and what is found is shown as the API shows it. Where the reading stands is a value, from
which it can go on later, also in another process.

What is created or deleted meanwhile moves the rest of a list. Then a part of it is read again, until it
overlaps what was read before, and repeats are left out. So each resource that is there all the time comes
once; one that is created or deleted meanwhile may be among them or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from adapter.engine.deployment import Deployment
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import uuid_in
from adapter.engine.gateway.scheduler import Read
from adapter.engine.gateway.session import Session
from adapter.engine.query.predicates import compare
from adapter.engine.read import hydration
from adapter.engine.read.reads import Reads
from adapter.engine.render.representations import NOTHING, Representations, Shown
from adapter.mapping.codecs import moment
from adapter.mapping.model import Home, Resource

PAGE = 100
# So many of what was read last are remembered, to see that a part overlaps it.
RECENT = 3 * PAGE
# A part of a list is read again from so many pages before, at most.
STEPS = 20
FEATURES = frozenset({"legacy_fields"})


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reading stands: in which source, how many of its list were read, and how many it had then.

    `recent` are the uuids that were read last.
    """

    source: int = 0
    start: int = 0
    count: int = 0
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A list of a register, and the slots in which what is looked for stands below what is listed."""

    resource: Resource
    home: Home
    below: tuple[tuple[Resource, Home], ...] = ()

    @property
    def last(self) -> tuple[Resource, Home]:
        """The kind of what is looked for, and its home."""
        return self.below[-1] if self.below else (self.resource, self.home)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of everything, as it is shown; `then` is where the reading stands after it.

    `done` of `count` records of one list were read by then.
    """

    shown: list[Shown]
    then: Position
    done: int
    count: int


def sources(deployment: Deployment, name: str) -> Iterator[Source]:
    """Where the resources of a kind are that its list shows."""
    resource = deployment.mappings.resources[name]
    for home in resource.by_precedence:
        if home.unlisted or home.found_by or (home.kind == "object" and not deployment.has(home.object_type)):
            continue
        if home.kind != "inside":
            yield Source(resource, home)
            continue
        for each in sources(deployment, home.owner_resource):
            if each.last[1].name == home.owner_home:
                yield replace(each, below=(*each.below, (resource, home)))


def everything(
    deployment: Deployment, name: str, since: str = "", position: Position = Position()
) -> Iterator[Batch]:
    """All resources of a kind, from a position on. Raises RegisterError.

    `since` is an instant in UTC: what is known to be older is left out. That goes by the member that orders
    the list, else by the creation; what a register client recorded may have no moment.
    """
    reading = Reading(deployment, name, since)
    while position.source < len(reading.sources):
        batch = reading.batch(position)
        yield batch
        position = batch.then


class Reading:
    """The reading of one kind."""

    def __init__(self, deployment: Deployment, name: str, since: str) -> None:
        self.deployment, self.since = deployment, moment(since)
        self.resource = deployment.mappings.resources[name]
        self.sources = list(sources(deployment, name))

    def batch(self, position: Position) -> Batch:
        """The next part from a position on."""
        source, parts = self.sources[position.source], dict[int, tuple[Reads, list[Entry]]]()

        def listed(start: int) -> tuple[int, list[str]]:
            session = Session(self.deployment)
            # As in a list, nothing is asked for each of a batch.
            session.into = frozenset({self.resource.name})
            reads = Reads(session)
            count, uuids, entries = reads.session.run(_listed(reads, source, start))
            parts[start] = reads, entries
            return count, uuids

        start, count, uuids, known = placed(source, position, listed)
        reads, entries = parts[start]
        new = [each for each in entries if each.uuid not in known]
        shown = reads.session.run(self._shown(reads, source, new))
        end = start + len(uuids)
        ended = end >= count or not uuids or (bool(new) and self._past(source, new))
        then = Position(position.source + 1) if ended else after(position, start, count, uuids, known)
        return Batch(shown, then, min(end, count), count)

    def _shown(self, reads: Reads, source: Source, entries: list[Entry]) -> Read[list[Shown]]:
        for resource, home in source.below:
            entries = yield from reads.slots(resource, home, entries)
        resource, home = source.last
        if home.kind != "object":
            # what moved into an object is that
            moved = yield from reads.objects(resource, [each.uuid for each in entries])
            gone = {each.uuid for each in moved}
            entries = [each for each in entries if each.uuid not in gone]
        yield from reads.complete(entries)
        entries = [each for each in entries if not self._is_older(each)]
        return (yield from Representations(reads, FEATURES).show(reads.keep(entries), NOTHING))

    def _is_older(self, entry: Entry) -> bool:
        when = _moment_of(entry)
        return bool(self.since) and bool(when) and compare("lt", self.since)(when)

    def _past(self, source: Source, entries: list[Entry]) -> bool:
        """Whether nothing that is new enough is left in a list that its register has newest first."""
        ordered = bool(source.resource.order) and source.home.kind == "record"
        return ordered and not source.below and all(map(self._is_older, entries))


def _listed(reads: Reads, source: Source, start: int) -> Read[tuple[int, list[str], list[Entry]]]:
    """(how many the list has, the uuids of a part of it, what these are)."""
    resource, home, session = source.resource, source.home, reads.session
    if home.place is not None:
        count, _, rows = yield from session.records.page(home.place, (), start, PAGE)
        entries = yield from hydration.of_records(reads, resource, home, rows)
        return count, [uuid_in(row["url"]) for row in rows], entries
    # a page of the Objects API begins at a multiple of its length
    number, before = start // PAGE + 1, start % PAGE
    count, found = yield from session.objects.page(home.object_type, (), "uuid", number, PAGE)
    found = found[before:]
    entries = yield from hydration.of_objects(reads, resource, home, found)
    return count, [each.uuid for each in found], entries


def _moment_of(entry: Entry) -> str:
    """When a resource took place, or else was created; empty when nobody says."""
    member = entry.resource.order
    return moment(entry.values.get(member) if member else entry.created)


Part = tuple[int, int, list[str], set[str]]
"""Where a part of a list begins, how many the list has, its uuids, those of them that were read before."""


def placed(source: Source, position: Position, listed: Callable[[int], tuple[int, list[str]]]) -> Part:
    """The part of a list with which a reading goes on; `listed` gives count and uuids from a place on.

    When the list has moved, the part begins where it overlaps what was read.
    """
    start = position.start
    count, uuids = listed(start)
    known = _known(source, position, uuids)
    if not position.count or count == position.count:
        return start, count, uuids, known
    # records that are new stand before all others, objects anywhere
    start += count - position.count if source.home.place is not None else 0
    for _ in range(STEPS):
        start = max(0, min(start, count) - PAGE)
        count, uuids = listed(start)
        known = _known(source, position, uuids)
        if known or start == 0:
            break
    return start, count, uuids, known


def after(position: Position, start: int, count: int, uuids: list[str], known: set[str]) -> Position:
    """Where a reading stands after a part."""
    recent = (*position.recent, *(uuid for uuid in uuids if uuid not in known))[-RECENT:]
    return Position(position.source, start + len(uuids), count, recent)


def _known(source: Source, position: Position, uuids: list[str]) -> set[str]:
    """Those of these uuids that were read before; objects come in the order of their uuids."""
    if source.home.place is None and position.recent:
        return {uuid for uuid in uuids if uuid <= position.recent[-1]}
    return set(position.recent).intersection(uuids)
