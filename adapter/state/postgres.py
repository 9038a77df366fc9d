"""The state in PostgreSQL, for replicas on several machines."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from adapter.state.database import Row, Transaction
from adapter.state.errors import StateUnavailable
from adapter.state.fences import OWNERS, Fence
from adapter.state.migrations import MIGRATIONS

CONNECTIONS = 4
CONNECT_SECONDS = 5
WAIT_SECONDS = 10.0
# The space is added to it: the first key of KlantBrug's advisory locks, apart from those of other programs.
CLASS = 0x4B42


class PostgresTransaction:
    """A transaction of PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        cursor = self._executed(statement, values)
        return cursor.fetchall() if cursor.description else []

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._executed(statement, values).rowcount

    def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_named(statement), rows)

    def _executed(self, statement: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
        return self._connection.execute(_named(statement), values or None)


def _named(statement: str) -> bytes:
    """A statement with the placeholders of psycopg."""
    return statement.replace("?", "%s").encode()


class PostgresDatabase:
    """A pool of CONNECTIONS connections for the threads of a process; a broken one is replaced."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._closed = False
        self._free: queue.LifoQueue[psycopg.Connection[Any] | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._free.put(None)
        with self.transaction() as transaction:
            transaction.run("SELECT 1")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction. Raises StateUnavailable, immediately when the database is closed."""
        try:
            connection = self._free.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise StateUnavailable from None
        try:
            if self._closed:
                raise StateUnavailable
            if connection is None or connection.closed:
                connection = connect(self._url)
            with connection.transaction():
                yield PostgresTransaction(connection)
        except psycopg.Error:
            if connection is not None:
                connection.close()
            raise StateUnavailable from None
        finally:
            if connection is not None and self._closed:
                connection.close()
            self._free.put(None if connection is None or connection.closed else connection)

    def migrate(self) -> None:
        """Apply the migrations that were not applied yet; an advisory lock keeps other replicas waiting."""
        with self.transaction() as transaction:
            transaction.run("SELECT pg_advisory_xact_lock(?, 0)", (CLASS,))
            transaction.run("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)")
            done = transaction.run("SELECT count(*) FROM migrations")[0][0]
            for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
                for statement in script:
                    transaction.run(statement)
                transaction.run("INSERT INTO migrations VALUES (?)", (number,))

    def version(self) -> int:
        """The number of migrations that were applied."""
        with self.transaction() as transaction:
            if transaction.run("SELECT to_regclass('migrations')")[0][0] is None:
                return 0
            return int(transaction.run("SELECT count(*) FROM migrations")[0][0])

    def tidy(self) -> None:
        """Do nothing: PostgreSQL vacuums by itself."""

    def close(self) -> None:
        """Close the idle connections; the others close when their transaction ends."""
        self._closed = True
        free = []
        with suppress(queue.Empty):
            while True:
                free.append(self._free.get_nowait())
        for connection in free:
            if connection is not None:
                connection.close()
            self._free.put(None)


class PostgresFence(Fence):
    """Advisory locks, held by one connection; the server releases them when that breaks.

    After that this replica goes on under another `owner`, and the writes that it had begun under the old one
    are recovered as those of a replica that is gone.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._connect()

    def take(self, space: int, number: int) -> bool:
        """Take a lock if it is free, without waiting; returns whether it was."""
        with self._lock:
            try:
                return self._ask("SELECT pg_try_advisory_lock(%s, %s)", space, number)
            except psycopg.Error:
                self._connect()
        with self._lock:
            try:
                return self._ask("SELECT pg_try_advisory_lock(%s, %s)", space, number)
            except psycopg.Error:
                raise StateUnavailable from None

    def give(self, space: int, number: int) -> None:
        """Release a lock, unless the server has done so already."""
        with self._lock, suppress(psycopg.Error):
            self._ask("SELECT pg_advisory_unlock(%s, %s)", space, number)

    def close(self) -> None:
        """Release all locks."""
        with self._lock:
            self._connection.close()

    def _connect(self) -> None:
        number = secrets.randbelow(1 << 31)
        try:
            self._connection = connect(self._url)
            self._connection.autocommit = True
            self._ask("SELECT pg_try_advisory_lock(%s, %s)", OWNERS, number)
        except psycopg.Error:
            self.owner = ""
            raise StateUnavailable from None
        self.owner = str(number)

    def _ask(self, statement: str, space: int, number: int) -> bool:
        row = self._connection.execute(statement.encode(), (CLASS + space, number)).fetchone()
        return bool(row and row[0])


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection with TCP keepalives, which notices within seconds that the server is gone."""
    return psycopg.connect(
        url,
        connect_timeout=CONNECT_SECONDS,
        application_name="klantbrug",
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
    )
