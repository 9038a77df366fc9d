"""The tables of the API Referentielijsten, each read once in a while and kept."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from adapter.errors import RegisterAnswer, RegisterError
from adapter.logs import logger
from adapter.registers.client import Register

log = logger("klantbrug.registers")

OK = 200
# The most that the API gives in a page, and the most pages that are read.
PAGE, PAGES = 500, 20
# In seconds. While a table cannot be read, it is asked for again after this.
PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Item:
    """A code of a table, and from when until when it holds; None where it has no bound."""

    code: str
    begin: dt.datetime | None
    end: dt.datetime | None

    def holds(self, now: dt.datetime) -> bool:
        """Whether it holds at this moment: from its begin on, and no more at its end."""
        return (self.begin is None or self.begin <= now) and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class _Known:
    items: tuple[Item, ...]
    until: float


class ReferenceLists:
    """Reads tables by their code (`KANAAL`) and keeps each for so many seconds. Threads may share it."""

    def __init__(
        self, register: Register, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._register, self._seconds, self._clock = register, seconds, clock
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def codes(self, table: str) -> list[str] | None:
        """The codes that hold now, in the order of the table; None of a table without any code.

        A table that cannot be read anew counts as it was read last. Raises RegisterError for one that could
        never be read.
        """
        items = self._items(table)
        now = dt.datetime.now(dt.UTC)
        return [each.code for each in items if each.holds(now)] if items else None

    def _items(self, table: str) -> tuple[Item, ...]:
        with self._lock:
            known = self._known.get(table)
            if known is not None and self._clock() < known.until:
                return known.items
            if known is not None:
                # Others go on with what is known, and nobody waits for a service that does not answer.
                self._known[table] = _Known(known.items, self._clock() + PAUSE)
        try:
            found = tuple(self._read(table))
        except RegisterError:
            if known is None:
                raise
            log.warning("list_outdated", register=self._register.name, table=table)
            return known.items
        with self._lock:
            self._known[table] = _Known(found, self._clock() + self._seconds)
        return found

    def _read(self, table: str) -> Iterator[Item]:
        for page in range(1, PAGES + 1):
            parameters = [("tabel__code", table), ("page", str(page)), ("pageSize", str(PAGE))]
            answer = self._register.call("GET", "items", params=parameters)
            body = answer.body if answer.status == OK and isinstance(answer.body, dict) else {}
            rows = body.get("results")
            if not isinstance(rows, list):
                raise RegisterAnswer(self._register.name)
            yield from (_item(each) for each in rows if isinstance(each, dict) and each.get("code"))
            if not body.get("next"):
                return


def _item(row: Mapping[str, Any]) -> Item:
    begin, end = (_moment(row.get(f"{part}datumGeldigheid")) for part in ("begin", "eind"))
    return Item(str(row["code"]), begin, end)


def _moment(text: Any) -> dt.datetime | None:
    """A moment as the API writes it (`2025-11-06T12:00:00Z`); None of anything else."""
    try:
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or dt.UTC)
