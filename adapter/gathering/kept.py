"""What is held of contacts, as rows of the state: a contact, its pieces, and what changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapter.gathering.sealing import Sealer
from adapter.state.database import Database, Transaction

GATHERING, ASKED, POSTED, PARKED = "gathering", "asked", "posted", "parked"
PHASES = (GATHERING, ASKED, POSTED, PARKED)
NOBODY = ""
NEVER = 0.0
PLAN: Final = "plan"

HOLD = (
    "contact, phase, version, made, changed, due, asked, unsure,"
    " lease, lease_until, settled, record, reason, tries, key_id, settle"
)

# The columns of a contact, with its key and its plan.
OF_HOLD = HOLD.count(",") + 3


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
    tries: the failed attempts. key: the id of the key that seals its data key. settle: the seconds that it
    waits once a piece triggers it, where its client has its own; None where the deployment says it.
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
    settle: float | None = None


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


def all_holds(database: Database) -> list[Hold]:
    """All contacts as they stand there in clear, the oldest first; no key is needed."""
    with database.transaction() as transaction:
        return [Hold(*row) for row in transaction.run(f"SELECT {HOLD} FROM holds ORDER BY made")]  # noqa: S608


def touch(
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
        f" WHERE contact=? AND phase IN ({marks(len(wanted))}) AND version=coalesce(?, version)"
        " RETURNING phase",
        (now, GATHERING, due, contact, *wanted, version),
    )
    return str(rows[0][0]) if rows else None


def last(transaction: Transaction, contact: str) -> int:
    """The place of the piece of a contact that arrived last; 0 when it has none."""
    (row,) = transaction.run("SELECT coalesce(max(seq), 0) FROM pieces WHERE contact=?", (contact,))
    return int(row[0])


def insert(
    transaction: Transaction, sealer: Sealer, pieces: Sequence[Piece], after: int, *, late: bool
) -> None:
    """Add pieces of a contact, sealed, behind those that arrived by place `after`."""
    transaction.each(
        "INSERT INTO pieces (uuid, contact, resource, seq, late, body) VALUES (?,?,?,?,?,?)",
        [
            (each.uuid, sealer.contact, each.resource, number, int(late), sealer.seal(each.body, each.uuid))
            for number, each in enumerate(pieces, after + 1)
        ],
    )


def marks(number: int) -> str:
    """So many question marks of a statement."""
    return ",".join("?" * number)
