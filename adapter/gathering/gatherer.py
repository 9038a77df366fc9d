"""Gathering: takes the pieces that clients send, and says of each whether it can still be taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from adapter.errors import RegisterError
from adapter.gathering.holds import Holds
from adapter.gathering.kept import ASKED, GATHERING, NOBODY, PARKED, PHASES, POSTED, Held, Piece
from adapter.gathering.ports import Refused
from adapter.gathering.sending import Sender, Tools
from adapter.gathering.slots import NAMED
from adapter.logs import logger
from adapter.mapping.paths import Path, get

log = logger("klantbrug.gathering")

# How long a client is asked to wait while it is not known whether the record was made, in seconds.
RETRY_AFTER = 30


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which resources are pieces of a contact.

    contact: that of the contact itself. references: of each other the member that refers to the contact, or
    to another piece of it. single: those of which a contact has one.
    """

    contact: str
    references: Mapping[str, Path]
    single: frozenset[str] = frozenset()


class NotTaken(Exception):
    """A piece cannot be taken."""


class TooLate(NotTaken):
    """The record is made, and this would have had to be part of it."""


class OnlyOne(NotTaken):
    """The contact has one already, that says something else."""


class NotKnownYet(NotTaken):
    """Whether the record was made is not known; the client may try again after RETRY_AFTER seconds."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece that is held; `uuid` is that of the same piece, when it was sent before."""

    uuid: str
    contact: str


