"""Names that a register has to know, of which a deployment says which are there: others are refused at once.

Otherwise a wrong name would be noticed when the record is sent, when no client waits any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.gathered import Gathered, Slot
from adapter.correspondence.model import Pair
from adapter.correspondence.rows import meets
from adapter.correspondence.translating import written
from adapter.gathering.kept import Piece
from adapter.gathering.slots import NAMED, Directory
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import filled, get


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names of a declaration. Methods raise RegisterUnavailable when the directory does."""

    declared: Gathered
    directory: Directory
    links: Links

    @property
    def known(self) -> dict[str, frozenset[str]]:
        """By member of the record the names that are there, where a deployment says which those are.

        Members that are droppable are left out: when the register refuses a name there, the record is made
        without it, so no piece is refused for it.
        """
        return {
            ".".join(each.member): each.known
            for each in self.declared.names
            if each.known and each.member[0] not in self.declared.droppable
        }

    def unknown(self, piece: Piece, before: Piece | None = None) -> list[str]:
        """The members of the record to which a piece would give a name that is not there.

        A name that the piece had `before` may stay.
        """
        known = self.known
        said = set(self._said(piece, known)) - set(self._said(before, known) if before else ())
        return sorted({member for member, text in said if text not in known[member]})

    def _said(self, piece: Piece, known: Iterable[str]) -> Iterator[tuple[str, str]]:
        pairs = [pair for _, pair in self.declared.pairs] if piece.resource == self.declared.resource else []
        found: list[tuple[list[Pair], Mapping[str, Any]]] = [(pairs, piece.body)]
        for slot in self.declared.slots:
            if any(".".join(pair.right) in known for pair in slot.pairs):
                found += [
                    (list(slot.pairs), row) for row in self._rows(slot, piece) if meets(row, slot.where)
                ]
        for pairs, row in found:
            for pair in pairs:
                name = ".".join(pair.right)
                if name in known and (text := self._written(pair, row)):
                    yield name, text

    def _rows(self, slot: Slot, piece: Piece) -> Iterator[Mapping[str, Any]]:
        """What would stand in a slot because of this piece."""
        if not slot.shared:
            yield from [piece.body] if piece.resource == slot.resource else []
            return
        owners = {each.resource for each in self.declared.slots if each.name == slot.of}
        references: Iterable[Any] = ()
        if slot.via == piece.resource:
            references = [get(piece.body, slot.reference)]
        elif slot.by and piece.resource in owners:
            references = get(piece.body, slot.by) or ()
        for each in references:
            uuid = each.get(NAMED) if isinstance(each, dict) else None
            row = self.directory.get(slot.resource, uuid) if isinstance(uuid, str) else None
            if row is not None:
                yield row

    def _written(self, pair: Pair, row: Mapping[str, Any]) -> str:
        try:
            value = None if pair.read_only else written(pair, "right", row, self.links)
        except DoesNotFit:
            return ""
        return value if isinstance(value, str) and filled(value) else ""
