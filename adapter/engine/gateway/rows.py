"""Lists of records, as a request keeps them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeGuard

from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import Record
from adapter.mapping.paths import Path, get

_GROUP = frozenset({dict})
_URL = itemgetter("url")


def are_rows(value: Any) -> TypeGuard[list[Record]]:
    """Whether something that came along with a record is a list of records."""
    return isinstance(value, list) and _GROUP.issuperset(map(type, value))


def uuids_of(rows: Iterable[Record]) -> list[str]:
    """The uuid of each of these records."""
    return list(map(uuid_in, map(_URL, rows)))


def by_uuid(rows: Iterable[Record]) -> dict[str, Record]:
    """uuid → record; of several with one uuid the last."""
    found = list(rows)
    return dict(zip(uuids_of(found), found, strict=True))


def placed(rows: list[Record], uuid: str, row: Record | None) -> list[Record]:
    """The rows with a record as it is now, in its place or first; without it when there is none."""
    now = [] if row is None else [row]
    at = next((number for number, each in enumerate(rows) if uuid_in(each["url"]) == uuid), None)
    if at is None:
        return [*now, *rows] if now else rows
    return [*rows[:at], *now, *rows[at + 1 :]]


def once(rows: Iterable[Record]) -> list[Record]:
    """The rows without repeats."""
    found = list(rows)
    return list(dict(zip(map(_URL, found), found, strict=True)).values())


def by_reference(rows: Iterable[Record], paths: Sequence[Path]) -> Mapping[str, list[Record]]:
    """uuid → the rows with a text at one of these paths that ends in it."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        for text in {text for path in paths if isinstance(text := get(row, path), str)}:
            found.setdefault(uuid_in(text), []).append(row)
    return found


def with_tied(instant: Callable[[int], str], length: int, low: int, high: int, page: int) -> tuple[int, int]:
    """The bounds of a part, moved out over what equals its first or last within a page of the register.

    `instant` gives that of a row by its number, of so many rows.
    """
    while low % page and low < high and instant(low - 1) == instant(low):
        low -= 1
    while high % page and low < high < length and instant(high) == instant(high - 1):
        high += 1
    return low, high


def together(lists: Iterable[Sequence[Record]], uuids: Collection[str]) -> Mapping[str, int] | None:
    """uuid → number of the rows of the first of these lists that has all of these; None where none has."""
    for rows in lists:
        found = {uuid_in(row["url"]): number for number, row in enumerate(rows)}
        if all(uuid in found for uuid in uuids):
            return found
    return None
