"""A whole record of one side as the other side reads it, and what to write on that side for a change."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, assert_never

from adapter.correspondence.converting import Links, converted
from adapter.correspondence.model import (
    CodeOf,
    Constant,
    Correspondence,
    DayOf,
    Filler,
    FirstLine,
    Pair,
    Part,
    Rows,
    Side,
    Told,
    opposite,
)
from adapter.correspondence.rows import Row, meets, read, value_of
from adapter.mapping.codecs import DoesNotFit, cut
from adapter.mapping.paths import MISSING, Path, filled, get, put

# The rows that hang on a record, the oldest first.
RowsOf = Callable[[Rows], Sequence[Row]]


def alone(it: Correspondence, to: Side, record: Row, rows: RowsOf, links: Links) -> dict[str, Any]:
    """What the record of the other side and its rows say by themselves, without what stands beside.

    Fillers are part of it: what is kept beside is what differs from this.
    """
    found: dict[str, Any] = {}
    for pair in it.pairs:
        if counts(pair, record, opposite(to)) and (value := _said(pair, to, record, links)) is not MISSING:
            put_at(found, pair.at(to), value)
    for part in it.parts:
        if part.side == to and meets(found, part.only):
            value = value_of(part, rows(part.rows), links)
            if value is not MISSING:
                before = get(found, part.path)
                both = isinstance(value, Mapping) and isinstance(before, Mapping)
                put(found, part.path, {**before, **value} if both else value)
    for path, value in it.means(to):
        put(found, path, value)
    for path, filler in it.fill(to):
        if not filled(get(found, path)):
            value = filling(filler, found, str(record.get("uuid", "")))
            if filled(value) or value == []:
                put(found, path, value)
    return found


def put_at(record: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at a path, in which a number is a place in a list; what lacks before it is made."""
    for at, name in enumerate(path):
        if name.isdigit():
            items = get(record, path[:at])
            if not isinstance(items, list):
                items = []
                put(record, path[:at], items)
            items += [{} for _ in range(int(name) + 1 - len(items))]
            put(items[int(name)], path[at + 1 :], value)
            return
    put(record, path, value)


def counts(pair: Pair, record: Any, side: Side) -> bool:
    """Whether a pair counts for a record of this side."""
    return all(get(record, each.path) in each.values for each in pair.when if each.side == side)


def _said(pair: Pair, to: Side, record: Row, links: Links) -> Any:
    for sharper in pair.sharper:
        rows = record.get(sharper.relation) or ()
        if sharper.side == to and any(meets(row, sharper.where) for row in rows):
            return sharper.word if _agrees(pair, to, record, sharper.word, links) else MISSING
    return read(pair, to, record, links)


def _agrees(pair: Pair, to: Side, record: Row, word: str, links: Links) -> bool:
    """Whether the other side's word is one for which the sharper word may stand."""
    here = opposite(to)
    return bool(converted(pair, here, word, links) == get(record, pair.at(here)))


def filling(filler: Filler, record: Mapping[str, Any], uuid: str) -> Any:
    """The value of a filler in a record; MISSING for one that another record tells."""
    match filler:
        case Constant(value):
            return value
        case CodeOf():
            return code_of(uuid)
        case FirstLine(of, otherwise, longest):
            text = get(record, of)
            lines = text.strip().splitlines() if isinstance(text, str) else []
            return cut(longest)(lines[0]) if lines else otherwise
        case DayOf(of):
            text = get(record, of)
            return text[:10] if isinstance(text, str) and text else MISSING
        case Told():
            return MISSING
        case _:
            assert_never(filler)


def code_of(uuid: str) -> str:
    """A K and the first seven characters of a uuid in base32: the same for ever, and no number."""
    digits = bytes.fromhex(uuid.replace("-", "")[:10].ljust(10, "0"))
    return "K" + base64.b32encode(digits).decode()[:7]


def written(pair: Pair, to: Side, record: Mapping[str, Any], links: Links) -> Any:
    """What is written on side `to` for the pair's value in a record of the other side.

    MISSING when the record says nothing. Raises DoesNotFit when `to` cannot hold what it says.
    """
    here = opposite(to)
    value = get(record, pair.at(here))
    before = [text for path in pair.before(here) if filled(text := get(record, path))]
    if before:
        value = " ".join(map(str, [*before, *([value] if filled(value) else [])]))
    if not filled(value):
        value = next((each for path in pair.others(here) if filled(each := get(record, path))), MISSING)
    return converted(pair, to, value, links) if filled(value) else MISSING


def fits(pair: Pair, to: Side, record: Mapping[str, Any], links: Links) -> bool:
    """Whether side `to` can hold what the record says of a pair."""
    try:
        written(pair, to, record, links)
    except DoesNotFit:
        return False
    return True


def sources(pair: Pair, side: Side) -> tuple[Path, ...]:
    """The members of a side on which the value of a pair depends."""
    return (pair.at(side), *pair.others(side), *pair.before(side))


def parts_of(it: Correspondence, side: Side) -> list[Part]:
    """The parts of the record of a side."""
    return [each for each in it.parts if each.side == side]
