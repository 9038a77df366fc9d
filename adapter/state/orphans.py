"""What was found without its owner, and since when: an orphan is removed only when that lasts.

Kept are uuids of objects and moments, for as long as the owner is missing.
"""

from __future__ import annotations

from adapter.state.database import Database

TURN = "orphans_swept"


class Orphans:
    """Shared by all replicas."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def turn(self, now: float, seconds: float) -> bool:
        """Whether nobody looked for orphans for so long; then it is the caller's turn, and nobody else's."""
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT DO NOTHING", (TURN, "0"))
            (row,) = transaction.run("SELECT fact FROM facts WHERE name = ?", (TURN,))
            if now < float(row[0]) + seconds:
                return False
            # Somebody else may have read the same: only one of both finds what it read.
            values = (str(now), TURN, row[0])
            return bool(transaction.changed("UPDATE facts SET fact = ? WHERE name = ? AND fact = ?", values))

    def give_back(self) -> None:
        """Whoever had the turn could not take it."""
        with self._database.transaction() as transaction:
            transaction.run("UPDATE facts SET fact = ? WHERE name = ?", ("0", TURN))

    def missing(self, uuid: str, now: float) -> float:
        """Note that the owner of an object is missing; for how many seconds it has been."""
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO orphans VALUES (?, ?) ON CONFLICT DO NOTHING", (uuid, now))
            return now - float(transaction.run("SELECT since FROM orphans WHERE uuid = ?", (uuid,))[0][0])

    def noted(self) -> set[str]:
        """The objects of which the owner was missing the last time."""
        with self._database.transaction() as transaction:
            return {row[0] for row in transaction.run("SELECT uuid FROM orphans")}

    def forget(self, uuid: str) -> None:
        """The owner of an object is there, or the object is gone."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM orphans WHERE uuid = ?", (uuid,))
