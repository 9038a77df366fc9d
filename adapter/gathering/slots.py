"""Which piece has which place in the one record: the slots of a correspondence that gathers, filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapter.correspondence.gathered import Gathered, Slot
from adapter.correspondence.rows import meets
from adapter.gathering.kept import Piece
from adapter.mapping.paths import Path, get

NAMED = "uuid"


class Directory(Protocol):
    """Resources that are no pieces, since they exist without the contact. Raises RegisterUnavailable."""

    def get(self, resource: str, uuid: str) -> Mapping[str, Any] | None:
        """A resource as it is served; None when there is none."""

    def find(self, resource: str, values: Sequence[tuple[Path, Any]]) -> str | None:
        """The uuid of the resource that has all of these values; None when there is none."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with the row that is in it. `number` counts those of a slot with many, from 0.

    piece: the piece that the row is, or that links to it; of a row that a member refers to, the piece with
    that member.
    """

    slot: Slot
    piece: Piece
    row: Mapping[str, Any] = field(repr=False)
    number: int = 0

    @property
    def name(self) -> str:
        """The name of the place, such as `overig` or `overig.2`."""
        return place(self.slot, self.number)


def place(slot: Slot, number: int) -> str:
    """The name of a place in a slot."""
    return slot.name if not number else f"{slot.name}.{number}"


@dataclass(frozen=True, slots=True)
class Filling:
    """Puts pieces in the slots of a declaration, each in the first that it fits.

    What they refer to is asked of the directory once.
    """

    declared: Gathered
    directory: Directory
    _known: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)

    def filled(self, pieces: Sequence[Piece], kind: str) -> list[Filled]:
        """The slots that have a row in a record of this kind, in the order of the declaration."""
        found: list[Filled] = []
        taken: set[str] = set()
        for slot in self.declared.slots:
            if slot.kinds and kind not in slot.kinds:
                continue
            owner = self._owner(slot, pieces, found)
            if owner is None:
                continue
            number = 0
            for piece, key, row in self._rows(slot, owner, pieces):
                if key in taken or not meets(row, slot.where):
                    continue
                taken.add(key)
                found.append(Filled(slot, piece, row, number))
                number += 1
                if not slot.many:
                    break
        return found

    def _owner(self, slot: Slot, pieces: Sequence[Piece], found: Sequence[Filled]) -> Piece | None:
        if not slot.of:
            return pieces[0]
        return next((each.piece for each in found if each.slot.name == slot.of), None)

    def _rows(
        self, slot: Slot, owner: Piece, pieces: Sequence[Piece]
    ) -> Iterator[tuple[Piece, str, Mapping[str, Any]]]:
        """The rows of an owner: the piece, what it may take one place with, and the row itself."""
        references = dict(self.declared.pieces)
        if slot.by:
            for reference in get(owner.body, slot.by) or ():
                row = self._referred(slot, get(reference, (NAMED,)))
                if row is not None:
                    yield owner, f"{owner.uuid} {reference[NAMED]}", row
            return
        resource = slot.via or slot.resource
        for piece in pieces:
            if piece.resource != resource or get(piece.body, (*references[resource], NAMED)) != owner.uuid:
                continue
            row = self._referred(slot, get(piece.body, (*slot.reference, NAMED))) if slot.via else piece.body
            if row is not None:
                yield piece, piece.uuid, row

    def _referred(self, slot: Slot, uuid: Any) -> Mapping[str, Any] | None:
        if not isinstance(uuid, str):
            return None
        key = slot.resource, uuid
        if key not in self._known:
            self._known[key] = self.directory.get(*key)
        return self._known[key]
