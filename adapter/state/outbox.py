"""The outbox: what has to be told to subscribers, from the moment that its write is done until it was told.

A message is put here by the transaction that closes its write in the journal, so none is lost, and none is
told of a write that was undone. It is taken out after it was delivered: a process that dies between the two
delivers it again. Messages about the same resource keep their order.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from adapter.state.database import Database, Transaction
from adapter.state.fences import OUTBOX
from adapter.state.locks import Locks

Message = dict[str, Any]
"""What is to be told: its `id`, the uuid that it is `about`, its `kind`, `name` and `body`; see Waiting."""

_PUT = """INSERT INTO outbox (id, number, about, kind, name, body, made, due, attempts)
    SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ?, 0 FROM outbox"""
# The oldest message about each resource, of those that are due.
_HEADS = """SELECT id, about, kind, name, body, made, attempts FROM outbox WHERE due <= ? AND NOT EXISTS
    (SELECT 1 FROM outbox AS earlier WHERE earlier.about = outbox.about AND earlier.number < outbox.number)
    ORDER BY number LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits.

    about: the uuid of the resource. kind: the endpoint that takes it. name: the channel or type of event.
    made: when it was put here, in seconds since 1970. attempts: how often it was refused.
    """

    id: str
    about: str
    kind: str
    name: str
    body: bytes = field(repr=False)
    made: float
    attempts: int


class Outbox:
    """The messages of all replicas. Methods raise StateUnavailable."""

    def __init__(self, database: Database, locks: Locks) -> None:
        self._database, self._locks = database, locks

    def add(self, messages: Iterable[Message]) -> None:
        """Put messages of which no write is in the journal."""
        with self._database.transaction() as transaction:
            put(transaction, messages)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process delivers as long as the context lasts: they would change the order."""
        with ExitStack() as stack:
            yield self._locks.hold_free(stack, OUTBOX, 0)

    def due(self, now: float, number: int) -> list[Waiting]:
        """So many messages that can be delivered now, the oldest first, one for each resource."""
        with self._database.transaction() as transaction:
            rows = transaction.run(_HEADS, (now, number))
        return [_waiting(*row) for row in rows]

    def delivered(self, message: Waiting) -> None:
        """Take a message out; also one that is given up."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM outbox WHERE id = ?", (message.id,))

    def postpone(self, message: Waiting, until: float) -> None:
        """Let a message that was refused wait until this moment."""
        values = (until, message.attempts + 1, message.id)
        with self._database.transaction() as transaction:
            transaction.run("UPDATE outbox SET due = ?, attempts = ? WHERE id = ?", values)

    def backlog(self) -> tuple[int, float]:
        """The number of messages that wait, and since when the oldest does, in seconds since 1970."""
        with self._database.transaction() as transaction:
            (row,) = transaction.run("SELECT count(*), min(made) FROM outbox")
        return int(row[0]), float(row[1] or 0.0)


def put(transaction: Transaction, messages: Iterable[Message]) -> None:
    """Put messages into the outbox, with whatever else the transaction does."""
    now = time.time()
    for each in messages:
        body = orjson.dumps(each["body"]).decode()
        values = (each["id"], each["about"], each["kind"], each["name"], body, now, now)
        transaction.run(_PUT, values)


def _waiting(*row: Any) -> Waiting:
    uuid, about, kind, name, body, made, attempts = row
    return Waiting(uuid, about, kind, name, body.encode(), made, attempts)
