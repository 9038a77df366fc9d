"""The contacts among whose pieces a search finds something, read without reading all where that is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapter import context
from adapter.context import Once
from adapter.correspondence.gathered import Gathered
from adapter.errors import Invalid
from adapter.gathering.asked import EXACT, PLAIN, Asked, Condition, uuids_in
from adapter.gathering.kept import Piece
from adapter.gathering.ports import Body, Record
from adapter.gathering.reading import Reading
from adapter.gathering.shapes import Shape
from adapter.gathering.slots import NAMED
from adapter.mapping.paths import Path
from adapter.openapi.checked import WHOLE, Problem

Pieces = Sequence[Piece]
# So many contacts are read one by one before all that stands beside records is read at once.
ONE_BY_ONE = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Finds the contacts that are held or were sent; those that were made in the register are not here.

    bound: how many records may be read for one search. Methods raise RegisterUnavailable.
    """

    declared: Gathered
    reading: Reading
    shapes: Mapping[str, Shape]
    bound: int

    def found(self, asked: Asked) -> Iterable[tuple[str, Pieces]]:
        """The contacts with pieces that a search may find, and all their pieces."""
        paths = [path for path, _, _ in asked.conditions]
        if not any(all(map(shape.may_have, paths)) for shape in self._asked_of(asked)):
            return ()
        contacts = self._named(asked)
        if contacts is not None:
            return self._these(contacts)
        mentioned = self._mentioned(asked)
        held = {each.contact: self.reading.of_held(each) for each in self.reading.holds.opened()}
        asides = self.reading.store.asides(mentioned) if mentioned else None
        # What is held is read first: what is sent meanwhile is then read as it was held.
        sent = self._all(held) if asides is None else self._beside(asides)
        return {**sent, **held}.items()

    # of contacts that are known

    def _named(self, asked: Asked) -> list[str] | None:
        """The contacts that a condition names, itself or by another piece; None when none does."""
        for condition in asked.conditions:
            uuids = self._uuids(condition)
            if uuids is not None:
                contacts = map(self.reading.places.contact_of, uuids)
                return list(dict.fromkeys(each for each in contacts if each is not None))
        return None

    def _uuids(self, condition: Condition) -> list[str] | None:
        path, operator, texts = condition
        keys = {key for shape in self.shapes.values() for key, each in shape.keys.items() if each[2]}
        references = {(*each, NAMED) for _, each in self.declared.pieces}
        if path[0] in keys and len(path) == 1 and operator in {*EXACT, "icontains"}:
            return uuids_in(texts)
        return uuids_in(texts) if path in references and operator in EXACT else None

    def _these(self, contacts: Iterable[str]) -> Iterable[tuple[str, Pieces]]:
        known = self._known()
        for contact in contacts:
            held = self.reading.holds.held(contact)
            if held:
                yield contact, self.reading.of_held(held)
            elif contact in known:
                yield contact, known[contact]
            elif sent := self.reading.sent(contact):
                yield contact, sent[1]

    # of contacts beside whose records something stands

    def _mentioned(self, asked: Asked) -> list[str]:
        """The texts of a condition that no record can meet, only what stands beside it."""
        for path, operator, texts in asked.conditions:
            if operator not in {*EXACT, "icontains"} or not all(map(PLAIN.fullmatch, texts)):
                if not self._is_key(path) or not uuids_in(texts):
                    continue
                texts = tuple(uuids_in(texts))
            if not any(self._says(shape, path) for shape in self._asked_of(asked)):
                return list(dict.fromkeys(texts))
        return []

    def _is_key(self, path: Path) -> bool:
        return len(path) == 1 and any(path[0] in shape.keys for shape in self.shapes.values())

    def _asked_of(self, asked: Asked) -> list[Shape]:
        return [each for each in self.shapes.values() if asked.type in {"", each.type}]

    def _says(self, shape: Shape, path: Path) -> bool:
        """Whether records say something at a path of a resource, by themselves."""
        declared = self.declared
        own = [pair for _, pair in declared.pairs] if shape.resource == declared.resource else []
        slots = [each for each in declared.slots if shape.resource in {each.resource, each.via}]
        said = [pair.left for pair in (*own, *(pair for slot in slots for pair in slot.pairs))]
        said += [each for pair in own for each in pair.left_before]
        said += [each for slot in slots for pair in slot.pairs for each in pair.left_before]
        said += [each for slot in slots for each, _ in (*slot.where, *slot.make)]
        by = [slot.by for slot in declared.slots if slot.by]
        return any(one[: len(path)] == path or path[: len(one)] == one for one in (*said, *by))

    def _beside(self, asides: Mapping[str, Body]) -> dict[str, Pieces]:
        reading, found = self.reading, {}
        records = reading.aliases.records(asides)
        for contact, aside in asides.items():
            record = records[contact]
            content = reading.register.retrieve(reading.collection, record) if record != contact else None
            if content is not None:
                found[contact] = reading.read(contact, content, aside)
        return found

    # of all

    def _all(self, held: Collection[str]) -> dict[str, Pieces]:
        """All that was sent; of one request once, as long as none was sent since that was held then."""
        request = context.current()
        if request is None:
            return self._read_all()
        once = request.read.setdefault((self.declared.collection, ""), Once())
        with once.alone:
            if once.found is None or not once.found[0] <= set(held):
                once.found = frozenset(held), self._read_all()
            sent: dict[str, Pieces] = once.found[1]
            return sent

    def _known(self) -> Mapping[str, Pieces]:
        """What this request has read of all that was sent."""
        request = context.current()
        once = request.read.get((self.declared.collection, "")) if request else None
        return once.found[1] if once and once.found else {}

    def _read_all(self) -> dict[str, Pieces]:
        reading = self.reading
        records = list(self._records())
        served = reading.aliases.served(each.uuid for each in records)
        wanted = {served[each.uuid]: each for each in records if served[each.uuid] != each.uuid}
        if len(wanted) <= ONE_BY_ONE:
            aside: Callable[[str], Body | None] = reading.store.aside
        else:
            aside = reading.store.asides().get
        return {contact: reading.read(contact, each, aside(contact)) for contact, each in wanted.items()}

    def _records(self) -> Iterable[Record]:
        """The records of every kind that is made."""
        search = self.declared.searches[-1]
        for kind in self.declared.kinds:
            value = dict(kind.make).get(search.members[0])
            number, more = 0, True
            while more:
                number += 1
                page = self.reading.register.page(
                    self.declared.collection, {search.parameter: str(value)}, number
                )
                if page.count > self.bound:
                    reason = f"Voor deze vraag moeten meer dan {self.bound} gegevens worden doorzocht."
                    raise Invalid([Problem(WHOLE, "scan-bound", reason)])
                yield from page.records
                more = page.more
