"""Contacts that are gathered, explained: what is held, when it is sent, where each piece of a sent one is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.gathering.kept import GATHERING, Held
from adapter.gathering.origins import origins
from adapter.gathering.starting import Started
from adapter.mapping.paths import Path

BESIDE, HELD = "beside the record", "held"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of which something is in the answer.

    uuids: those of its pieces. says: what became of it so far. record: that which is or would be made of it.
    pieces: by uuid, where each member stands; one that is not named stands in `otherwise`.
    """

    uuid: str
    uuids: frozenset[str]
    says: str
    record: Mapping[str, Any]
    pieces: Mapping[str, Mapping[Path, str]]
    otherwise: str
    collection: str

    def source(self, uuid: str, path: Path) -> str:
        """Where a member of a piece stands."""
        known = self.pieces.get(uuid, {})
        at = next((there for of, there in known.items() if path[: len(of)] == of or of[:1] == path), "")
        return f"{self.collection}: {at}" if at else self.otherwise


def contacts_of(started: Started, uuids: Iterable[str]) -> Iterator[Contact]:
    """The contacts that have one of these pieces. Raises RegisterUnavailable and StateUnavailable."""
    places = started.late.reading.places
    of = (places.contact_of(uuid) for uuid in uuids)
    for contact in dict.fromkeys(each for each in of if each is not None):
        held = started.late.reading.holds.held(contact)
        found = _held(started, held) if held else _sent(started, contact)
        if found is not None:
            yield found


def _held(started: Started, held: Held) -> Contact:
    moment, plan = started.gathering.planned(held)
    pieces = f"{len(held.pieces)} piece{'' if len(held.pieces) == 1 else 's'}"
    says = f"It is held, sealed, with {pieces}; none of it is in a register yet."
    if held.hold.phase == GATHERING:
        when = dt.datetime.fromtimestamp(moment.due, dt.UTC).isoformat(timespec="seconds")
        says += f" Unless another piece comes it is sent at {when}, as {plan.kind}:"
    else:
        says += f" Its phase is {held.hold.phase}; it is sent as {plan.kind}:"
    uuids = frozenset(each.uuid for each in held.pieces)
    return Contact(held.contact, uuids, says, plan.body, {}, HELD, plan.collection)


def _sent(started: Started, contact: str) -> Contact | None:
    late = started.late
    record = late.reading.record(contact)
    if record is None:
        return None
    aside = late.reading.store.aside(contact)
    made = "was made of it" if aside else "was made in the register"
    says = f"The record {record.uuid} of {late.declared.collection} {made}:"
    members = origins(late.reading.asides, contact, record.content, aside)
    return Contact(
        contact, frozenset(members), says, record.content, members, BESIDE, late.declared.collection
    )
