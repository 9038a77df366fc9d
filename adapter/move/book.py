"""The book of a move: what was read, in which pass, and what has become of it. It holds personal data.

It is a SQLite file that only its owner can read, or tables in a PostgreSQL. What belongs together is written
in one transaction, so that a process that is killed goes on at the last page that it finished.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from adapter.state.database import Database
from adapter.state.opening import is_server, open_database

CHUNK = 500
SQLITE_FILES = ("", "-wal", "-shm")
_CACHE = "PRAGMA cache_size = -65536"
"""64 MB: uuids come in no order, and the 2 MB of SQLite would write each page of their index many times."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS move_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS move_resource (kind TEXT NOT NULL, uuid TEXT NOT NULL, home TEXT NOT NULL,"
    " place TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, seen INTEGER NOT NULL,"
    " born INTEGER NOT NULL, changed INTEGER NOT NULL, gone INTEGER NOT NULL, PRIMARY KEY (kind, uuid))",
    # Apart from what was read: it is made anew by every look, and would rewrite all bodies otherwise.
    "CREATE TABLE IF NOT EXISTS move_plan (kind TEXT NOT NULL, uuid TEXT NOT NULL, pk INTEGER NOT NULL,"
    " why TEXT, PRIMARY KEY (kind, uuid))",
    "CREATE INDEX IF NOT EXISTS move_plan_pk ON move_plan (kind, pk)",
    "CREATE TABLE IF NOT EXISTS move_window (pass INTEGER NOT NULL, source TEXT NOT NULL,"
    " number INTEGER NOT NULL, until TEXT NOT NULL, rows INTEGER NOT NULL, total INTEGER NOT NULL,"
    " calls INTEGER NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (pass, source, number))",
    "CREATE TABLE IF NOT EXISTS move_key (rule TEXT NOT NULL, key TEXT NOT NULL, pk INTEGER NOT NULL,"
    " uuid TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS move_key_of ON move_key (rule, key, pk)",
    "CREATE TABLE IF NOT EXISTS move_change (kind TEXT NOT NULL, uuid TEXT NOT NULL, col TEXT NOT NULL,"
    " value TEXT NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (kind, uuid, col))",
    "CREATE TABLE IF NOT EXISTS move_mark (kind TEXT NOT NULL, uuid TEXT NOT NULL, digest TEXT NOT NULL,"
    " PRIMARY KEY (kind, uuid))",
    "CREATE TABLE IF NOT EXISTS move_back (deed TEXT PRIMARY KEY, uuid TEXT NOT NULL, made TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS move_posted (kind TEXT NOT NULL, uuid TEXT NOT NULL, made TEXT NOT NULL,"
    " digest TEXT NOT NULL, owed INTEGER NOT NULL, refused TEXT NOT NULL, PRIMARY KEY (kind, uuid))",
    "CREATE INDEX IF NOT EXISTS move_posted_made ON move_posted (made)",
    "CREATE TABLE IF NOT EXISTS move_merged (kind TEXT NOT NULL, uuid TEXT NOT NULL, into_uuid TEXT NOT NULL,"
    " PRIMARY KEY (kind, uuid))",
    "CREATE INDEX IF NOT EXISTS move_merged_into ON move_merged (into_uuid)",
)
_NAMES = (
    "move_fact", "move_resource", "move_plan", "move_window", "move_key", "move_change", "move_mark",
    "move_back", "move_posted", "move_merged",
)  # fmt: skip

