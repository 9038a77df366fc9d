"""The database of the state, and its form in SQLite: one file for all processes of one machine."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from adapter.logs import logger
from adapter.state.errors import StateUnavailable
from adapter.state.migrations import MIGRATIONS

MEMORY = ":memory:"
WAIT_SECONDS = 10.0
# The wait of a transaction after one has waited in vain, until the file is free again. Requests would
# otherwise each wait ten seconds while another process keeps the file locked.
SHORT_SECONDS = 0.1
OWNER_ONLY = 0o600
EVERYBODY_ELSE = 0o077

log = logger("klantbrug.state")

Row = tuple[Any, ...]


class Transaction(Protocol):
    """The statements of one transaction. Placeholders for values are question marks."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows that a statement returns."""

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        """The number of rows that a statement changed."""

    def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement, that returns nothing, for each of these rows of values."""


class Database(Protocol):
    """A database with transactions. Its methods raise StateUnavailable, whose text holds no value."""

    def transaction(self) -> Any:
        """A context with a `Transaction`, committed at its end, and rolled back when an error ends it."""

    def migrate(self) -> None:
        """Apply the migrations that were not applied yet; several replicas may do so at the same time."""

    def version(self) -> int:
        """The number of migrations that were applied."""

    def tidy(self) -> None:
        """Erase what deleted rows left in the files."""

    def close(self) -> None:
        """Close all connections."""


class SqliteTransaction:
    """A transaction of SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(statement, values).rowcount

    def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(statement, rows)


class SqliteDatabase:
    """A SQLite file in write-ahead mode, with one connection for all threads of the process.

    - A transaction waits at most WAIT_SECONDS for other threads and other processes together.
    - The file, and those that SQLite keeps beside it, are readable by their owner only.
    - When the file is deleted or replaced while it is open, every transaction raises StateUnavailable, since
      what it writes would be lost.
    """

    def __init__(self, path: str, *, lasting: bool = False) -> None:
        """`lasting`: whether a power failure may not lose the last transactions, at the cost of time."""
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
        # Closes the connection of a database that is dropped without `close`.
        self._close = weakref.finalize(self, self._connection.close)
        self._close.atexit = False
        try:
            # Committed transactions survive the end of the process; a power failure may lose the last ones,
            # unless they are to last. Deleted content is overwritten.
            synchronous = "FULL" if lasting else "NORMAL"
            for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}").fetchall()
            self._file = self._present()
        except (sqlite3.Error, OSError):
            self._close()
            raise StateUnavailable from None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; all processes together run one at a time."""
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
        """Apply the migrations that were not applied yet."""
        with self.transaction() as transaction:
            done = transaction.run("PRAGMA user_version")[0][0]
            for script in MIGRATIONS[done:]:
                for statement in script:
                    transaction.run(statement)
            if done < len(MIGRATIONS):
                transaction.run(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def version(self) -> int:
        """The number of migrations that were applied."""
        with self.transaction() as transaction:
            return int(transaction.run("PRAGMA user_version")[0][0])

    def tidy(self) -> None:
        """Empty the write-ahead log, unless another process is reading it."""
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
        """Holds the connection for this thread; gives the time until which to wait for other processes."""
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
        """The file that is at the path now, as (device, inode); None when there is none."""
        if self._path == MEMORY:
            return None
        try:
            found = os.stat(self._path)  # noqa: PTH116  (some microseconds less, in every transaction)
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _keep_private(path: Path) -> None:
    """Create the file, readable by its owner only; SQLite gives its other files the same permissions."""
    path.touch(mode=OWNER_ONLY)
    if path.stat().st_mode & EVERYBODY_ELSE:
        path.chmod(OWNER_ONLY)
