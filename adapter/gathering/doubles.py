"""Records that have the sign of a contact whose record is another one.

A POST that a register does after nobody waited for it any more makes a second record. So does an employee who
copies the line of a sign. Nothing can be changed there by KlantBrug, so such records are noted and counted
until somebody says that they are settled. There is no personal value in what is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from adapter.errors import RegisterError
from adapter.gathering.ports import Composition, Register
from adapter.gathering.recognising import Look
from adapter.gathering.sign import Sign
from adapter.logs import logger
from adapter.state.aliases import Aliases
from adapter.state.database import Database, Transaction

# How many waits after a record was made anew the register is looked through for the first, one look each.
LOOKS = (1, 6, 36)

log = logger("klantbrug.gathering")


@dataclass(frozen=True, slots=True)
class Double:
    """A record with the sign of a contact that has another one; `found` in seconds since 1970."""

    record: str
    contact: str
    found: float


class Doubles:
    """The doubles of all replicas. Methods raise StateUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, contact: str, records: Iterable[str], now: float) -> None:
        """Note records besides that of a contact; those that are known, or settled, stay as they are."""
        for record in records:
            with self._database.transaction() as transaction:
                new = transaction.changed(
                    "INSERT INTO doubles VALUES (?,?,?,0) ON CONFLICT DO NOTHING", (record, contact, now)
                )
            if new:
                log.error("contact_doubled", contact=contact, record=record)

    def open(self) -> list[Double]:
        """Those that nobody settled, the oldest first."""
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "SELECT record, contact, found FROM doubles WHERE settled=0 ORDER BY found, record"
            )
        return [Double(str(record), str(contact), float(found)) for record, contact, found in rows]

    def settle(self, record: str) -> bool:
        """Note that somebody dealt with a double; returns whether it was open."""
        with self._database.transaction() as transaction:
            return bool(
                transaction.changed("UPDATE doubles SET settled=1 WHERE record=? AND settled=0", (record,))
            )

    def look(self, register: Register, sign: Sign, now: float, wait: float) -> None:
        """Look for a second record of the contacts of which one was made anew; at most one look of each."""
        with self._database.transaction() as transaction:
            due = transaction.run("SELECT contact, plan, due, looks FROM doubted WHERE due<=?", (now,))
        for contact, plan, at, looks in due:
            if self._taken(contact, float(at), int(looks), now, wait):
                self._look(contact, orjson.loads(plan), register, sign, now=now, wait=wait)

    def _taken(self, contact: str, at: float, looks: int, now: float, wait: float) -> bool:
        """Whether this look is ours, and no other replica's; the next is due later, if one follows."""
        with self._database.transaction() as transaction:
            if looks + 1 == len(LOOKS):
                done = "DELETE FROM doubted WHERE contact=? AND due=?"
                return bool(transaction.changed(done, (contact, at)))
            return bool(
                transaction.changed(
                    "UPDATE doubted SET due=?, looks=? WHERE contact=? AND due=?",
                    (now + wait * LOOKS[looks + 1], looks + 1, contact, at),
                )
            )

    def _look(
        self,
        contact: str,
        plan: Mapping[str, str],
        register: Register,
        sign: Sign,
        *,
        now: float,
        wait: float,
    ) -> None:
        known = Aliases(self._database).records([contact])[contact]
        look = Look(register, sign, plan["collection"], plan["signed"])
        check, filters = sign.check(contact), orjson.loads(plan["filters"])
        try:
            # One that is held is made later; of one that was deleted, any record is one too many.
            found = None if self._held(contact) else look.all(check, filters)
        except RegisterError:
            found = None
        if found is None:
            with self._database.transaction() as transaction:
                doubt(transaction, contact, plan, now + wait)
            return
        self.note(contact, (each.uuid for each in found if each.uuid != known), now)

    def _held(self, contact: str) -> bool:
        with self._database.transaction() as transaction:
            return bool(transaction.run("SELECT 1 FROM holds WHERE contact=?", (contact,)))


def doubted(plan: Composition) -> dict[str, str]:
    """How a record is looked for that was not there: by the filter that finds all of its kind."""
    filters = orjson.dumps(dict(plan.searches[-1])).decode()
    return {"collection": plan.collection, "signed": plan.signed, "filters": filters}


def doubt(transaction: Transaction, contact: str, plan: Mapping[str, str], due: float) -> None:
    """Look for a second record of a contact from `due` on, as part of a transaction."""
    transaction.run("DELETE FROM doubted WHERE contact=?", (contact,))
    transaction.run("INSERT INTO doubted VALUES (?,?,?,0)", (contact, orjson.dumps(plan).decode(), due))
