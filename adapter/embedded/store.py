"""Documents in SQLite: a table per collection, with expression indexes on members of the JSON.

A store belongs to one event loop. Code between two awaits is not interrupted, so a check and the write after
it need no lock.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import orjson

from adapter.collection import Compared, Condition, HasUuid, Linked, Question, Row, StillReferred

BUSY_MILLISECONDS = 5000


def new_uuid(random: Random) -> str:
    """A version 4 uuid."""
    return str(UUID(int=random.getrandbits(128), version=4))


class Store:
    """A SQLite database: a file, or `:memory:`. The uuids of records are drawn from `random`.

    With `loose_order`, records with the same sort key change places with every write. Real registers do not
    promise any order for them.
    """

    def __init__(self, path: str | Path) -> None:
        self.random: Random = SystemRandom()
        self.loose_order = False
        self.connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        # Closes the connection of an application that was never started, and so is not stopped either.
        self._close = weakref.finalize(self, self.connection.close)
        self._close.atexit = False
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction: committed at its end, rolled back when an error ends it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the database."""
        self._close()


@dataclass(frozen=True, slots=True)
class Referring:
    """The records of a table that refer to another record, by the path of the uuid in them."""

    table: Table
    path: str


class Table:
    """The records of one collection, numbered in the order of their creation; a `Collection`.

    Records that are not asked for in another order come in that of `order`, newest first where it says
    nothing. Of a record that is deleted, those of `owned` are deleted too; one of `referring` prevents it.
    """

    owned: Sequence[Referring] = ()
    referring: Sequence[Referring] = ()

    def __init__(
        self,
        store: Store,
        name: str,
        indexed: Iterable[str],
        unique: Sequence[str] = (),
        order: Sequence[tuple[str, bool]] = (),
    ) -> None:
        self.store = store
        self.name = name
        self._order = order
        execute = store.connection.execute
        execute(
            f"CREATE TABLE IF NOT EXISTS {name} "
            "(pk INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, data TEXT NOT NULL)"
        )
        for path in indexed:
            # in the order of the list, so that a page of what has one value is read and no more
            paths = [path, *(each for each, _ in order if each != path)]
            label, columns = "_".join((name, *paths)).replace(".", "_"), ", ".join(map(_column, paths))
            execute(f"CREATE INDEX IF NOT EXISTS {label} ON {name} ({columns})")
        if unique:
            columns = ", ".join(_column(path) for path in unique)
            execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {name}_unique ON {name} ({columns})")

    def add(self, data: dict[str, Any]) -> Row:
        """Add a record with a new uuid (version 4)."""
        row = Row(new_uuid(self.store.random), data)
        self.store.connection.execute(
            f"INSERT INTO {self.name} (uuid, data) VALUES (?, ?)",  # noqa: S608 (names of this package)
            (row.uuid, _text(data)),
        )
        return row

    def add_all(self, rows: Iterable[Row]) -> None:
        """Add many records, an order of magnitude faster than one by one."""
        self.store.connection.executemany(
            f"INSERT INTO {self.name} (uuid, data) VALUES (?, ?)",  # noqa: S608 (names of this package)
            ((row.uuid, _text(row.data)) for row in rows),
        )

    def replace(self, row: Row) -> None:
        """Replace the data of a record; its place in the order stays."""
        self.store.connection.execute(
            f"UPDATE {self.name} SET data = ? WHERE uuid = ?",  # noqa: S608
            (_text(row.data), row.uuid),
        )

    def remove(self, uuid: str) -> None:
        """Delete a record with those that it owns. Raises StillReferred."""
        rows = [row for each in self.referring for row in each.table.with_any(each.path, [uuid])]
        if any(row.uuid != uuid for row in rows):
            raise StillReferred
        with self.store.transaction():
            for each in self.owned:
                each.table.delete(each.path, uuid)
            self.store.connection.execute(f"DELETE FROM {self.name} WHERE uuid = ?", (uuid,))  # noqa: S608

    def delete(self, path: str, value: str) -> None:
        """Delete every record with this value at the path."""
        statement = f"DELETE FROM {self.name} WHERE {_column(path)} = ?"  # noqa: S608
        self.store.connection.execute(statement, (value,))

    def get(self, uuid: str) -> Row | None:
        """The record with this uuid, or None."""
        statement = f"SELECT uuid, data FROM {self.name} WHERE uuid = ?"  # noqa: S608
        found = self.store.connection.execute(statement, (uuid,)).fetchone()
        return Row(found[0], orjson.loads(found[1])) if found else None

    def page(self, question: Question, size: int, offset: int) -> tuple[int, list[Row]]:
        """How many records there are in all, and those from `offset`; with `Linked`, repeated ones."""
        source, values = _source(self.name, question.conditions)
        execute = self.store.connection.execute
        count: int = execute(f"SELECT count(*){source}", values).fetchone()[0]
        statement = f"SELECT t.uuid, t.data{source} ORDER BY {self._sorting(question)} LIMIT ? OFFSET ?"
        found = execute(statement, (*values, size, offset))
        return count, [Row(uuid, orjson.loads(data)) for uuid, data in found]

    def with_any(self, path: str, values: Sequence[str]) -> list[Row]:
        """The records whose value at the path is one of `values`, newest first."""
        statement = (
            f"SELECT t.uuid, t.data FROM {self.name} t WHERE {_member('t', path)} {_among(values)}"  # noqa: S608
            " ORDER BY t.pk DESC"
        )
        found = self.store.connection.execute(statement, tuple(values))
        return [Row(uuid, orjson.loads(data)) for uuid, data in found]

    def _sorting(self, question: Question) -> str:
        own = not question.order and bool(self._order)
        terms = [
            f"{_member('t', path)} {'DESC' if descending else 'ASC'}"
            for path, descending in question.order or self._order
        ]
        loose = "(t.pk * 7919 + total_changes() * 31) % 97, t.pk"
        return ", ".join([*terms, loose if own and self.store.loose_order else "t.pk DESC"])


def _source(table: str, conditions: Iterable[Condition]) -> tuple[str, list[Any]]:
    """The clauses FROM and WHERE for a table that they call `t`, and the values of their placeholders."""
    joins: list[str] = []
    joined: list[Any] = []
    tests: list[str] = []
    tested: list[Any] = []
    for each in conditions:
        match each:
            case Linked(other, member, by, values):
                matching = f"{_member(other, member)} {_among(values)}"
                joins.append(f"JOIN {other} ON {_member(other, by)} = t.uuid AND {matching}")
                joined += values
            case Compared(path, operator, value):
                tests.append(f"{_member('t', path)} {operator} ?")
                tested.append(value)
            case HasUuid(uuid):
                tests.append("t.uuid = ?")
                tested.append(uuid)
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    return f" FROM {table} t {' '.join(joins)}{where}", [*joined, *tested]


def _among(values: Sequence[str]) -> str:
    return f"IN ({', '.join('?' * len(values))})"


def _member(table: str, path: str) -> str:
    """The SQL expression for the member at a dotted path; the path must not come from a client."""
    return f"json_extract({table}.data, '$.{path}')"


def _column(path: str) -> str:
    return f"json_extract(data, '$.{path}')"


def _text(data: dict[str, Any]) -> str:
    return orjson.dumps(data).decode()