class Gatherer:
    """The pieces of contacts that are held. Threads may share it.

    Methods give None for what is not held: it is for the register and what stands beside its records. They
    raise NotTaken, and StateUnavailable, KeyMissing and NotOpened.
    """

    def __init__(self, pieces: Pieces, tools: Tools, sender: Sender) -> None:
        self._pieces, self._tools, self._sender = pieces, tools, sender

    @property
    def _holds(self) -> Holds:
        return self._tools.holds

    def begin(self, pieces: Sequence[Piece], settle: float | None = None) -> Taken:
        """Hold a new contact; the first piece is the contact itself. Several are held together or not at all.

        `settle` is how long it waits once a piece triggers it, where its client has its own. Raises Refused
        as `add` does.
        """
        first, now = pieces[0], self._tools.now()
        due = self._tools.triggers.moment(now, now, pieces, settle).due
        self._holds.begin(first.uuid, pieces, now=now, due=due, settle=settle)
        for each in pieces:
            self._sent_now(first.uuid, each)
        return Taken(first.uuid, first.uuid)

    def contact_of(self, resource: str, body: Mapping[str, Any]) -> str | None:
        """The contact that is held, of which a body would be a piece."""
        reference = self._pieces.references.get(resource)
        named = None if reference is None else get(body, (*reference, NAMED))
        return self._holds.of_piece(named) if isinstance(named, str) else None

    def add(self, piece: Piece) -> Taken | None:
        """Hold a piece; the contact is sent at once when the piece is one that triggers it.

        Raises Refused when the register refuses the record for it: then the piece is not held.
        """
        contact = self.contact_of(piece.resource, piece.body)
        held = None if contact is None else self._holds.held(contact)
        if held is None:
            return None
        same = self._same(held, piece)
        if same is not None:
            return Taken(same, held.contact)
        if not self._added(held, piece):
            return self.add(piece)
        self._sent_now(held.contact, piece)
        return Taken(piece.uuid, held.contact)

    def _same(self, held: Held, piece: Piece) -> str | None:
        """The uuid of the same piece when a single one was sent before, after an answer that was lost."""
        if piece.resource not in self._pieces.single:
            return None
        there = [each for each in held.pieces if each.resource == piece.resource]
        for each in there:
            if each.body == piece.body:
                return each.uuid
        if held.hold.phase == ASKED:
            raise NotKnownYet
        if held.hold.phase == POSTED:
            raise TooLate
        if there and held.hold.phase != PARKED:
            raise OnlyOne
        return None

    def _added(self, held: Held, piece: Piece) -> bool:
        """Hold the piece; returns false when the contact is no longer as it was judged."""
        now, phase = self._tools.now(), held.hold.phase
        due = self._due([*held.pieces, piece], held, now)
        if piece.resource not in self._pieces.single:
            return self._holds.add(held, [piece], now=now, due=due, phases=PHASES)
        # In place of one that was refused, with which the contact is gathered again.
        if phase == PARKED:
            refused = [each.uuid for each in held.pieces if each.resource == piece.resource]
            self._holds.remove(held, refused, now=now, due=due, phases=(PARKED,))
            self._tools.attempts.unpark(held.contact, due)
            return False
        return self._holds.add(held, [piece], now=now, due=due, version=held.hold.version)

    def _due(self, pieces: Sequence[Piece], held: Held, now: float) -> float:
        return self._tools.triggers.moment(held.hold.made, now, pieces, held.hold.settle).due

    def _sent_now(self, contact: str, piece: Piece) -> None:
        if piece.resource not in self._tools.triggers.resources():
            return
        try:
            self._sender.send(contact, told=True)
        except Refused:
            held = self._holds.held(contact)
            if held is not None and piece.uuid != contact:
                now = self._tools.now()
                left = [each for each in held.pieces if each.uuid != piece.uuid]
                self._holds.remove(held, [piece.uuid], now=now, due=self._due(left, held, now))
            raise

    def held(self, uuid: str) -> Piece | None:
        """A piece that is held, as it is served."""
        found = self._found(uuid)
        return found[1] if found else None

    def change(self, uuid: str, body: dict[str, Any]) -> Piece | None:
        """Replace the body of a piece. Raises TooLate when it is part of the record, or may be."""
        found = self._found(uuid)
        if found is None:
            return None
        held, there = found
        changed = replace(there, body=body)
        if there.body == body:
            return there
        now, pieces = self._tools.now(), [changed if each is there else each for each in held.pieces]
        due, phases = self._due(pieces, held, now), (self._phase(held, there),)
        done = self._holds.change(held, changed, now=now, due=due, phases=phases)
        return changed if done else self.change(uuid, body)

    def remove(self, uuid: str) -> Piece | None:
        """Delete a piece; with the contact itself all that is held of it, which is then never sent.

        Raises TooLate when it is part of the record, or may be.
        """
        found = self._found(uuid)
        if found is None:
            return None
        held, there = found
        return there if self._removed(held, [there]) else self.remove(uuid)

    def remove_all(self, uuids: Collection[str]) -> frozenset[str]:
        """Delete those of these pieces that are held, those of one contact all at once; which they were.

        Raises as `remove` does.
        """
        gone: set[str] = set()
        for contact in {each for uuid in uuids if (each := self._holds.of_piece(uuid)) is not None}:
            while (held := self._holds.held(contact)) is not None:
                there = [each for each in held.pieces if each.uuid in uuids]
                if not there or self._removed(held, there):
                    gone.update(each.uuid for each in there)
                    break
        return frozenset(gone)

    def _removed(self, held: Held, pieces: Sequence[Piece]) -> bool:
        phases = tuple({self._phase(held, each) for each in pieces})
        uuids = {each.uuid for each in pieces}
        if held.contact in uuids:
            return self._dropped(held, phases)
        left, now = [each for each in held.pieces if each.uuid not in uuids], self._tools.now()
        return self._holds.remove(held, uuids, now=now, due=self._due(left, held, now), phases=phases)

    def _dropped(self, held: Held, phases: Sequence[str]) -> bool:
        if not self._holds.drop(held.contact, phases=phases, wait=self._tools.times.wait):
            return False
        if held.hold.tries or held.hold.lease != NOBODY:
            # An attempt to send it has written what would have stood beside its record; see `dropped`.
            try:
                self._tools.objects.drop_aside(held.contact)
            except RegisterError as error:
                log.warning("aside_left", contact=held.contact, register=error.register)
        return True

    def move(self, uuid: str, body: dict[str, Any]) -> Piece | None:
        """Give a piece that is held, with those that refer to it, to another contact that is held.

        In one step of the state. None when that, or the piece, is not held. Raises as `remove` and `add` do.
        """
        found = self._found(uuid)
        if found is None:
            return None
        held, there = found
        moved = replace(there, body=body)
        contact = self.contact_of(moved.resource, body)
        other = None if contact is None else self._holds.held(contact)
        if other is None:
            if self.hanging(held, uuid):
                raise TooLate
            return None
        phase = self._phase(held, there)
        if other.hold.phase != GATHERING:
            raise NotKnownYet if other.hold.phase == ASKED else TooLate
        if there.resource in self._pieces.single:
            raise TooLate
        along = [moved, *self.hanging(held, uuid)]
        gone, now = {each.uuid for each in along}, self._tools.now()
        kept = [each for each in held.pieces if each.uuid not in gone]
        dues = self._due(kept, held, now), self._due([*other.pieces, *along], other, now)
        done = self._holds.move(held, other, along, phase, now=now, dues=dues)
        return moved if done else self.move(uuid, body)

    def hanging(self, held: Held, uuid: str) -> list[Piece]:
        """The pieces of a contact that refer to another of its pieces, and to these."""
        references = self._pieces.references
        own = [
            each
            for each in held.pieces
            if each.resource in references and get(each.body, (*references[each.resource], NAMED)) == uuid
        ]
        return [*own, *(further for each in own for further in self.hanging(held, each.uuid))]

    def withdraw(self, uuid: str) -> bool:
        """Take back a piece of which no client was told, since the process died before; whether it is held.

        What a client sends again as it was stays, and what a record may have; so does a contact to which
        others added pieces since.
        """
        found = self._found(uuid)
        if found is None:
            return False
        held, there = found
        alone = uuid != held.contact or len(held.pieces) == 1
        if alone and there.resource not in self._pieces.single:
            with suppress(NotTaken):
                self.remove(uuid)
        return True

    def _found(self, uuid: str) -> tuple[Held, Piece] | None:
        contact = self._holds.of_piece(uuid)
        held = None if contact is None else self._holds.held(contact)
        there = next((each for each in held.pieces if each.uuid == uuid), None) if held else None
        return None if held is None or there is None else (held, there)

    def _phase(self, held: Held, piece: Piece) -> str:
        """The phase, when this piece may change in it, since no record and no link has it yet."""
        phase = held.hold.phase
        if phase in {GATHERING, PARKED} or (phase == ASKED and piece.late):
            return phase
        raise NotKnownYet if phase == ASKED or piece.late else TooLate
