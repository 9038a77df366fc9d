"""The journal: the steps of every unfinished write, both those that were sent to registers and those to come.

The state of a write is OPEN while it can be undone, and TURNED from its first delete on, when it can only be
finished. Closing a write deletes it; only the uuids of the records that it created are kept, for a day.
"""

from __future__ import annotations

import threading
import time
import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from adapter.state.database import Database, Row, Transaction
from adapter.state.errors import NoLongerOurs, StateUnavailable
from adapter.state.fences import Fence
from adapter.state.outbox import Message, put

# The member of a step that says that its content stands sealed elsewhere, and the members with content.
SEALED = "sealed"
CONTENTS = frozenset({"sent", "former"})
OPEN, TURNED = "open", "turned"
NOBODY = ""
REMEMBERED_SECONDS = 86_400.0

Step = dict[str, Any]
Made = Mapping[str, str | None]

_COLUMNS = "id, owner, operation, state, started, touched, key, stripes, steps"


@dataclass(slots=True)
class OpenWrite:
    """A write that is not closed.

    owner: the replica that works on it; NOBODY when it was left for others.
    operation: the operationId. state: OPEN or TURNED.
    started, touched: when it began and was last saved, in seconds since 1970.
    key: the hash of its idempotency key, or "".
    stripes: the numbers of the locks that it holds.
    steps: the register writes, as `engine.transaction` writes them.
    """

    id: str
    owner: str
    operation: str
    state: str = OPEN
    started: float = 0.0
    touched: float = 0.0
    key: str = ""
    stripes: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list, repr=False)


