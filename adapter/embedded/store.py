"""Documents in SQLite: a table per collection, with expression indexes on members of the JSON.

A store belongs to one event loop. Code between two awaits is not interrupted, so a check and the write after
it need no lock.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import orjson

BUSY_MILLISECONDS = 5000


def at(path: str) -> str:
    """The SQL expression for the member at a dotted path; the path must not come from a client."""
    return f"json_extract(t.data, '$.{path}')"


def new_uuid(random: Random) -> str:
    """A version 4 uuid."""
    return str(UUID(int=random.getrandbits(128), version=4))


@dataclass(frozen=True, slots=True)
class Row:
    """A stored record; `data` is without `url`, and without members that follow from other records."""

    uuid: str
    data: dict[str, Any]


@dataclass(slots=True)
class Query:
    """A query on one table, `t` in SQL. All conditions must hold."""

    order: str
    _joins: list[str] = field(default_factory=list)
    _joined: list[Any] = field(default_factory=list)
    _conditions: list[str] = field(default_factory=list)
    _values: list[Any] = field(default_factory=list)

    def where(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self._conditions.append(condition)
        self._values.extend(values)

    def join(self, clause: str, *values: Any) -> None:
        """Add a join, which repeats a row for every match in another table."""
        self._joins.append(clause)
        self._joined.extend(values)

    @property
    def values(self) -> list[Any]:
        """The values for the placeholders of `source`."""
        return [*self._joined, *self._values]

    def source(self, table: str) -> str:
        """The clauses FROM and WHERE."""
        where = f" WHERE {' AND '.join(self._conditions)}" if self._conditions else ""
        return f" FROM {table} t {' '.join(self._joins)}{where}"


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


class Table:
    """The records of one collection, numbered in the order of their creation."""

    def __init__(self, store: Store, name: str, indexed: Iterable[str], unique: Sequence[str] = ()) -> None:
        self.store = store
        self.name = name
        execute = store.connection.execute
        execute(
            f"CREATE TABLE IF NOT EXISTS {name} "
            "(pk INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, data TEXT NOT NULL)"
        )
        for path in indexed:
            label = f"{name}_{path.replace('.', '_')}"
            execute(f"CREATE INDEX IF NOT EXISTS {label} ON {name} ({_column(path)})")
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

    def replace(self, row: Row) -> None:
        """Replace the data of a record; its place in the order stays."""
        self.store.connection.execute(
            f"UPDATE {self.name} SET data = ? WHERE uuid = ?",  # noqa: S608
            (_text(row.data), row.uuid),
        )

    def remove(self, uuid: str) -> None:
        """Delete a record."""
        self.store.connection.execute(f"DELETE FROM {self.name} WHERE uuid = ?", (uuid,))  # noqa: S608

    def remove_where(self, path: str, value: str) -> None:
        """Delete every record with this value at the path."""
        statement = f"DELETE FROM {self.name} WHERE {_column(path)} = ?"  # noqa: S608
        self.store.connection.execute(statement, (value,))

    def get(self, uuid: str) -> Row | None:
        """The record with this uuid, or None."""
        statement = f"SELECT uuid, data FROM {self.name} WHERE uuid = ?"  # noqa: S608
        found = self.store.connection.execute(statement, (uuid,)).fetchone()
        return Row(found[0], orjson.loads(found[1])) if found else None

    def count(self, query: Query) -> int:
        """The number of rows of a query, repeated ones included."""
        statement = f"SELECT count(*){query.source(self.name)}"
        found: int = self.store.connection.execute(statement, query.values).fetchone()[0]
        return found

    def select(self, query: Query, limit: int = -1, offset: int = 0) -> list[Row]:
        """The rows of a query in its order; all of them when the limit is negative."""
        statement = f"SELECT t.uuid, t.data{query.source(self.name)} ORDER BY {query.order} LIMIT ? OFFSET ?"
        found = self.store.connection.execute(statement, (*query.values, limit, offset))
        return [Row(uuid, orjson.loads(data)) for uuid, data in found]

    def with_any(self, path: str, values: Sequence[str]) -> list[Row]:
        """The records whose value at the path is one of `values`, newest first."""
        query = Query("t.pk DESC")
        query.where(f"{at(path)} IN ({', '.join('?' * len(values))})", *values)
        return self.select(query)


def _column(path: str) -> str:
    return f"json_extract(data, '$.{path}')"


def _text(data: dict[str, Any]) -> str:
    return orjson.dumps(data).decode()
