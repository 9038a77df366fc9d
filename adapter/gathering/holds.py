"""The contacts that are held, with their pieces: rows of the state, and what is sealed in them.

Every change of phase is one statement with conditions, of which the number of changed rows says whether it
was made. So two replicas, and two attempts of one, need no lock between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from adapter.gathering import dropped
from adapter.gathering.kept import (
    GATHERING,
    HOLD,
    NEVER,
    NOBODY,
    OF_HOLD,
    PARKED,
    PLAN,
    Held,
    Hold,
    Piece,
    all_holds,
    insert,
    last,
    marks,
    touch,
)
from adapter.gathering.sealing import Keyring
from adapter.state.database import Database, Row


class _NotInPhase(Exception):
    """Ends a transaction in which a contact is not as it has to be."""


class Holds:
    """The contacts that all replicas hold.

    Methods raise StateUnavailable; those that open a contact raise KeyMissing and NotOpened as well.
    """

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    # what clients record

    def begin(
        self,
        contact: str,
        pieces: Sequence[Piece],
        *,
        now: float,
        due: float,
        settle: float | None = None,
    ) -> bool:
        """Hold a new contact with its first pieces; returns false when it is held already."""
        sealer, wrapped = self._keyring.new(contact)
        values = (contact, GATHERING, 1, now, now, due, NEVER, NEVER, NOBODY, NEVER, NEVER, "", "", 0)
        with self._database.transaction() as transaction:
            made = transaction.changed(
                f"INSERT INTO holds ({HOLD}, data_key, plan) VALUES ({marks(OF_HOLD)})"  # noqa: S608
                " ON CONFLICT DO NOTHING",
                (*values, self._keyring.current, settle, wrapped, ""),
            )
            if made:
                insert(transaction, sealer, pieces, 0, late=False)
                dropped.forget(transaction, contact)
        return bool(made)

    def add(
        self,
        held: Held,
        pieces: Sequence[Piece],
        *,
        now: float,
        due: float,
        phases: Iterable[str] = (GATHERING,),
        version: int | None = None,
    ) -> bool:
        """Add pieces while the contact is in one of these phases, and in a version if that is given.

        They are late when its record may be on its way already.
        """
        with self._database.transaction() as transaction:
            phase = touch(transaction, held.contact, now, due, phases, version=version)
            if phase is None:
                return False
            late = phase not in (GATHERING, PARKED)
            insert(transaction, held.sealer, pieces, last(transaction, held.contact), late=late)
        return True

    def change(
        self,
        held: Held,
        piece: Piece,
        *,
        now: float,
        due: float,
        phases: Iterable[str] = (GATHERING,),
    ) -> bool:
        """Replace the body of a piece while the contact is in one of these phases."""
        with self._database.transaction() as transaction:
            if touch(transaction, held.contact, now, due, phases) is None:
                return False
            sealed = held.sealer.seal(piece.body, piece.uuid)
            values = (sealed, piece.uuid, held.contact)
            return bool(transaction.changed("UPDATE pieces SET body=? WHERE uuid=? AND contact=?", values))

    def remove(
        self,
        held: Held,
        uuids: Iterable[str],
        *,
        now: float,
        due: float,
        phases: Iterable[str] = (GATHERING,),
    ) -> bool:
        """Delete pieces while the contact is in one of these phases."""
        with self._database.transaction() as transaction:
            if touch(transaction, held.contact, now, due, phases) is None:
                return False
            for uuid in uuids:
                transaction.run("DELETE FROM pieces WHERE uuid=? AND contact=?", (uuid, held.contact))
        return True

    def move(
        self,
        taken: Held,
        given: Held,
        pieces: Sequence[Piece],
        phase: str,
        *,
        now: float,
        dues: Sequence[float],
    ) -> bool:
        """Take pieces from a contact in this phase, and give them to another that is being gathered.

        `dues` are when each of the two is looked at again.
        """
        changes = {taken.contact: (dues[0], phase), given.contact: (dues[1], GATHERING)}
        with suppress(_NotInPhase), self._database.transaction() as transaction:
            # In the order of their uuids, so that two of these do not wait for each other.
            for contact, (due, wanted) in sorted(changes.items()):
                if touch(transaction, contact, now, due, [wanted]) is None:
                    raise _NotInPhase
            for each in pieces:
                values = (each.uuid, taken.contact)
                transaction.run("DELETE FROM pieces WHERE uuid=? AND contact=?", values)
            insert(transaction, given.sealer, pieces, last(transaction, given.contact), late=False)
            return True
        return False

    def drop(self, contact: str, phases: Iterable[str] = (GATHERING,), *, wait: float = 0.0) -> bool:
        """Delete a contact of which no record was asked for, with its pieces and its key.

        For `wait` seconds after its lease an attempt may still write its aside, though it gets no record.
        """
        wanted = tuple(phases)
        with self._database.transaction() as transaction:
            gone = transaction.run(
                f"DELETE FROM holds WHERE contact=? AND phase IN ({marks(len(wanted))})"  # noqa: S608
                " RETURNING lease, lease_until, settled",
                (contact, *wanted),
            )
            for lease, until, settled in gone:
                dropped.remember(transaction, contact, settled if lease == NOBODY else until + wait)
                transaction.run("DELETE FROM pieces WHERE contact=?", (contact,))
        return bool(gone)

    # reading

    def held(self, contact: str) -> Held | None:
        """A contact, opened; None when it is not held."""
        found = self._opened("WHERE contact=? ORDER BY seq", (contact,))
        return found[0] if found else None

    def opened(self) -> list[Held]:
        """All contacts, opened, the oldest first. There are tens or hundreds: each is opened."""
        return self._opened("ORDER BY made, contact, seq", ())

    def of_piece(self, uuid: str) -> str | None:
        """The contact of a piece that is held."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT contact FROM pieces WHERE uuid=?", (uuid,))
        return str(rows[0][0]) if rows else None

    def all(self) -> list[Hold]:
        """All contacts as they stand there in clear, the oldest first; no key is needed."""
        return all_holds(self._database)

    def due(self, now: float) -> list[Hold]:
        """The contacts to be looked at now, that no attempt is working on, the longest overdue first."""
        with self._database.transaction() as transaction:
            rows = transaction.run(
                f"SELECT {HOLD} FROM holds WHERE due<=? AND phase<>? AND lease_until<=? ORDER BY due",  # noqa: S608
                (now, PARKED, now),
            )
        return [Hold(*row) for row in rows]

    def _opened(self, which: str, values: Sequence[Any]) -> list[Held]:
        # One statement: between two, a contact may be finished, and would have no pieces.
        with self._database.transaction() as transaction:
            rows = transaction.run(
                f"SELECT {HOLD}, data_key, plan, uuid, resource, seq, p.late, body"  # noqa: S608
                f" FROM holds LEFT JOIN pieces p USING (contact) {which}",
                values,
            )
        found = groupby(rows, lambda row: row[:OF_HOLD])
        return [self._held(row, [each[OF_HOLD:] for each in pieces]) for row, pieces in found]

    def _held(self, row: Row, pieces: Sequence[Row]) -> Held:
        *columns, wrapped, plan = row
        hold = Hold(*columns)
        sealer = self._keyring.sealer(hold.contact, hold.key, wrapped)
        found = tuple(
            Piece(uuid, resource, sealer.open(body, uuid), seq, bool(late))
            for uuid, resource, seq, late, body in pieces
            if uuid is not None
        )
        return Held(hold, found, sealer.open(plan, PLAN) if plan else {}, sealer)
