"""The contacts that are held, with their pieces: rows of the state, and what is sealed in them.

Every change of phase is one statement with conditions, of which the number of changed rows says whether it
was made. So two replicas, and two attempts of one, need no lock between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapter.gathering.sealing import Keyring, Sealer
from adapter.state.database import Database, Row, Transaction

GATHERING, ASKED, POSTED, PARKED = "gathering", "asked", "posted", "parked"
PHASES = (GATHERING, ASKED, POSTED, PARKED)
NOBODY = ""
NEVER = 0.0
PLAN: Final = "plan"

_HOLD = (
    "contact, phase, version, made, changed, due, asked, unsure,"
    " lease, lease_until, settled, record, reason, tries, key_id"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a client recorded of a contact: a resource, with the uuid under which it is served.

    seq: its place among those of the contact, by arrival. late: it came after the record was composed.
    """

    uuid: str
    resource: str
    body: dict[str, Any] = field(repr=False)
    seq: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A contact that is held, as far as it stands there in clear. Instants are seconds since 1970.

    version: counts the changes of its pieces. due: when it is looked at again. asked: when the record was
    composed. unsure: when a POST began that may have arrived, or NEVER. lease: the attempt that works on it
    until `lease_until`. settled: until when an earlier attempt, that did not end, may still write. record:
    the uuid of its record, once known. reason: the members that the register refused, never their values.
    tries: the failed attempts. key: the id of the key that seals its data key.
    """

    contact: str
    phase: str
    version: int
    made: float
    changed: float
    due: float
    asked: float
    unsure: float
    lease: str
    lease_until: float
    settled: float
    record: str
    reason: str
    tries: int
    key: str


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that is held, opened: its pieces in the order of their arrival, and its plan, if any."""

    hold: Hold
    pieces: tuple[Piece, ...]
    plan: dict[str, Any] = field(repr=False)
    sealer: Sealer = field(repr=False, compare=False)

    @property
    def contact(self) -> str:
        """The uuid under which the contact is served."""
        return self.hold.contact


class Holds:
    """The contacts that all replicas hold.

    Methods raise StateUnavailable; those that open a contact raise KeyMissing and NotOpened as well.
    """

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    # what clients record

    def begin(self, contact: str, pieces: Sequence[Piece], *, now: float, due: float) -> bool:
        """Hold a new contact with its first pieces; returns false when it is held already."""
        sealer, wrapped = self._keyring.new(contact)
        values = (contact, GATHERING, 1, now, now, due, NEVER, NEVER, NOBODY, NEVER, NEVER, "", "", 0)
        with self._database.transaction() as transaction:
            made = transaction.changed(
                f"INSERT INTO holds ({_HOLD}, data_key, plan) VALUES ({_marks(17)}) ON CONFLICT DO NOTHING",  # noqa: S608
                (*values, self._keyring.current, wrapped, ""),
            )
            if made:
                _insert(transaction, sealer, pieces, 0, late=False)
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
            phase = _touch(transaction, held.contact, now, due, phases, version=version)
            if phase is None:
                return False
            (row,) = transaction.run(
                "SELECT coalesce(max(seq), 0) FROM pieces WHERE contact=?", (held.contact,)
            )
            _insert(transaction, held.sealer, pieces, int(row[0]), late=phase not in (GATHERING, PARKED))
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
            if _touch(transaction, held.contact, now, due, phases) is None:
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
            if _touch(transaction, held.contact, now, due, phases) is None:
                return False
            for uuid in uuids:
                transaction.run("DELETE FROM pieces WHERE uuid=? AND contact=?", (uuid, held.contact))
        return True

    def drop(self, contact: str, phases: Iterable[str] = (GATHERING,)) -> bool:
        """Delete a contact of which no record was asked for, with its pieces and its key."""
        wanted = tuple(phases)
        with self._database.transaction() as transaction:
            gone = transaction.changed(
                f"DELETE FROM holds WHERE contact=? AND phase IN ({_marks(len(wanted))})",  # noqa: S608
                (contact, *wanted),
            )
            if gone:
                transaction.run("DELETE FROM pieces WHERE contact=?", (contact,))
        return bool(gone)

    # reading

    def held(self, contact: str) -> Held | None:
        """A contact, opened; None when it is not held."""
        found = self._opened("WHERE contact=?", (contact,))
        return found[0] if found else None

    def opened(self) -> list[Held]:
        """All contacts, opened, the oldest first. There are tens or hundreds: each is opened."""
        return self._opened("ORDER BY made", ())

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
                f"SELECT {_HOLD} FROM holds WHERE due<=? AND phase<>? AND lease_until<=? ORDER BY due",  # noqa: S608
                (now, PARKED, now),
            )
        return [Hold(*row) for row in rows]

    def _opened(self, which: str, values: Sequence[Any]) -> list[Held]:
        with self._database.transaction() as transaction:
            holds = transaction.run(f"SELECT {_HOLD}, data_key, plan FROM holds {which}", values)  # noqa: S608
            pieces = [
                transaction.run(
                    "SELECT uuid, resource, seq, late, body FROM pieces WHERE contact=? ORDER BY seq",
                    (row[0],),
                )
                for row in holds
            ]
        return [self._held(row, rows) for row, rows in zip(holds, pieces, strict=True)]

    def _held(self, row: Row, pieces: Sequence[Row]) -> Held:
        *columns, wrapped, plan = row
        hold = Hold(*columns)
        sealer = self._keyring.sealer(hold.contact, hold.key, wrapped)
        found = tuple(
            Piece(uuid, resource, sealer.open(body, uuid), seq, bool(late))
            for uuid, resource, seq, late, body in pieces
        )
        return Held(hold, found, sealer.open(plan, PLAN) if plan else {}, sealer)


def all_holds(database: Database) -> list[Hold]:
    """All contacts as they stand there in clear, the oldest first; no key is needed."""
    with database.transaction() as transaction:
        return [Hold(*row) for row in transaction.run(f"SELECT {_HOLD} FROM holds ORDER BY made")]  # noqa: S608


def _touch(
    transaction: Transaction,
    contact: str,
    now: float,
    due: float,
    phases: Iterable[str],
    *,
    version: int | None = None,
) -> str | None:
    """Count a change of the pieces; returns the phase, or None when it is none of these.

    The row stays locked until the end of the transaction, so that nothing is sent meanwhile.
    """
    wanted = tuple(phases)
    rows = transaction.run(
        f"UPDATE holds SET version=version+1, changed=?, due=CASE WHEN phase=? THEN ? ELSE due END"  # noqa: S608
        f" WHERE contact=? AND phase IN ({_marks(len(wanted))}) AND version=coalesce(?, version)"
        " RETURNING phase",
        (now, GATHERING, due, contact, *wanted, version),
    )
    return str(rows[0][0]) if rows else None


def _insert(
    transaction: Transaction, sealer: Sealer, pieces: Sequence[Piece], after: int, *, late: bool
) -> None:
    transaction.each(
        "INSERT INTO pieces (uuid, contact, resource, seq, late, body) VALUES (?,?,?,?,?,?)",
        [
            (each.uuid, sealer.contact, each.resource, number, int(late), sealer.seal(each.body, each.uuid))
            for number, each in enumerate(pieces, after + 1)
        ],
    )


def _marks(number: int) -> str:
    return ",".join("?" * number)
