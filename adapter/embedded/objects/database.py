"""The SQLite database: its tables, functions and transactions."""

import json
import re
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapter.embedded.objects.geometry import inside

# `records` has every record of every object; `latest` marks the one with the highest index. `attributes` has
# the texts and numbers in `data` by their path, as an index for `exact` and `in` on any path. `members` has
# all in `data` by its path, with its rank among values of other types: `icontains`, comparisons and orders
# look at that, and read the JSON of no record.
TABLES = """
CREATE TABLE IF NOT EXISTS objecttypes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    attributes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS versions (
    objecttype TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    json_schema TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    published_at TEXT,
    PRIMARY KEY (objecttype, version)
);
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL,
    objecttype TEXT NOT NULL,
    position INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    type_version INTEGER NOT NULL,
    start_at TEXT NOT NULL,
    end_at TEXT,
    registration_at TEXT NOT NULL,
    correction_for INTEGER,
    corrected_by INTEGER,
    geometry TEXT,
    links TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (uuid, position)
);
CREATE INDEX IF NOT EXISTS records_latest ON records (latest);
CREATE INDEX IF NOT EXISTS records_by_type ON records (latest, objecttype);
CREATE INDEX IF NOT EXISTS records_by_uuid ON records (latest, objecttype, uuid);
CREATE INDEX IF NOT EXISTS records_by_start ON records (latest, start_at);
CREATE INDEX IF NOT EXISTS records_by_registration ON records (latest, registration_at);
CREATE TABLE IF NOT EXISTS attributes (
    path TEXT NOT NULL,
    value NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (path, value, record)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attributes_by_record ON attributes (record);
CREATE TABLE IF NOT EXISTS members (
    path TEXT NOT NULL,
    record INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    value,
    PRIMARY KEY (path, record)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_by_record ON members (record);
"""


PLAIN = re.compile(r"[\w -]*", re.ASCII)  # means itself in a regular expression, and in JSON


class Database:
    """One connection, which all requests use in turn in the thread of the event loop.

    Another process with the same file waits for a write to end. `open` and `close` may be repeated.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        self._connection: sqlite3.Connection | None = None
        self.open()

    def open(self) -> None:
        if self._connection is not None:
            return
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        # Closes the connection of an application that was never started, and so is not stopped either.
        self._close = weakref.finalize(self, connection.close)
        self._close.atexit = False
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.create_function("contains", 2, contains, deterministic=True)
        connection.create_function("any_text_matches", 2, any_text_matches, deterministic=True)
        connection.create_function("within", 2, within, deterministic=True)
        connection.executescript(TABLES)
        self._connection = connection

    def close(self) -> None:
        if self._connection is not None:
            self._close()
            self._connection = None

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the database is closed")
        return self._connection

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None without rows."""
        found = self.row(sql, values)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction, rolled back when an error ends it; one within another is part of that."""
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def contains(value: Any, needle: str) -> bool:
    """Whether a value of `members` contains `needle`, which is in lower case; SQLite knows ASCII only."""
    return value is not None and needle in str(value).lower()


def any_text_matches(data: str, pattern: str) -> bool:
    """Whether a text in `data`, at any depth, matches a regular expression.

    An invalid expression is searched literally, where the Objects API answers 500.
    """
    if PLAIN.fullmatch(pattern) and pattern.lower() not in data.lower():
        return False  # without parsing the JSON
    try:
        expression = re.compile(pattern, re.IGNORECASE)
    except re.error:
        expression = re.compile(re.escape(pattern), re.IGNORECASE)
    return any(expression.search(text) for text in _texts(json.loads(data)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def within(geometry: str | None, area: str) -> bool:
    return geometry is not None and inside(json.loads(geometry), json.loads(area))
