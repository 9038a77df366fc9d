"""What stands beside a record that was made of pieces, and the pieces as both say now.

What the record does not say of a piece as it was sent is kept, each member with its basis: what the record
said of it then. Where that is no longer what it says, an employee changed it there, and the record wins.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.gathered import Gathered, Slot
from adapter.correspondence.leaves import assembled, leaves
from adapter.correspondence.rows import read
from adapter.gathering.answering import answered
from adapter.gathering.kept import Piece
from adapter.gathering.opened import Texts
from adapter.gathering.ports import Body
from adapter.gathering.slots import NAMED, Directory, Filling, place
from adapter.mapping.codecs import fingerprint
from adapter.mapping.paths import MISSING, Path, get, put

# The slot of the contact itself.
CONTACT = ""
# Of a row: the basis of what the register put there by itself, when the record was made.
OWN = "own"


# The place of the version in a uuid, and the version of those that registers and KlantBrug issue.
_VERSION, _ISSUED = 14, "4"


def derived(contact: str, name: str, digit: str = "") -> str:
    """The uuid of what a record says in a place, where no client recorded it.

    With a digit it is that of the contact with another version, so that the contact is known from it.
    """
    if digit and contact[_VERSION] == _ISSUED:
        return f"{contact[:_VERSION]}{digit}{contact[_VERSION + 1 :]}"
    return str(uuids.uuid5(uuids.UUID(contact), name))


def derived_of(uuid: str) -> str:
    """The contact of a derived uuid, if it has a digit."""
    return f"{uuid[:_VERSION]}{_ISSUED}{uuid[_VERSION + 1 :]}"


@dataclass(frozen=True, slots=True)
class Asides:
    """Writes and reads what stands beside the records of a declaration."""

    declared: Gathered
    texts: Texts
    directory: Directory
    links: Links

    def written(self, contact: str, pieces: Sequence[Piece], kind: str, content: Body) -> Body:
        """What stands beside a record with this content, so that every piece reads as it was sent."""
        record = self._record(contact, content, kind)
        prompt = [each for each in pieces if not each.late]
        filled = Filling(self.declared, self.directory).filled(prompt, kind)
        # A row that others refer to is no piece; one that a piece links to stands for that piece.
        places = {each.piece.uuid: each.name for each in reversed(filled) if not each.slot.by}
        # What the record cannot say, such as an empty address, has no place that could be emptied.
        said = {uuid: name for uuid, name in places.items() if not record.is_gone(name)}
        rows = [_row(each, record.of(said.get(each.uuid)), said.get(each.uuid)) for each in pieces[1:]]
        own = self._own(contact, record, {each.name for each in filled})
        return {"kind": kind, "rows": [_row(pieces[0], record.of(CONTACT), CONTACT), *rows, *own]}

    def _own(self, contact: str, record: OpenRecord, there: set[str]) -> Iterator[Body]:
        """Rows for whom the register named by itself, such as in whose name it was asked: nobody is told."""
        references = dict(self.declared.pieces)
        for slot in self.declared.slots:
            kinds = not slot.kinds or record.kind in slot.kinds
            if slot.via and kinds and slot.name not in there and record.number(slot):
                uuid = derived(contact, slot.name, slot.digits[0] if slot.digits else "")
                row = _made(uuid, slot.via, slot.name, (((*references[slot.via], NAMED), contact),))
                yield {**row, OWN: record.of(slot.name).basis((*slot.reference, NAMED))}

    def read(self, contact: str, content: Body, aside: Body | None) -> list[Piece]:
        """The pieces of a contact, as its record and what stands beside it say now.

        Without an aside the contact was made in the register. What it says in a place of which there is no
        row has a uuid that follows from the contact and the place. Rows that the record refers to and the
        directory does not know come last.
        """
        record, rows = self.rows(contact, content, aside)
        unknown: list[Piece] = []
        each_of = (self._piece(contact, row, record, number, unknown) for number, row in enumerate(rows))
        pieces = [each for each in each_of if each is not None]
        found = [*pieces, *unknown]
        return [*found, *answered(self.declared, record.kind, record.opened, found)]

    def rows(self, contact: str, content: Body, aside: Body | None) -> tuple[OpenRecord, list[Body]]:
        """A record with its texts open, and the rows of all its pieces."""
        kind = aside["kind"] if aside else self.texts.kind_of(content)
        record = self._record(contact, content, kind)
        rows = (
            list(aside["rows"])
            if aside
            else [_made(contact, self.declared.resource, CONTACT, self.declared.fill)]
        )
        rows += self._unrecorded(contact, record, {row["place"]: row["uuid"] for row in rows})
        return record, rows

    def said(self, contact: str, content: Body, aside: Body | None, uuid: str) -> frozenset[Path]:
        """The members of a piece that its record is there to say, with a value now or not."""
        record, rows = self.rows(contact, content, aside)
        place = next((row["place"] for row in rows if row["uuid"] == uuid), None)
        return frozenset(record.of(place).bases)

    def changed(self, contact: str, content: Body, aside: Body | None, piece: Piece) -> Body:
        """What stands beside a record with this content once a piece reads as this one."""
        record, rows = self.rows(contact, content, aside)
        changed = [
            _row(piece, record.of(row["place"]), row["place"]) if row["uuid"] == piece.uuid else row
            for row in rows
        ]
        return {"kind": record.kind, "rows": changed}

    def _record(self, contact: str, content: Body, kind: str) -> OpenRecord:
        return OpenRecord(self.declared, self.texts.opened(content, kind, contact), kind, self.links)

    def _piece(
        self, contact: str, row: Body, record: OpenRecord, number: int, unknown: list[Piece]
    ) -> Piece | None:
        if record.is_gone(row["place"]):
            return None
        said = record.of(row["place"])
        if OWN in row and said.slot and row[OWN] == said.basis((*said.slot.reference, NAMED)):
            return None
        known = leaves(said.body, {})
        for names, value, basis in row["kept"]:
            path = tuple(names)
            if basis is None or basis == said.basis(path):
                known[path] = value
        for path, slots in said.references.items():
            if path not in known:
                found = [self._referred(contact, slot, record) for slot in slots]
                uuids = [each.uuid for each in found if each is not None]
                unknown += [each for each in found if each is not None and each.body]
                one = (uuids[0] if uuids else None) if path[-1:] == (NAMED,) else None
                known[path] = one if path[-1:] == (NAMED,) else [{NAMED: uuid} for uuid in uuids]
        return Piece(row["uuid"], row["resource"], assembled(known, {}), number)

    def _referred(self, contact: str, slot: Slot, record: OpenRecord) -> Piece | None:
        """The row that the record names now: one of its own, or one of the directory, without a body."""
        values = {pair.left: value for pair in slot.pairs if (value := record.value(pair)) is not MISSING}
        keys = [
            (pair.left, values[pair.left]) for pair in slot.pairs if pair.left in values if not pair.read_only
        ]
        if not keys:
            return None
        uuid = self.directory.find(slot.resource, [*slot.where, *keys])
        if uuid:
            return Piece(uuid, slot.resource, {})
        values |= {
            path: values[pair.left] for pair in slot.pairs for path in pair.left_others if pair.left in values
        }
        own = derived(contact, slot.name, slot.row_digit)
        return Piece(own, slot.resource, assembled({**dict((*slot.where, *slot.make)), **values}, {}))

    def _unrecorded(self, contact: str, record: OpenRecord, there: dict[str | None, str]) -> Iterator[Body]:
        """Rows for what the record says in places without one, each after that of which it is a part."""
        references = dict(self.declared.pieces)
        for slot in self.declared.slots:
            if slot.by or (slot.kinds and record.kind not in slot.kinds):
                continue
            for number in range(record.number(slot)):
                name = place(slot, number)
                if name in there:
                    continue
                owner = there.get(slot.of) if slot.of else contact
                if owner is None:
                    continue
                there[name] = derived(contact, name, slot.digits[number] if number < len(slot.digits) else "")
                resource = slot.via or slot.resource
                constants = () if slot.via else (*slot.where, *slot.make)
                reference = ((*references[resource], NAMED), owner)
                yield _made(there[name], resource, name, (reference, *constants))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a record says of one piece, the basis of what depends on it, and references by their member."""

    slot: Slot | None
    body: Body = field(repr=False)
    bases: Mapping[Path, str]
    references: Mapping[Path, Sequence[Slot]]

    def basis(self, path: Path) -> str | None:
        return next((basis for of, basis in self.bases.items() if path[: len(of)] == of), None)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record with its texts open."""

    declared: Gathered
    opened: Body = field(repr=False)
    kind: str
    links: Links

    def value(self, pair: Any) -> Any:
        """What it says of a pair."""
        return read(pair, "left", self.opened, self.links)

    def number(self, slot: Slot) -> int:
        """How many rows it has in a slot."""
        if slot.many:
            values = get(self.opened, slot.pairs[0].right)
            return len(values) if isinstance(values, list) else 0
        inside = [each for each in self.declared.slots if each.of == slot.name and not each.by]
        there = any(self.value(pair) is not MISSING for pair in slot.pairs)
        # An address has somebody whose it is.
        return int(there or any(self.number(each) for each in inside))

    def is_gone(self, name: str | None) -> bool:
        """Whether a place is empty that is there only with a value: a part of a part, such as an address."""
        said = self.of(name)
        return said.slot is not None and bool(said.slot.of) and not said.body

    def of(self, name: str | None) -> _Said:
        """What it says in a place; nothing in none."""
        known, _, number = (name or "").partition(".")
        slot = next((each for each in self.declared.slots if each.name == known), None)
        pairs = () if slot is None or slot.shared else slot.pairs
        if name == CONTACT:
            pairs = tuple(self.declared.pairs_of(self.kind))
        said, bases = Body(), dict[Path, str]()
        for pair in pairs:
            value = self.value(pair)
            if slot is not None and slot.many:
                values, at = get(self.opened, pair.right), int(number or 0)
                value = values[at] if isinstance(values, list) and at < len(values) else MISSING
            if value is not MISSING:
                put(said, pair.left, value)
            for path in (pair.left, *pair.left_before):
                bases[path] = fingerprint(value)
        references = self._references(name, slot)
        for path, slots in references.items():
            told = (pair for each in slots for pair in each.pairs if not pair.read_only)
            bases[path] = fingerprint([self.value(pair) for pair in told])
        return _Said(slot, said, bases, references)

    def _references(self, name: str | None, slot: Slot | None) -> dict[Path, list[Slot]]:
        found: dict[Path, list[Slot]] = {}
        for each in self.declared.slots:
            if each.by and name is not None and each.of == name:
                found.setdefault(each.by, []).append(each)
        if slot is not None and slot.via:
            found[*slot.reference, NAMED] = [slot]
        return found


def _row(piece: Piece, said: _Said, name: str | None) -> Body:
    there, known = leaves(piece.body, {}), leaves(said.body, {})
    kept = {path: value for path, value in there.items() if known.get(path, MISSING) != value}
    # What the record says and the piece does not: without a note it would appear.
    kept |= {path: None for path in known if not any(_along(path, each) for each in there)}
    # Whom the record names is looked up only when it changed.
    kept |= {path: there[path] for path in said.references if path in there}
    return {
        "uuid": piece.uuid,
        "resource": piece.resource,
        "place": name,
        "kept": [[list(path), value, said.basis(path)] for path, value in kept.items()],
    }


def _made(uuid: str, resource: str, name: str, values: Sequence[tuple[Path, Any]]) -> Body:
    return {
        "uuid": uuid,
        "resource": resource,
        "place": name,
        "kept": [[list(path), value, None] for path, value in values],
    }


def _along(one: Path, other: Path) -> bool:
    """Whether one of two paths leads to the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
