"""The records of objects. A change of an object adds a record; a date decides which one is visible."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from adapter.embedded.objects.conditions import Condition, joined
from adapter.embedded.objects.database import Database

SEPARATOR = "\x1f"  # between the keys of a path in `attributes`
INDEXED = 250  # longer texts are indexed by their hash
LARGEST = 2**63 - 1  # that SQLite takes as an integer

COLUMNS = (
    "r.id, r.uuid, r.objecttype, r.position, r.type_version, r.start_at, r.end_at, r.registration_at,"
    " r.correction_for, r.corrected_by, r.geometry, r.links, r.data"
)


class Record(NamedTuple):
    """A stored record; `geometry`, `links` (its references) and `data` are JSON as text."""

    id: int
    uuid: str
    objecttype: str
    position: int
    type_version: int
    start_at: str
    end_at: str | None
    registration_at: str
    correction_for: int | None
    corrected_by: int | None
    geometry: str | None
    links: str
    data: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that a client wants to write; `start_at` is a date as `2025-03-03`."""

    objecttype: str
    type_version: int
    start_at: str
    data: Mapping[str, Any]
    geometry: Any = None
    links: Sequence[Any] = ()
    correction_for: int | None = None


def latest(database: Database, uuid: str) -> Record | None:
    """The record of an object with the highest index, also when it starts in the future."""
    return first(database, [Condition("r.uuid = ?", (uuid,))])


def at(database: Database, uuid: str, position: int) -> Record | None:
    if not 0 < position <= LARGEST:
        return None
    return first(database, [Condition("r.uuid = ? AND r.position = ?", (uuid, position))])


def first(database: Database, conditions: Iterable[Condition]) -> Record | None:
    where, values = joined(conditions)
    row = database.row(
        f"SELECT {COLUMNS} FROM records r WHERE {where} ORDER BY r.position DESC LIMIT 1",  # noqa: S608
        values,
    )
    return None if row is None else Record._make(row)


def history(database: Database, uuid: str, limit: int, offset: int) -> list[Record]:
    rows = database.rows(
        f"SELECT {COLUMNS} FROM records r WHERE r.uuid = ? ORDER BY r.position LIMIT ? OFFSET ?",  # noqa: S608
        (uuid, limit, offset),
    )
    return [Record._make(row) for row in rows]


def count(database: Database, conditions: Iterable[Condition]) -> int:
    where, values = joined(conditions)
    return int(database.value(f"SELECT count(*) FROM records r WHERE {where}", values))  # noqa: S608


def page(
    database: Database, conditions: Iterable[Condition], order: Condition, limit: int, offset: int
) -> list[Record]:
    """The records from `offset` on. They are found and put in order before any of them is read."""
    where, values = joined(conditions)
    ids = database.rows(
        f"SELECT r.id FROM records r WHERE {where} ORDER BY {order.sql} LIMIT ? OFFSET ?",  # noqa: S608
        (*values, *order.values, limit, offset),
    )
    marks = ", ".join("?" * len(ids))
    rows = database.rows(
        f"SELECT {COLUMNS} FROM records r WHERE r.id IN ({marks})",  # noqa: S608
        [number for (number,) in ids],
    )
    found = {row[0]: Record._make(row) for row in rows}
    return [found[number] for (number,) in ids]


def add(database: Database, uuid: str, draft: Draft) -> Record:
    """Add a record to an object, or the first one of a new object.

    The record before it ends where this one starts, even if that is before its own start. The caller has
    checked that the object exists, or that the uuid is free.
    """
    with database.transaction() as connection:
        before = latest(database, uuid)
        position = before.position + 1 if before else 1
        if before:
            ended = "UPDATE records SET latest = 0, end_at = ? WHERE id = ?"
            connection.execute(ended, (draft.start_at, before.id))
        if draft.correction_for is not None:
            corrected = "UPDATE records SET corrected_by = ? WHERE uuid = ? AND position = ?"
            connection.execute(corrected, (position, uuid, draft.correction_for))
        made = _insert(database, uuid, position, draft)
        connection.executemany(
            "INSERT OR IGNORE INTO attributes (path, value, record) VALUES (?, ?, ?)",
            ((path, value, made.id) for path, value in attributes(draft.data)),
        )
        _add_members(database, made.id, in_stored_order(draft.data))
    return made


def complete(database: Database) -> None:
    """Give the records that an earlier version stored their members."""
    if database.value("SELECT 1 FROM members LIMIT 1"):
        return
    with database.transaction():
        for number, data in database.rows("SELECT id, data FROM records"):
            _add_members(database, number, json.loads(data))


