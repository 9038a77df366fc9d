"""Contacts as they are served: from what is held, or from their record and what stands beside it.

A contact keeps the uuid that its client was given, though its register gave another (the alias); a request
with that of the record is answered with the same contact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapter.gathering.aliases import Aliases
from adapter.gathering.asides import Asides
from adapter.gathering.holds import Holds, Piece
from adapter.gathering.lists import Lists
from adapter.gathering.ports import Body, Record, Register


class AsideStore(Protocol):
    """Where asides are read. Methods raise RegisterUnavailable."""

    def aside(self, contact: str) -> Body | None:
        """What stands beside the record of a contact; None for one that was made in the register."""


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

    def pieces(self, uuid: str) -> Sequence[Piece] | None:
        """The pieces of a contact by its uuid, or by that of its record; None when there is none.

        The first is the contact itself.
        """
        contact = self.aliases.served([uuid])[uuid]
        held = self.holds.held(contact)
        if held is not None:
            return held.pieces
        # After what is held: the alias is noted before a contact is held no longer.
        known = self.aliases.records([contact])[contact]
        record = self.register.retrieve(self.collection, known)
        # A record without an alias may be of a contact that is held, and then has another uuid for clients;
        # it may have got its alias meanwhile.
        shown = self.lists.beside([record]) if record else []
        return self._read(*shown[0]) if shown else None

    def listed(self, read: Callable[[], Sequence[Record]]) -> dict[str, Sequence[Piece]]:
        """The pieces of every contact that is held, and of those that `read` gives, by the served uuid."""
        found = self.lists.listed(read)
        held: dict[str, Sequence[Piece]] = {each.contact: each.pieces for each in found.held}
        return held | {contact: self._read(contact, record) for contact, record in found.records}

    def _read(self, contact: str, record: Record) -> Sequence[Piece]:
        return self.asides.read(contact, record.content, self.store.aside(contact))
