"""What registers told: notifications that came in, and what KlantBrug wrote, by which echoes are known.

A register tells of every write, of KlantBrug's as well, and not who wrote. So each write of KlantBrug to a
record of which registers tell is noted, and takes away one notification of the same record and action.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from adapter.state.database import Database, Transaction
from adapter.state.outbox import Message, put

# In seconds: for so long a notification that comes twice is known, and a write may be told of.
REMEMBERED = 86_400.0
# In seconds: so far the clocks of KlantBrug and a register may be apart.
APART = 60.0

_COLUMNS = "resource, record, action, moment, at, received"


@dataclass(frozen=True, slots=True)
class Heard:
    """A notification: something was done to a record (`klanten/klanten/<uuid>`) at a moment.

    resource: the name of what is made of the record (`partijen`).
    action: as the notification says it. moment: as it says it, and in seconds since 1970; received: when it
    came in.
    """

    resource: str
    record: str
    action: str
    moment: str
    at: float
    received: float


class Inbox:
    """The notifications of all replicas. Methods raise StateUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, heard: Heard) -> bool:
        """Put a notification; false when it had come before."""
        values = (heard.resource, heard.record, heard.action, heard.moment, heard.at, heard.received, 0)
        with self._database.transaction() as transaction:
            return bool(
                transaction.changed("INSERT INTO inbox VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", values)
            )

    def waiting(self, number: int) -> list[Heard]:
        """So many of those that were not judged yet, the oldest first."""
        with self._database.transaction() as transaction:
            statement = f"SELECT {_COLUMNS} FROM inbox WHERE judged = 0 ORDER BY received LIMIT ?"  # noqa: S608
            return [Heard(*row) for row in transaction.run(statement, (number,))]

    def wrote(self, record: str, action: str) -> None:
        """Note that KlantBrug itself did this to a record."""
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO wrote VALUES (?,?,?)", (record, action, time.time()))

    def is_echo(self, heard: Heard) -> bool:
        """Whether a notification tells of a write of KlantBrug itself, which tells of no other then.

        It is judged by that.
        """
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "SELECT min(at) FROM wrote WHERE record = ? AND action = ? AND at > ? AND at < ?",
                (heard.record, heard.action, heard.at - APART, heard.at + APART),
            )
            if rows[0][0] is None:
                return False
            if self._judged(transaction, heard):
                values = (heard.record, heard.action, rows[0][0])
                transaction.run("DELETE FROM wrote WHERE record = ? AND action = ? AND at = ?", values)
            return True

    def judge(self, heard: Heard, messages: Iterable[Message]) -> None:
        """Put what a notification means for subscribers into the outbox, once."""
        with self._database.transaction() as transaction:
            if self._judged(transaction, heard):
                put(transaction, messages)

    def forget(self) -> None:
        """Delete what has been kept long enough."""
        old = time.time() - REMEMBERED
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM inbox WHERE judged = 1 AND received < ?", (old,))
            transaction.run("DELETE FROM wrote WHERE at < ?", (old,))

    def _judged(self, transaction: Transaction, heard: Heard) -> bool:
        values = (heard.record, heard.action, heard.moment)
        return bool(
            transaction.changed(
                "UPDATE inbox SET judged = 1 WHERE record = ? AND action = ? AND moment = ? AND judged = 0",
                values,
            )
        )
