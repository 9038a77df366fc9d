"""The rows to which a record refers itself: found or made before the record is written, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import Part
from adapter.correspondence.rows import chosen, counted, item_of, meets
from adapter.mapping.paths import MISSING, filled, get
from adapter.reverse.making import Row, found_or_made
from adapter.reverse.session import Session

Record = Mapping[str, Any]


@dataclass(slots=True)
class Referred:
    """The rows to which a record is to refer itself, by the key of their parts; `body` has the references."""

    body: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


def refer(session: Session, parts: tuple[Part, ...], record: Record, was: Record, data: Record) -> Referred:
    """Find or make the rows that a record refers to itself, where an old record no longer says the same.

    record: that which refers, with the rows that it has; {} for one that is to be made.
    """
    found = Referred()
    for part in parts:
        if not part.rows.own or part.read_only:
            continue
        rows = found.rows.get(part.rows.key, [dict(row) for row in record.get(part.rows.key) or ()])
        before, value = _said(part, was), _said(part, data)
        if before == value and record:
            continue
        after = _referred(session, part, rows, before, value)
        found.rows[part.rows.key] = after
        found.body[part.rows.own[0]] = [{"uuid": row["uuid"]} for row in after]
    return found


def _said(part: Part, record: Record) -> Any:
    return get(record, part.path) if meets(record, part.only) else MISSING


def _referred(session: Session, part: Part, rows: list[Row], before: Any, value: Any) -> list[Row]:
    """The rows after it: what stood for the value goes, what stands for it now comes in its place."""
    links = session.deployment.links
    key = part.rows.shared or ()
    if part.kind == "one_of":
        row = chosen(part, rows, links)
        wanted = [value] if filled(value) and filled(get(value, key)) else []
        same = wanted and row is not None and get(item_of(part, row, links), key) == get(value, key)
        if same or not (wanted or filled(before)):
            return rows
        old = [dict(row)] if row is not None and filled(before) else []
    else:
        wanted, old = list(value or ()), [dict(row) for row in counted(part, rows)]
    new = [row for each in wanted if (row := _one(session, part, old, each)) is not None]
    gone = {row["uuid"] for row in old}
    kept = [row for row in rows if row["uuid"] not in gone]
    there = {row["uuid"] for row in kept}
    return [*kept, *(row for row in new if row["uuid"] not in there)]


def _one(session: Session, part: Part, old: list[Row], value: Any) -> Row | None:
    """The row for an item: one that says the same already, else one that is found or made."""
    key = part.rows.shared or ()
    if not filled(get(value, key)):
        return None
    for row in old:
        item = item_of(part, row, session.deployment.links)
        if item is not MISSING and get(item, key) == get(value, key):
            return row
    return found_or_made(session, part, value)
