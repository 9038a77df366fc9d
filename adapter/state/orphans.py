"""Orphans: objects of which the owner was not found, and since when.

An orphan is removed only when its owner stays missing, so the first time is remembered: the uuid of the
object and the moment, until the owner is found or the object removed.
"""

from __future__ import annotations

from adapter.state.database import Database

TURN = "orphans_swept"


class Orphans:
    """The orphans that any replica has noted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def turn(self, now: float, seconds: float) -> bool:
        """Whether no replica has looked for orphans in the last `seconds`; then the turn is the caller's."""
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT DO NOTHING", (TURN, "0"))
            (row,) = transaction.run("SELECT fact FROM facts WHERE name = ?", (TURN,))
            if now < float(row[0]) + seconds:
                return False
            # Another replica may have read the same fact; the condition lets only one of them change it.
            values = (str(now), TURN, row[0])
            return bool(transaction.changed("UPDATE facts SET fact = ? WHERE name = ? AND fact = ?", values))

    def give_back(self) -> None:
        """Give up a turn that could not be used, so that any replica may have it."""
        with self._database.transaction() as transaction:
            transaction.run("UPDATE facts SET fact = ? WHERE name = ?", ("0", TURN))

    def missing(self, uuid: str, now: float) -> float:
        """Note that the owner of an object is missing; returns for how many seconds it has been."""
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO orphans VALUES (?, ?) ON CONFLICT DO NOTHING", (uuid, now))
            return now - float(transaction.run("SELECT since FROM orphans WHERE uuid = ?", (uuid,))[0][0])

    def noted(self) -> set[str]:
        """The uuids of the objects that were noted."""
        with self._database.transaction() as transaction:
            return {row[0] for row in transaction.run("SELECT uuid FROM orphans")}

    def forget(self, uuid: str) -> None:
        """Remove a note: the owner of the object exists, or the object does not."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM orphans WHERE uuid = ?", (uuid,))
