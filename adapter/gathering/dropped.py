"""What is left of contacts that were deleted before they were sent: an attempt may have written their aside.

Whoever deletes such a contact deletes its aside too. A process that dies meanwhile, a register that fails,
and an attempt that wakes up later would leave it; so the state remembers the contact until that is over.
"""

from __future__ import annotations

from adapter.errors import RegisterError
from adapter.gathering.ports import Objects
from adapter.logs import logger
from adapter.state.database import Database, Transaction

log = logger("klantbrug.gathering")


class Dropped:
    """The deleted contacts of all replicas, by uuid. Methods raise StateUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sweep(self, objects: Objects, now: float) -> None:
        """Delete the asides that no attempt writes any more; one that stays waits for a later sweep."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT contact FROM dropped WHERE due<=? ORDER BY due", (now,))
        for (contact,) in rows:
            try:
                objects.drop_aside(str(contact))
            except RegisterError as error:
                log.warning("aside_left", contact=contact, register=error.register)
                return
            with self._database.transaction() as transaction:
                forget(transaction, str(contact))


def remember(transaction: Transaction, contact: str, due: float) -> None:
    """Note a contact as part of the transaction that deletes it; nothing writes its aside from `due` on."""
    transaction.run("INSERT INTO dropped VALUES (?,?) ON CONFLICT DO NOTHING", (contact, due))


def forget(transaction: Transaction, contact: str) -> None:
    """A contact of which nothing is left, or that is held again."""
    transaction.run("DELETE FROM dropped WHERE contact=?", (contact,))
