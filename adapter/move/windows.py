"""Windows of a register's collection: pages of its list, or parts of time that others cannot shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.stored_object import Record
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.session import Session
from adapter.mapping.codecs import moment
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, get

FEWEST, MOST = 500, 5_000
"""Parts of time with fewer or more records than this are followed by wider or narrower ones."""
SHORTEST = dt.timedelta(minutes=1)
READINGS = 3
LATER, EARLIER = "gte", "lt"


Asked = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """The instant by which a collection can be read in parts, and the parameters that ask for a part."""

    at: Path
    later: str
    earlier: str


def timed(resource: Resource, home: Home, document: Mapping[str, Any] | None) -> Timed | None:
    """How the records of a home are read in parts of time; None when its register offers no such search."""
    pair = home.pair_of.get((resource.order,)) if resource.order else None
    if pair is None or home.place is None or document is None:
        return None
    path = document.get("paths", {}).get(f"/{home.place.collection}", {})
    known = {each.get("name") for each in path.get("get", {}).get("parameters", ())}
    name = "__".join(pair.at)
    later, earlier = f"{name}__{LATER}", f"{name}__{EARLIER}"
    return Timed(pair.at, later, earlier) if {later, earlier} <= known else None


@dataclass(frozen=True, slots=True)
class Page:
    """Records that were read together, in their register's order; `offset` is that of the first."""

    session: Session
    rows: list[Record]
    count: int
    offset: int
    start: str
    until: str
    last: bool
    """Whether its window is done with it."""
    final: bool = False
    """Whether the collection is."""


class Windows:
    """Reads a collection page by page; each page in a session of its own, so that memory stays flat."""

    def __init__(self, deployment: Deployment, home: Home, by: Timed | None) -> None:
        assert home.place is not None
        self.deployment, self.place, self.by = deployment, home.place, by

    def count(self) -> int:
        """How many records the collection has now."""
        return self._page((), 0).count

    def all_from(self, number: int, until: str) -> Iterator[Page]:
        """The pages after window `number`, that ended at the instant `until`."""
        if self.by is None:
            return self._pages(number)
        return self._parts(number, until)

    def _pages(self, done: int) -> Iterator[Page]:
        """One page a window. What is deleted meanwhile shifts the rest: then a page is read once more."""
        number, before = done, -1
        while True:
            page = self._page((), number * RECORDS_PER_PAGE)
            if before > page.count and number:
                number -= min(number, -(-(before - page.count) // RECORDS_PER_PAGE))
                before = page.count
                continue
            before = page.count
            number += 1
            final = number * RECORDS_PER_PAGE >= page.count
            yield replace(page, last=True, final=final)
            if final:
                return

    def _parts(self, done: int, until: str) -> Iterator[Page]:
        assert self.by is not None
        first, last = self._ends()
        if not first:
            return
        if done == 0:
            yield from self._part(((self.by.earlier, first),), "", first)
            until = first
        width = self._width(first, last)
        while until and until < last:
            end = min(_later(until, width), last)
            asked = ((self.by.later, until), (self.by.earlier, end))
            count = self._page(asked, 0).count
            if count > MOST and width > SHORTEST:
                width = max(SHORTEST, width / 2)
                continue
            yield from self._part(asked, until, end)
            width = width * 2 if count < FEWEST else width
            until = end
        if until:
            yield from self._part(((self.by.later, until),), until, "")

    def _part(self, asked: Asked, start: str, end: str) -> Iterator[Page]:
        """The pages of a part of time; all again when its count changed meanwhile."""
        for _ in range(READINGS):
            counts, offset = set[int](), 0
            while True:
                page = self._page(asked, offset, start, end)
                counts.add(page.count)
                offset += RECORDS_PER_PAGE
                last = offset >= page.count
                if not last or len(counts) > 1:
                    yield page
                else:
                    yield _ended(page)
                    return
                if last:
                    break
        yield _ended(page)

    def _ends(self) -> tuple[str, str]:
        """The instants of the oldest record and, rounded up, of the newest; "" when there is none."""
        newest = self._page((), 0)
        if not newest.rows:
            return "", ""
        pages = -(-newest.count // RECORDS_PER_PAGE)
        oldest = self._page((), (pages - 1) * RECORDS_PER_PAGE) if pages > 1 else newest
        assert self.by is not None
        instants = sorted(moment(get(row, self.by.at)) for row in (*newest.rows, *oldest.rows))
        known = [each for each in instants if each]
        return (_text(_instant(known[0])), _text(_instant(known[-1]) + SHORTEST)) if known else ("", "")

    def _width(self, first: str, last: str) -> dt.timedelta:
        """So wide a part holds about as many records as are wanted, if they were spread evenly."""
        count = max(1, self.count())
        whole = _instant(last) - _instant(first)
        return max(SHORTEST, whole * min(1.0, (FEWEST + MOST) / 2 / count))

    def _page(self, asked: Asked, offset: int, start: str = "", until: str = "") -> Page:
        session = Session(self.deployment)
        read = session.records.page(self.place, asked, offset, RECORDS_PER_PAGE)
        count, _, rows = session.run(read)
        return Page(session, rows, count, offset, start, until, last=False)


def _ended(page: Page) -> Page:
    """The last page of a part of time; the last part has no end."""
    return replace(page, last=True, final=not page.until)


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _later(text: str, width: dt.timedelta) -> str:
    return _text(_instant(text) + width)


def _text(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
