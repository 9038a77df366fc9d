"""Contacts as they are served: from what is held, or from their record and what stands beside it.

A contact keeps the uuid that its client was given, though its register gave another (the alias); a request
with that of the record is answered with the same contact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapter.gathering.asides import Asides
from adapter.gathering.holds import Holds
from adapter.gathering.kept import POSTED, Held, Piece
from adapter.gathering.lists import Lists
from adapter.gathering.ports import Body, Record, Register
from adapter.gathering.sent import Sent
from adapter.state.aliases import Aliases


class AsideStore(Protocol):
    """Where asides are read. Methods raise RegisterUnavailable."""

    def aside(self, contact: str, *, anew: bool = False) -> Body | None:
        """What stands beside the record of a contact; None for one that was made in the register."""

    def asides(self, mentioned: Sequence[str] = ()) -> dict[str, Body]:
        """By contact what stands beside its record: all, or those that mention one of these texts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads contacts; `collection` is that of their records.

    Methods raise StateUnavailable, KeyMissing, NotOpened, and RegisterUnavailable.
    """

    collection: str
    holds: Holds
    aliases: Aliases
    lists: Lists
    register: Register
    store: AsideStore
    asides: Asides
    places: Sent

    def pieces(self, uuid: str) -> Sequence[Piece] | None:
        """The pieces of a contact by its uuid, or by that of its record; None when there is none.

        The first is the contact itself.
        """
        contact = self.aliases.served([uuid])[uuid]
        held = self.holds.held(contact)
        if held is not None:
            return self.of_held(held)
        # After what is held: the alias is noted before a contact is held no longer.
        known = self.aliases.records([contact])[contact]
        record = self.register.retrieve(self.collection, known)
        # A record without an alias may be of a contact that is held, and then has another uuid for clients;
        # it may have got its alias meanwhile.
        shown = self.lists.beside([record]) if record else []
        return self._read(*shown[0]) if shown else None

    def of_held(self, held: Held) -> Sequence[Piece]:
        """The pieces of a contact that is held.

        Once its record is made they are also what that says of a piece of which a contact has one and that no
        client recorded, such as the task of the fall-back group: employees work on it by then.
        """
        there, declared = {each.resource for each in held.pieces}, self.asides.declared
        if held.hold.phase != POSTED or not declared.single - there:
            return held.pieces
        kind, body = held.plan["kind"], held.plan["body"]
        made = {each.resource for each in declared.slots if not each.kinds or kind in each.kinds}
        if not (declared.single - there) & made:
            return held.pieces
        aside = self.asides.written(held.contact, held.pieces, kind, body)
        known = {each.uuid for each in held.pieces}
        found = self.asides.read(held.contact, body, aside)
        more = [each for each in found if each.uuid not in known]
        self.places.note(held.contact, [each.uuid for each in more])
        return [*held.pieces, *more]

    def listed(self, read: Callable[[], Sequence[Record]]) -> dict[str, Sequence[Piece]]:
        """The pieces of every contact that is held, and of those that `read` gives, by the served uuid."""
        found = self.lists.listed(read)
        held: dict[str, Sequence[Piece]] = {each.contact: self.of_held(each) for each in found.held}
        return held | {contact: self._read(contact, record) for contact, record in found.records}

    def sent(self, contact: str) -> tuple[Record, Sequence[Piece]] | None:
        """The record of a contact that is held no longer, with its pieces; None when it has none."""
        known = self.aliases.records([contact])[contact]
        record = self.register.retrieve(self.collection, known) if known != contact else None
        return None if record is None else (record, self._read(contact, record))

    def record(self, contact: str) -> Record | None:
        """The record of a contact, as its register has it alone; None for one that is held."""
        if self.holds.of_piece(contact) is not None:
            return None
        return self.register.retrieve(self.collection, self.aliases.records([contact])[contact])

    def _read(self, contact: str, record: Record) -> Sequence[Piece]:
        return self.read(contact, record, self.store.aside(contact))

    def read(self, contact: str, record: Record, aside: Body | None) -> Sequence[Piece]:
        """The pieces of a contact, as its record and what stands beside it say now."""
        found = self.asides.read(contact, record.content, aside)
        recorded = {row["uuid"] for row in aside["rows"]} if aside else set()
        if new := [each.uuid for each in found if each.uuid not in recorded]:
            self.places.note(contact, new)
        return found
