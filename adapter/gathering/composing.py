"""Composes the one record of a contact, and its links, as its declaration says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.gathered import Gathered
from adapter.correspondence.model import Pair
from adapter.correspondence.rows import meets
from adapter.correspondence.translating import written
from adapter.gathering.asides import Asides
from adapter.gathering.kept import Piece
from adapter.gathering.opened import Texts
from adapter.gathering.ports import Body, Composition, Link
from adapter.gathering.sign import Sign
from adapter.gathering.slots import Directory, Filling
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, filled, get, parse, put


@dataclass(frozen=True, slots=True)
class DeclaredComposer:
    """The composer of a declaration. Its methods raise RegisterUnavailable when the directory does."""

    declared: Gathered
    sign: Sign
    directory: Directory
    links_to: Links

    @property
    def asides(self) -> Asides:
        """What stands beside its records, and their reading."""
        return Asides(self.declared, Texts(self.declared, self.sign), self.directory, self.links_to)

    def compose(self, contact: str, pieces: Sequence[Piece], kind: str, *, fall_back: bool) -> Composition:
        """The record; see `Composer`."""
        declared, texts = self.declared, Texts(self.declared, self.sign)
        said = self._said(pieces, kind, fall_back=fall_back)
        members = {name: str(get(pieces[0].body, parse(name)) or "") for name in self.sign.members}
        record = texts.closed(said, kind, self.sign.of(contact, members))
        user = get(record, declared.user)
        return Composition(
            kind=kind,
            collection=declared.collection,
            body=record,
            user=str(user if filled(user) else declared.otherwise),
            check=self.sign.check(contact),
            signed=texts.signed(kind),
            searches=tuple(self._searches(record)),
            droppable=declared.droppable,
        )

    def _searches(self, record: Body) -> Iterator[dict[str, str]]:
        for search in self.declared.searches:
            value = next((each for path in search.members if filled(each := get(record, path))), None)
            if value is not None:
                yield {search.parameter: str(value)}

    def _said(self, pieces: Sequence[Piece], kind: str, *, fall_back: bool) -> Body:
        """What the pieces that are not late say, with the texts of the record open."""
        declared, said = self.declared, Body()
        prompt = [each for each in pieces if not each.late]
        for pair in declared.pairs_of(kind):
            self._write(said, pair, prompt[0].body)
        for each in Filling(declared, self.directory).filled(prompt, kind):
            for pair in each.slot.pairs:
                self._write(said, pair, each.row, many=each.slot.many)
        (make,) = (each.make for each in declared.kinds if each.name == kind)
        for path, value in make:
            put(said, path, value)
        if fall_back:
            self._fall_back(said)
        return said

    def _fall_back(self, said: Body) -> None:
        rule = self.declared.fall_back
        meant = [text for path in rule.instead_of for text in _texts_in(get(said, path))]
        for path in rule.instead_of:
            said.pop(path[0], None)
        for path, value in rule.make:
            put(said, path, value)
        if meant and rule.meant:
            put(said, rule.meant, ", ".join(meant))

    def aside(self, contact: str, pieces: Sequence[Piece], kind: str, content: Body) -> Body:
        """What stands beside a record; see `Composer`."""
        return self.asides.written(contact, pieces, kind, content)

    def links(self, pieces: Sequence[Piece], record: str) -> list[Link]:
        """The links of a record; see `Composer`."""
        return [link for piece in pieces for link in self._links_of(piece, record)]

    def _links_of(self, piece: Piece, record: str) -> Iterator[Link]:
        for rule in self.declared.links:
            if rule.resource != piece.resource or not meets(piece.body, rule.where):
                continue
            body = Body()
            for pair in rule.pairs:
                self._write(body, pair, piece.body)
            # Without what it would refer to there is no link.
            if all(filled(get(body, pair.right)) for pair in rule.pairs):
                for path, value in rule.make:
                    put(body, path, value)
                put(body, rule.contact, self.links_to.url(self.declared.collection, record))
                yield Link(piece.uuid, rule.collection, body)

    def _write(self, said: Body, pair: Pair, row: Mapping[str, Any], *, many: bool = False) -> None:
        if pair.read_only:
            return
        try:
            value = written(pair, "right", row, self.links_to)
        except DoesNotFit:
            # It stands aside.
            return
        if value is not MISSING:
            there = get(said, pair.right) if many else ()
            put(said, pair.right, [*(there or ()), value] if many else value)


def _texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts_in(each)]
    return [str(value)] if filled(value) else []
