"""Of which contact a piece is, also after its record is made: a piece is asked for by its uuid alone."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.state.database import Database, Transaction


class Sent:
    """The pieces of the contacts that were sent, of all replicas. There is no personal value in them.

    Methods raise StateUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def contact_of(self, uuid: str) -> str | None:
        """The contact of a piece, held or sent; None for what is no piece."""
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "SELECT contact FROM pieces WHERE uuid=? UNION ALL SELECT contact FROM sent WHERE uuid=?",
                (uuid, uuid),
            )
        return str(rows[0][0]) if rows else None

    def note(self, contact: str, uuids: Iterable[str]) -> None:
        """Note pieces that no client recorded, before a client is shown them; those known stay."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT uuid FROM sent WHERE contact=?", (contact,))
            known = {str(row[0]) for row in rows}
            for uuid in uuids:
                if uuid not in known:
                    transaction.run("INSERT INTO sent VALUES (?,?) ON CONFLICT DO NOTHING", (uuid, contact))

    def forget(self, uuid: str) -> None:
        """A piece that is deleted."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM sent WHERE uuid=?", (uuid,))


def keep(transaction: Transaction, contact: str) -> None:
    """Note the pieces of a contact that is held no longer, as part of a transaction."""
    transaction.run(
        "INSERT INTO sent SELECT uuid, contact FROM pieces WHERE contact=? ON CONFLICT DO NOTHING", (contact,)
    )
