"""Which rows of a relation count for a part, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.correspondence.converting import Links, converted
from adapter.correspondence.model import GIVEN, OTHERWISE, Pair, Part, Side, opposite
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, Path, filled, get, put

Row = Mapping[str, Any]
Constants = tuple[tuple[Path, Any], ...]


def meets(row: Any, conditions: Constants) -> bool:
    """Whether a record is like this: `given` is any value, null is none."""
    return all(_meets(get(row, path), wanted) for path, wanted in conditions)


def _meets(value: Any, wanted: Any) -> bool:
    if wanted == GIVEN:
        return filled(value)
    return not filled(value) if wanted is None else value == wanted


def counted(part: Part, rows: Sequence[Row]) -> list[Row]:
    """The rows that count for a part, those that it prefers first, then the oldest."""
    found = [row for row in rows if meets(row, part.rows.where)]
    return sorted(found, key=lambda row: not meets(row, part.rows.prefer)) if part.rows.prefer else found


def chosen(part: Part, rows: Sequence[Row], links: Links) -> Row | None:
    """The row that is the value of a part: the first that says something."""
    return next((row for row in counted(part, rows) if item_of(part, row, links) is not MISSING), None)


def value_of(part: Part, rows: Sequence[Row], links: Links) -> Any:
    """What the rows of a part say to the other side; MISSING when they say nothing.

    rows: all that hang on the record, the oldest first.
    """
    found = counted(part, rows)
    if part.quantifier is not None:
        if not found:
            return MISSING
        test = part.quantifier.test
        any_is = any(meets(row, test) for row in found)
        return part.quantifier.then if any_is else part.quantifier.otherwise
    if part.kind == "each_of":
        items = [item for row in found if (item := item_of(part, row, links)) is not MISSING]
        return items or MISSING
    return next((item for row in found if (item := item_of(part, row, links)) is not MISSING), MISSING)


def item_of(part: Part, row: Row, links: Links) -> Any:
    """What one row says; MISSING when that is nothing."""
    side = part.side
    item: dict[str, Any] = {}
    for pair in part.pairs:
        value = read(pair, side, row, links)
        if value is not MISSING:
            if not pair.at(side):
                return value
            put(item, pair.at(side), value)
    if part.filled is not None and not filled(get(item, part.filled)):
        return MISSING
    for below in part.parts:
        value = value_of(below, row.get(below.rows.key) or (), links)
        if value is not MISSING:
            put(item, below.path, value)
    return item or MISSING


def read(pair: Pair, to: Side, record: Any, links: Links) -> Any:
    """What the record of the other side says of a pair, as `to` has it; MISSING when it says nothing."""
    here = opposite(to)
    for path in (pair.at(here), *pair.others(here)):
        value = get(record, path)
        if filled(value):
            try:
                found = converted(pair, to, value, links)
            except DoesNotFit:
                return MISSING
            return found if filled(found) else MISSING
    return MISSING


def worded(words: tuple[tuple[str, Any], ...], value: Any) -> Any:
    """The word for a value; that for `*` when it has none of its own."""
    table = dict(words)
    return table.get(value, table.get(OTHERWISE, MISSING))