def _add_members(database: Database, number: int, data: Mapping[str, Any]) -> None:
    database.connection.executemany(
        "INSERT INTO members (path, rank, value, record) VALUES (?, ?, ?, ?)",
        ((*member, number) for member in members(data)),
    )


def _insert(database: Database, uuid: str, position: int, draft: Draft) -> Record:
    """Insert a record; returns it as the answer shows it, with the members of `data` as they were sent."""
    made = Record(
        id=0,
        uuid=uuid,
        objecttype=draft.objecttype,
        position=position,
        type_version=draft.type_version,
        start_at=draft.start_at,
        end_at=None,
        registration_at=date.today().isoformat(),
        correction_for=draft.correction_for,
        corrected_by=None,
        geometry=None if draft.geometry is None else text_of(draft.geometry),
        links=text_of(list(draft.links)),
        data=text_of(draft.data),
    )
    values = {**made._asdict(), "id": None, "data": text_of(in_stored_order(draft.data)), "latest": 1}
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = database.connection.execute(f"INSERT INTO records ({names}) VALUES ({marks})", values)  # noqa: S608
    return made._replace(id=cursor.lastrowid or 0)


def remove(database: Database, uuid: str) -> None:
    """Delete an object with all its records."""
    with database.transaction() as connection:
        for table in ("attributes", "members"):
            connection.execute(
                f"DELETE FROM {table} WHERE record IN (SELECT id FROM records WHERE uuid = ?)",  # noqa: S608
                (uuid,),
            )
        connection.execute("DELETE FROM records WHERE uuid = ?", (uuid,))


def keep_without(database: Database, record: Record, url: str) -> None:
    """Remove a reference from a record, without adding a record."""
    links = [link for link in json.loads(record.links) if link["url"] != url]
    with database.transaction() as connection:
        connection.execute("UPDATE records SET links = ? WHERE id = ?", (text_of(links), record.id))


def visible_on(day: str) -> Condition:
    """The condition for the record of each object with the highest index of those that are valid on a day."""
    valid = "{0}.start_at <= ? AND ({0}.end_at IS NULL OR {0}.end_at >= ?)"
    return Condition(
        f"{valid.format('r')} AND NOT EXISTS (SELECT 1 FROM records n"  # noqa: S608
        f" WHERE n.uuid = r.uuid AND n.position > r.position AND {valid.format('n')})",
        (day, day, day, day),
    )


def registered_by(day: str) -> Condition:
    """The condition for the record of each object with the highest index of those registered by a day."""
    return Condition(
        "r.registration_at <= ? AND NOT EXISTS (SELECT 1 FROM records n"
        " WHERE n.uuid = r.uuid AND n.position > r.position AND n.registration_at <= ?)",
        (day, day),
    )


def narrowed(database: Database, condition: Condition, column: str, day: str) -> Condition:
    """A faster condition with the same result, when no object has a latest record after the day."""
    later = database.value(f"SELECT 1 FROM records WHERE latest = 1 AND {column} > ? LIMIT 1", (day,))  # noqa: S608
    return condition if later else Condition("r.latest = 1")


def attributes(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str | float]]:
    """(path, value) of the texts and numbers in `data`; those in lists cannot be searched."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from attributes(value, f"{above}{key}{SEPARATOR}")
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield above + key, indexed(value)


def members(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, int, Any]]:
    """(path, rank, value) of all in `data` but what is in a list; lists and objects as text of their JSON.

    Ranks are the order of values of different types in PostgreSQL's jsonb.
    """
    for key, value in data.items():
        path = above + key
        match value:
            case None:
                yield path, 0, None
            case str():
                yield path, 1, value
            case bool():
                yield path, 3, "true" if value else "false"
            case int() | float():
                yield path, 2, float(value) if abs(value) > LARGEST else value
            case list():
                yield path, 4, json.dumps(value, ensure_ascii=False)
            case dict():
                yield path, 5, json.dumps(value, ensure_ascii=False)
                yield from members(value, path + SEPARATOR)


def indexed(value: str | float) -> str | float:
    """The value by which a text or number is indexed, and searched for in the index."""
    if isinstance(value, str):
        return value if len(value) <= INDEXED else "\0" + hashlib.sha256(value.encode()).hexdigest()
    return float(value) if abs(value) > LARGEST else value


def in_stored_order(value: Any) -> Any:
    """The value with its members in the order of PostgreSQL's jsonb: by the length of their names."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode()), name))
        return {name: in_stored_order(value[name]) for name in names}
    return [in_stored_order(item) for item in value] if isinstance(value, list) else value


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
