"""The database of the state: SQLite in write-ahead mode, one file for all processes of one machine."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from adapter.logs import logger
from adapter.state.errors import StateUnavailable
from adapter.state.migrations import MIGRATIONS

MEMORY = ":memory:"
WAIT_SECONDS = 10.0
# Once somebody has waited for nothing, others look only shortly, until it is free again.
SHORT_SECONDS = 0.1
OWNER_ONLY = 0o600
EVERYBODY_ELSE = 0o077

log = logger("klantbrug.state")

Row = tuple[Any, ...]


class Transaction(Protocol):
    """Statements that hold together: all are kept, or none."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows that a statement gives. Placeholders are question marks."""

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        """How many rows a statement changed."""


class Database(Protocol):
    """Raises StateUnavailable for whatever goes wrong; its text never holds a value."""

    def transaction(self) -> Any:
        """A context that gives a `Transaction`."""

    def migrate(self) -> None:
        """Bring the tables to this version; safe to repeat, and from several replicas at once."""

    def version(self) -> int:
        """How many migrations were done."""

    def tidy(self) -> None:
        """Leave nothing of deleted rows behind in the files."""

    def close(self) -> None:
        """Close all connections."""


class SqliteTransaction:
    """Statements within one transaction of SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(statement, values).rowcount


class SqliteDatabase:
    """One connection for all threads of a process: its statements take microseconds.

    Who comes while another process keeps the file locked waits for so long as one transaction may wait,
    however many wait with it.

    The file, and those that SQLite keeps beside it, can be read by their owner only. A file that was deleted
    or replaced while it was open is unavailable from then on: what is written into it would be lost.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._path, self._lost = path, False
        self._wait, self._is_locked = WAIT_SECONDS, False
        try:
            if path != MEMORY:
                _keep_private(Path(path))
            self._connection = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError):
            raise StateUnavailable from None
        # A state that nobody closes, as that of an example, is given back as well.
        self._close = weakref.finalize(self, self._connection.close)
        self._close.atexit = False
        try:
            # What a process wrote survives its sudden end; only a power cut may cost the last instant.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}").fetchall()
            self._file = self._present()
        except (sqlite3.Error, OSError):
            self._close()
            raise StateUnavailable from None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Statements of which all are kept or none; one transaction at a time in all processes."""
        with self._alone() as until:
            self._check_file()
            try:
                self._begin(until)
                try:
                    yield SqliteTransaction(self._connection)
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                raise StateUnavailable from None

    def migrate(self) -> None:
        """Bring the tables to this version."""
        with self.transaction() as transaction:
            done = transaction.run("PRAGMA user_version")[0][0]
            for script in MIGRATIONS[done:]:
                for statement in script:
                    transaction.run(statement)
            if done < len(MIGRATIONS):
                transaction.run(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def version(self) -> int:
        """How many migrations were done."""
        with self.transaction() as transaction:
            return int(transaction.run("PRAGMA user_version")[0][0])

    def tidy(self) -> None:
        """Empty the write-ahead file, when nobody needs it."""
        with self._lock:
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error:
                raise StateUnavailable from None

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    @contextmanager
    def _alone(self) -> Iterator[float]:
        """The connection, for one thread; gives the time until which this one waits for other processes."""
        until = time.monotonic() + (SHORT_SECONDS if self._is_locked else WAIT_SECONDS)
        if not self._lock.acquire(timeout=max(0.0, until - time.monotonic())):
            raise StateUnavailable
        try:
            yield until
        finally:
            self._lock.release()

    def _begin(self, until: float) -> None:
        left = round(max(0.0, until - time.monotonic()), 1)
        if left != self._wait:
            self._connection.execute(f"PRAGMA busy_timeout = {int(left * 1000)}").fetchall()
            self._wait = left
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self._is_locked = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            raise
        self._is_locked = False

    def _check_file(self) -> None:
        if self._present() == self._file:
            return
        if not self._lost:
            self._lost = True
            log.error("state_lost")
        raise StateUnavailable

    def _present(self) -> tuple[int, int] | None:
        """Which file stands at the path now, by its device and number; None where there is none."""
        if self._path == MEMORY:
            return None
        try:
            found = os.stat(self._path)  # noqa: PTH116  (some microseconds less, in every transaction)
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _keep_private(path: Path) -> None:
    """Make the file if need be; SQLite gives those beside it the same permissions."""
    path.touch(mode=OWNER_ONLY)
    if path.stat().st_mode & EVERYBODY_ELSE:
        path.chmod(OWNER_ONLY)
