"""Read a list that a register gives page by page as one list, also while others write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adapter.engine.entities.stored_object import Record
from adapter.errors import RegisterUnavailable

READINGS = 3


def steady(register: str, read: Callable[[], Iterable[tuple[int, list[Record]]]]) -> list[Record]:
    """All records of a list, each once; `read` gives (count, records) of each page.

    What is created or deleted meanwhile shifts the records on the pages that are still to come: the counts
    differ, or a record comes twice. Then everything is read again; RegisterUnavailable when that goes on. A
    register that always gives the same record twice is taken as it is.
    """
    before: set[str] | None = None
    for _ in range(READINGS):
        counts: set[int] = set()
        rows: dict[str, Record] = {}
        for count, found in read():
            counts.add(count)
            rows.update({row["url"]: row for row in found})
        if len(counts) == 1 and (len(rows) in counts or set(rows) == before):
            return list(rows.values())
        before = set(rows)
    raise RegisterUnavailable(register)