_PUT = (
    "INSERT INTO move_resource (kind, uuid, home, place, digest, body, seen, born, changed, gone)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (kind, uuid) DO UPDATE SET"
    " changed = CASE WHEN move_resource.digest = excluded.digest AND move_resource.gone = 0"
    " THEN move_resource.changed ELSE excluded.changed END,"
    " born = CASE WHEN move_resource.gone = 0 THEN move_resource.born ELSE excluded.born END,"
    " home = excluded.home, place = excluded.place, digest = excluded.digest, body = excluded.body,"
    " seen = excluded.seen, gone = 0"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as it was read: `place` is where it comes among those of its kind, the oldest first."""

    kind: str
    uuid: str
    home: str
    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a source that was read as a whole; `until` is the end of its time, if it has one."""

    source: str
    number: int
    until: str
    rows: int
    total: int
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How many resources of a kind a pass found, and which of them the pass before did not have so."""

    kind: str
    read: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def digest_of(values: Mapping[str, Any]) -> str:
    """The fingerprint of a resource: 24 hexadecimal digits that say nothing of its values."""
    return hashlib.blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


class Book:
    """The book at an address: the path of a file, or a URL `postgresql://…`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.database: Database = open_database(address)
        with self.database.transaction() as transaction:
            if not is_server(address):
                transaction.run(_CACHE)
            for statement in _TABLES:
                transaction.run(statement)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    # facts

    def fact(self, name: str, default: Any = None) -> Any:
        """What was noted under a name."""
        with self.database.transaction() as transaction:
            rows = transaction.run("SELECT value FROM move_fact WHERE name = ?", (name,))
        return orjson.loads(rows[0][0]) if rows else default

    def note(self, name: str, value: Any) -> None:
        """Note something under a name, in place of what stood there."""
        with self.database.transaction() as transaction:
            _note(transaction, name, value)

    # reading

    @property
    def passes(self) -> int:
        """The number of the pass that was begun last; 0 when none was."""
        return int(self.fact("pass", 0))

    @property
    def is_read(self) -> bool:
        """Whether that pass was finished."""
        return self.passes > 0 and self.fact("pass_done", 0) == self.passes

    def begin(self) -> int:
        """The number of a new pass, or of the one that was not finished."""
        if self.passes == 0 or self.is_read:
            self.note("pass", self.passes + 1)
        return self.passes

    def put(self, found: Iterable[Found], window: Window | None = None, *, final: bool = False) -> None:
        """Keep what was read in this pass, that a window of it is done and, if `final`, its source."""
        now = self.passes
        with self.database.transaction() as transaction:
            transaction.each(_PUT, (_row(each, now) for each in found))
            if window is not None:
                transaction.run(
                    "INSERT INTO move_window VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (pass, source, number) DO UPDATE SET until = excluded.until,"
                    " rows = excluded.rows, total = excluded.total, calls = excluded.calls,"
                    " seconds = excluded.seconds",
                    (now, window.source, window.number, window.until, window.rows, window.total,
                     window.calls, window.seconds),
                )  # fmt: skip
                if final:
                    _note(transaction, _done(now, window.source), value=True)

    def order(self, kind: str, home: str, places: Iterable[tuple[str, str]], begins: str) -> None:
        """Set the places of these resources of a home: (uuid, place), if theirs begin so."""
        with self.database.transaction() as transaction:
            transaction.each(
                "UPDATE move_resource SET place = ? WHERE kind = ? AND uuid = ? AND home = ?"
                " AND substr(place, 1, ?) = ?",
                ((place, kind, uuid, home, len(begins), begins) for uuid, place in places),
            )

    def is_done(self, source: str) -> bool:
        """Whether this pass has read all of a source."""
        return bool(self.fact(_done(self.passes, source)))

    def done(self, source: str) -> None:
        """Note that this pass has read all of a source."""
        self.note(_done(self.passes, source), value=True)

    def last_window(self, source: str) -> Window | None:
        """The last window of a source that this pass has done."""
        now = self.passes
        with self.database.transaction() as transaction:
            rows = transaction.run(
                "SELECT source, number, until, rows, total, calls, seconds FROM move_window"
                " WHERE pass = ? AND source = ? ORDER BY number DESC LIMIT 1",
                (now, source),
            )
        return Window(*rows[0]) if rows else None

    def effort(self) -> tuple[int, float]:
        """(register calls, seconds) that this pass has taken."""
        now = self.passes
        with self.database.transaction() as transaction:
            rows = transaction.run("SELECT sum(calls), sum(seconds) FROM move_window WHERE pass = ?", (now,))
        return int(rows[0][0] or 0), float(rows[0][1] or 0)

    def unseen(self, kind: str, uuids: Collection[str]) -> set[str]:
        """Those of these resources that this pass has not met yet."""
        left, now = set(uuids), self.passes
        for part in chunks(sorted(left)):
            with self.database.transaction() as transaction:
                rows = transaction.run(
                    f"SELECT uuid FROM move_resource WHERE kind = ? AND seen = ? AND uuid IN ({marks(part)})",
                    (kind, now, *part),
                )
            left -= {uuid for (uuid,) in rows}
        return left

    def finish(self) -> None:
        """End the pass: what it did not meet is gone."""
        now = self.passes
        with self.database.transaction() as transaction:
            transaction.run("UPDATE move_resource SET gone = ? WHERE seen < ? AND gone = 0", (now, now))
            _note(transaction, "pass_done", now)

    def differences(self, kinds: Iterable[str]) -> list[Difference]:
        """What the last pass found other than the one before, by kind."""
        return [self._difference(kind, self.passes) for kind in kinds]

    def _difference(self, kind: str, now: int) -> Difference:
        with self.database.transaction() as transaction:

            def uuids(where: str, *values: Any) -> tuple[str, ...]:
                rows = transaction.run(
                    f"SELECT uuid FROM move_resource WHERE kind = ? AND {where} ORDER BY uuid",
                    (kind, *values),
                )
                return tuple(uuid for (uuid,) in rows)

            count = transaction.run("SELECT count(*) FROM move_resource WHERE kind = ? AND gone = 0", (kind,))
            if now == 1:
                return Difference(kind, int(count[0][0]), (), (), ())
            return Difference(
                kind,
                int(count[0][0]),
                uuids("gone = 0 AND born = ?", now),
                uuids("gone = 0 AND changed = ? AND born < ?", now, now),
                uuids("gone = ?", now),
            )

    def forget(self) -> None:
        """Wipe everything: the tables of a PostgreSQL, or the files."""
        if is_server(self.address):
            with self.database.transaction() as transaction:
                for name in _NAMES:
                    transaction.run(f"DROP TABLE {name}")
            self.close()
            return
        self.close()
        for suffix in SQLITE_FILES:
            file = Path(self.address + suffix)
            if file.exists():
                wipe(file)


def wipe(file: Path) -> None:
    """Overwrite a file and remove it."""
    length = file.stat().st_size
    with file.open("r+b") as stream:
        for start in range(0, length, 1 << 20):
            stream.write(bytes(min(1 << 20, length - start)))
        stream.flush()
    file.unlink()


def _row(found: Found, now: int) -> tuple[Any, ...]:
    """The values of a resource that was read in a pass."""
    body = orjson.dumps(found.values, option=orjson.OPT_SORT_KEYS).decode()
    return (found.kind, found.uuid, found.home, found.place, digest_of(found.values), body, now, now, now)


def _note(transaction: Any, name: str, value: Any) -> None:
    transaction.run(
        "INSERT INTO move_fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, orjson.dumps(value).decode()),
    )


def _done(pass_: int, source: str) -> str:
    return f"read.{pass_}.{source}"


def marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def chunks[T](values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
