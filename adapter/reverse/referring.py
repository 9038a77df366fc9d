"""The rows to which a record refers itself: found or made before the record is written, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import Part
from adapter.correspondence.rows import counted, item_of, meets
from adapter.mapping.paths import MISSING, filled, get
from adapter.reverse.making import Row, Values, found_or_made
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
    standing: set[str] = set()
    for part in parts:
        if not part.rows.own or part.read_only:
            continue
        rows = found.rows.get(part.rows.key, [dict(row) for row in record.get(part.rows.key) or ()])
        before, value = _said(part, was), _said(part, data)
        if before == value and record:
            continue
        after = _referred(session, part, rows, standing, Values(before, value))
        found.rows[part.rows.key] = after
        found.body[part.rows.own[0]] = [{"uuid": row["uuid"]} for row in after]
    return found


def _said(part: Part, record: Record) -> Any:
    return get(record, part.path) if meets(record, part.only) else MISSING


def _referred(session: Session, part: Part, rows: list[Row], standing: set[str], values: Values) -> list[Row]:
    """The rows after it: what stood for the value goes, what stands for it now comes in its place.

    standing: the uuids of the rows that stand for another part by now, to which those of this one are added.
    """
    before, value = values.was, values.value
    if part.kind == "one_of":
        was, will = _key(part, before), _key(part, value)
        stood = [row for row in counted(part, rows) if was is not None and _says(session, part, row, was)]
        old, wanted = stood[:1], [value] if will is not None else []
        if was == will and (old or not wanted):
            return rows
    else:
        wanted, old = list(value or ()), counted(part, rows)
    going = [dict(row) for row in old if row["uuid"] not in standing]
    new = [row for each in wanted if (row := _one(session, part, going, each)) is not None]
    standing |= {row["uuid"] for row in new}
    gone = {row["uuid"] for row in going}
    kept = [row for row in rows if row["uuid"] not in gone]
    there = {row["uuid"] for row in kept}
    place = next((at for at, row in enumerate(rows) if row["uuid"] in gone), len(rows))
    return [*kept[:place], *(row for row in new if row["uuid"] not in there), *kept[place:]]


def _key(part: Part, item: Any) -> Any:
    """The key in what a record says, or a row; None when it has none."""
    found = get(item, part.rows.shared or ()) if filled(item) else None
    return found if filled(found) else None


def _says(session: Session, part: Part, row: Mapping[str, Any], key: Any) -> bool:
    """Whether a row says this key."""
    return bool(_key(part, item_of(part, row, session.deployment.links)) == key)


def _one(session: Session, part: Part, old: list[Row], value: Any) -> Row | None:
    """The row for an item: one that says the same already, else one that is found or made."""
    key = _key(part, value)
    if key is None:
        return None
    there = next((row for row in old if _says(session, part, row, key)), None)
    return there if there is not None else found_or_made(session, part, value)