class Journal:
    """The open writes of all replicas.

    Methods raise StateUnavailable; after that, nothing may be sent to a register for the write.
    """

    def __init__(self, database: Database, fence: Fence) -> None:
        self._database, self._fence = database, fence
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    def begin(
        self,
        operation: str,
        stripes: Iterable[int],
        steps: list[Step],
        key: str = "",
        state: str = OPEN,
    ) -> OpenWrite:
        """Add a write of this replica with its first steps; TURNED when it begins with a delete for good."""
        now = time.time()
        write = OpenWrite(
            str(uuids.uuid4()), self._fence.owner, operation, state, now, now, key, list(stripes), steps
        )
        with self._lock:
            self._busy.add(write.id)
        try:
            with self._database.transaction() as transaction:
                transaction.run(f"INSERT INTO writes ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", _row(write))  # noqa: S608
        except StateUnavailable:
            self.idle(write)
            raise
        return write

    def idle(self, write: OpenWrite) -> None:
        """Note that no thread of this process is working on a write any more."""
        with self._lock:
            self._busy.discard(write.id)

    def save(self, write: OpenWrite) -> None:
        """Save the state, the locks and the steps of a write. Raises NoLongerOurs."""
        write.touched = time.time()
        with self._database.transaction() as transaction:
            self._save(transaction, write)

    def _save(self, transaction: Transaction, write: OpenWrite) -> None:
        if write.owner != self._fence.owner or not transaction.changed(
            "UPDATE writes SET state=?, touched=?, stripes=?, steps=? WHERE id=? AND owner=?",
            (
                write.state,
                write.touched,
                _text(write.stripes),
                _text(_kept(write.steps)),
                write.id,
                write.owner,
            ),
        ):
            raise NoLongerOurs

    def leave(self, write: OpenWrite) -> None:
        """Save a write and leave it to the next sweep, of whatever replica. Raises NoLongerOurs."""
        write.touched = time.time()
        with self._database.transaction() as transaction:
            self._save(transaction, write)
            transaction.run("UPDATE writes SET owner=? WHERE id=?", (NOBODY, write.id))
        write.owner = NOBODY

    def close(
        self,
        write: OpenWrite,
        *,
        done: bool,
        remember: tuple[str, Made, float] | None = None,
        tell: Iterable[Message] = (),
    ) -> None:
        """Delete a write that is `done`, or else undone. Raises NoLongerOurs.

        `remember` is kept for its idempotency key: (digest of the request, uuids that were created, the
        moment until which, in seconds since 1970). `tell` goes into the outbox.
        """
        now = time.time()
        with self._database.transaction() as transaction:
            if write.owner != self._fence.owner or not transaction.changed(
                "DELETE FROM writes WHERE id=? AND owner=?", (write.id, write.owner)
            ):
                raise NoLongerOurs
            for uuid in _made_by(write.steps) if done else ():
                transaction.run("INSERT INTO made VALUES (?, ?) ON CONFLICT DO NOTHING", (uuid, now))
            if remember is not None:
                request, made, until = remember
                values = (write.key, request, _text(made), until)
                transaction.run("INSERT INTO keys VALUES (?,?,?,?) ON CONFLICT DO NOTHING", values)
            put(transaction, tell)
        self.idle(write)

    # recovery of writes that were left behind

    def all(self) -> list[OpenWrite]:
        """All writes that are not closed, the oldest first."""
        return self._where("1 = 1")

    def backlog(self) -> tuple[int, float]:
        """The number of writes that are not closed, and when the oldest began, in seconds since 1970."""
        with self._database.transaction() as transaction:
            (row,) = transaction.run("SELECT count(*), min(started) FROM writes")
        return int(row[0]), float(row[1] or 0.0)

    def with_key(self, key: str) -> list[OpenWrite]:
        """The writes with an idempotency key that are not closed."""
        return self._where("key = ?", key)

    def abandoned(self, writes: Sequence[OpenWrite]) -> list[OpenWrite]:
        """Those of the writes that no running replica, and no thread of this one, is working on."""
        alive = {owner: self._fence.alive(owner) for owner in {write.owner for write in writes}}
        with self._lock:
            busy = set(self._busy)
        ours = self._fence.owner
        return [
            each for each in writes if (each.id not in busy if each.owner == ours else not alive[each.owner])
        ]

    def take_over(self, write: OpenWrite) -> bool:
        """Make this replica the owner of an abandoned write.

        Returns false when another replica was first, or when the write has been closed.
        """
        with self._database.transaction() as transaction:
            values = (self._fence.owner, write.id, write.owner, write.touched)
            taken = transaction.changed(
                "UPDATE writes SET owner=? WHERE id=? AND owner=? AND touched=?", values
            )
        if taken:
            write.owner = self._fence.owner
            with self._lock:
                self._busy.add(write.id)
        return bool(taken)

    def drop(self, write: OpenWrite) -> bool:
        """Delete an abandoned write without finishing or undoing it; returns false when it was gone."""
        if not self.take_over(write):
            return False
        self.close(write, done=False)
        return True

    def accounted(self, candidates: Iterable[str], *, but: OpenWrite) -> set[str]:
        """Those of the `candidates`, uuids of records, that another write than `but` created.

        A write that crashed looks for a record that it may have created; it must not take that of another
        write, open or closed in the last day, for its own.
        """
        wanted = list(candidates)
        others = {uuid for each in self.all() if each.id != but.id for uuid in _made_by(each.steps)}
        with self._database.transaction() as transaction:
            marks = ",".join("?" * len(wanted)) or "''"
            rows = transaction.run(f"SELECT uuid FROM made WHERE uuid IN ({marks})", wanted)  # noqa: S608
        return {row[0] for row in rows} | (others & set(wanted))

    def forget(self) -> None:
        """Delete created uuids and idempotency keys that have been kept long enough."""
        now = time.time()
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM made WHERE at < ?", (now - REMEMBERED_SECONDS,))
            transaction.run("DELETE FROM keys WHERE until < ?", (now,))
            busy = transaction.run("SELECT 1 FROM writes LIMIT 1")
        if not busy:
            self._database.tidy()

    def _where(self, condition: str, *values: Any) -> list[OpenWrite]:
        with self._database.transaction() as transaction:
            statement = f"SELECT {_COLUMNS} FROM writes WHERE {condition} ORDER BY started"  # noqa: S608
            return [_write(row) for row in transaction.run(statement, values)]


def _row(write: OpenWrite) -> Row:
    return (
        *(write.id, write.owner, write.operation, write.state, write.started, write.touched, write.key),
        *(_text(write.stripes), _text(_kept(write.steps))),
    )


def _write(row: Row) -> OpenWrite:
    uuid, owner, operation, state, started, touched, key, stripes, steps = row
    return OpenWrite(
        uuid, owner, operation, state, started, touched, key, orjson.loads(stripes), orjson.loads(steps)
    )


def _kept(steps: Iterable[Step]) -> list[Step]:
    """Steps as they are saved: what a client sent that stands sealed elsewhere is in memory alone."""
    return [
        {name: value for name, value in step.items() if name not in CONTENTS} if step.get(SEALED) else step
        for step in steps
    ]


def _text(content: Any) -> str:
    return orjson.dumps(content).decode()


def _made_by(steps: Iterable[Step]) -> list[str]:
    return [step["made"] for step in steps if step.get("unnamed") and step["made"]]
