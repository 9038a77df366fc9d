"""The attempts to send a contact: who works on it, and the phases that it passes.

An attempt holds a lease with a token of its own, not one of its process: a process that slept through its
lease must not go on as if the lease of its next attempt were still that one.
"""

from __future__ import annotations

import secrets
from typing import Any

from adapter.gathering import sent
from adapter.gathering.doubles import doubt, doubted
from adapter.gathering.kept import ASKED, GATHERING, NEVER, NOBODY, PARKED, PLAN, POSTED, Held
from adapter.gathering.ports import Composition
from adapter.state import aliases
from adapter.state.database import Database, Transaction


class Attempts:
    """The phases of contacts that are being sent.

    Each method that returns false changed nothing: the lease is another attempt's, or the phase another one.
    Methods raise StateUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease(self, contact: str, now: float, seconds: float, wait: float) -> str | None:
        """Begin an attempt: its token, or None while another attempt holds the contact, or it is gone.

        An earlier attempt that did not end died, or sleeps: then it may write its aside once more, over a
        newer one, until `wait` seconds after its lease. Until then the contact is not settled.
        """
        token = secrets.token_hex(8)
        taken = self._set(
            "settled=CASE WHEN lease<>? THEN lease_until+? ELSE settled END, lease=?, lease_until=?"
            " WHERE contact=? AND lease_until<=?",
            (NOBODY, wait, token, now + seconds, contact, now),
        )
        return token if taken else None

    def release(self, contact: str, token: str, due: float | None = None) -> bool:
        """End an attempt; the contact is looked at again at `due`, by default when it was."""
        when = "" if due is None else ", due=?"
        values = (NOBODY, NEVER, *(() if due is None else (due,)), contact, token)
        return self._set(f"lease=?, lease_until=?{when} WHERE contact=? AND lease=?", values)

    def ask(self, held: Held, token: str, plan: dict[str, Any], now: float) -> bool:
        """GATHERING to ASKED with a plan, unless a piece changed since the contact was opened."""
        sealed = held.sealer.seal(plan, PLAN)
        return self._set(
            "phase=?, plan=?, asked=?, unsure=? WHERE contact=? AND lease=? AND phase=? AND version=?",
            (ASKED, sealed, now, NEVER, held.contact, token, GATHERING, held.hold.version),
        )

    def unsure(self, contact: str, token: str, now: float, due: float) -> bool:
        """Note that a POST begins: from now on it may have arrived. At `due` it must have, or never will."""
        return self._set(
            "unsure=?, due=? WHERE contact=? AND lease=? AND phase=?",
            (now, due, contact, token, ASKED),
        )

    def holds(self, contact: str, token: str, now: float) -> bool:
        """Whether the lease is still that of this attempt."""
        with self._database.transaction() as transaction:
            return bool(
                transaction.run(
                    "SELECT 1 FROM holds WHERE contact=? AND lease=? AND lease_until>?", (contact, token, now)
                )
            )

    def posted(self, contact: str, token: str, record: str, collection: str) -> bool:
        """ASKED to POSTED, with the alias in the same transaction.

        Raises AliasTaken when the record or the contact has another alias; the contact stays as it is.
        """
        with self._database.transaction() as transaction:
            moved = _set(
                transaction,
                "phase=?, record=?, unsure=? WHERE contact=? AND lease=? AND phase=?",
                (POSTED, record, NEVER, contact, token, ASKED),
            )
            if moved and not aliases.note(transaction, contact, record, collection):
                raise AliasTaken
        return moved

    def reopen(self, contact: str, token: str, due: float) -> bool:
        """ASKED to GATHERING: the POST did not arrive and never will, so what came meanwhile joins."""
        with self._database.transaction() as transaction:
            return _reopened(transaction, contact, token, due)

    def lost(self, contact: str, token: str, plan: Composition, now: float, wait: float) -> bool:
        """As `reopen`, of a record that was not there; after `wait` it is looked for once more."""
        with self._database.transaction() as transaction:
            moved = _reopened(transaction, contact, token, now)
            if moved:
                doubt(transaction, contact, doubted(plan), now + wait)
        return moved

    def park(self, contact: str, token: str, reason: str) -> bool:
        """To PARKED: the register refused. `reason` are names of members, never values."""
        with self._database.transaction() as transaction:
            moved = _set(
                transaction,
                "phase=?, plan='', asked=?, unsure=?, reason=?, tries=tries+1, lease=?, lease_until=?"
                " WHERE contact=? AND lease=? AND phase IN (?, ?)",
                (PARKED, NEVER, NEVER, reason, NOBODY, NEVER, contact, token, GATHERING, ASKED),
            )
            if moved:
                transaction.run("UPDATE pieces SET late=0 WHERE contact=?", (contact,))
        return moved

    def unpark(self, contact: str, due: float, *, fall_back: bool = False) -> bool:
        """PARKED to GATHERING; with `fall_back` it keeps its reason, by which it goes to that group."""
        reason = "" if fall_back else ", reason=''"
        return self._set(
            f"phase=?, due=?, version=version+1{reason} WHERE contact=? AND phase=?",
            (GATHERING, due, contact, PARKED),
        )

    def finished(self, held: Held, token: str) -> bool:
        """Delete a POSTED contact with its pieces and its key, unless a piece came since it was opened."""
        with self._database.transaction() as transaction:
            gone = transaction.changed(
                "DELETE FROM holds WHERE contact=? AND lease=? AND phase=? AND version=?",
                (held.contact, token, POSTED, held.hold.version),
            )
            if gone:
                sent.keep(transaction, held.contact)
                transaction.run("DELETE FROM pieces WHERE contact=?", (held.contact,))
        return bool(gone)

    def _set(self, rest: str, values: tuple[Any, ...]) -> bool:
        with self._database.transaction() as transaction:
            return _set(transaction, rest, values)


class AliasTaken(Exception):
    """The record is served under another uuid already, or the contact has another record."""


def _reopened(transaction: Transaction, contact: str, token: str, due: float) -> bool:
    moved = _set(
        transaction,
        "phase=?, plan='', asked=?, unsure=?, due=?, tries=tries+1, version=version+1"
        " WHERE contact=? AND lease=? AND phase=?",
        (GATHERING, NEVER, NEVER, due, contact, token, ASKED),
    )
    if moved:
        transaction.run("UPDATE pieces SET late=0 WHERE contact=?", (contact,))
    return moved


def _set(transaction: Transaction, rest: str, values: tuple[Any, ...]) -> bool:
    return bool(transaction.changed(f"UPDATE holds SET {rest}", values))  # noqa: S608
