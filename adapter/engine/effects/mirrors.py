"""Keep the slots that old clients look at in step with the objects that are mirrored there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapter.engine.effects.mirrored_lists import MirroredList
from adapter.engine.entities.annotations import EMPTIED, with_mirrors
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record
from adapter.engine.placement.store import Store
from adapter.engine.read.embedded_values import is_emptied, is_vacant
from adapter.engine.read.list_items import slot_values
from adapter.engine.read.repository import Repository
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import codecs
from adapter.mapping.model import DoesNotFit, Home, Mirror, Pair, Resource
from adapter.mapping.paths import MISSING, Path, copied, filled, get, parse, put
from adapter.mapping.translate import encoded


class Mirrors:
    """Mirrors resources after a write. `reading` has to be new: it sees what was just written."""

    def __init__(self, repository: Repository, unit: UnitOfWork) -> None:
        self.repository, self.unit = repository, unit
        self.deployment = repository.deployment
        self.store = Store(repository, unit)

    def settle(self, resource: Resource, owners: set[str], *held: Entry | None) -> None:
        """Let every slot of these owners hold the resource that belongs there.

        `held` are the resources as they were before the write: a slot that mirrored one of them is ours.
        """
        home = next((each for each in resource.homes.values() if each.mirrors), None)
        if home is None:
            return
        for mirror in home.mirrors:
            slot = resource.homes[mirror.slot]
            assert slot.owner is not None
            found = self.repository.get(slot.owner_resource, owners)
            for owner in found.values():
                if all(get(owner.record, path) == value for path, value in slot.there_if):
                    if slot.each:
                        MirroredList(self, mirror, slot, owner).settle(resource, held)
                        continue
                    self._settle(resource, mirror, slot, owner, held)

    def _settle(
        self, resource: Resource, mirror: Mirror, slot: Home, owner: Entry, held: Sequence[Entry | None]
    ) -> None:
        assert slot.owner is not None
        if is_vacant(slot, owner):
            self.store.forget(slot, owner)
        ours = any(self._put_there(each, slot, owner) for each in held)
        entries = self.repository.related(resource.name, slot.owner[0], [owner.uuid])
        if not ours and any(each.home.name == slot.name for each in entries):
            return  # an old client's own value: it stays
        objects = [each for each in entries if each.home.kind == "object" and self.belongs(each, mirror)]
        holder = next((each for each in entries if mirror.slot in each.notes.mirrors), None)
        wanted = self._preferred(objects[::-1], mirror)
        if wanted is not None and not self._fill(wanted, slot, owner):
            wanted = None
        if wanted is None and slot_values(slot, owner.record) and not is_emptied(slot, owner):
            self.store.empty_slot(slot, owner)
        if holder is not None and holder is not wanted:
            self.release(holder, mirror.slot)
        others = {each.uuid for each in (*entries, *held) if each is not None and each is not wanted}
        self.store.leave(slot, owner, [uuid for uuid in others if self._has_left(resource, slot, uuid)])

    def _has_left(self, resource: Resource, slot: Home, uuid: str) -> bool:
        """Whether what has a uuid of this slot, and does not stand there, is an object by now."""
        now = self.repository.one(resource.name, uuid) if uuid[14] in slot.slots else None
        return now is not None and now.home.kind == "object"

    def _put_there(self, entry: Entry | None, slot: Home, owner: Entry) -> bool:
        """Whether a slot holds what a resource was before the write: then it is ours to change."""
        if entry is None or slot.owner is None or owner.uuid not in entry.references(slot.owner[0]):
            return False
        if entry.home.name == slot.name:
            now = self.repository.one(entry.resource.name, entry.uuid)
            return now is not None and now.home.kind == "object"
        was = entry.notes.mirrors.get(slot.name) if entry.home.kind == "object" else None
        return was is not None and was == codecs.fingerprint(slot_values(slot, owner.record))

    def belongs(self, entry: Entry, mirror: Mirror) -> bool:
        """Whether an object is one of those that are mirrored."""
        for path, wanted in mirror.when:
            value = self._value(entry, path)
            if not (filled(value) if wanted == "given" else value == wanted):
                return False
        return True

    def _value(self, entry: Entry, path: Path) -> Any:
        """The value at a path that may lead through a reference."""
        member = entry.resource.members.get(path[0])
        if member is None or not member.to or len(path) == 1:
            return get(entry.values, path)
        target = self.repository.one(member.to, entry.reference(path[0]) or "")
        return get(target.values, path[1:]) if target else None

    def _preferred(self, entries: list[Entry], mirror: Mirror) -> Entry | None:
        """The one that the mapping puts first, else the oldest."""
        first = [
            each
            for each in entries
            if mirror.first and all(get(each.values, p) == v for p, v in mirror.first)
        ]
        return next(iter(first), None) or next(iter(entries), None)

    def _fill(self, entry: Entry, slot: Home, owner: Entry) -> bool:
        """Write the resource's value into the slot; False when the slot or the register does not take it."""
        assert owner.home.place is not None and entry.stored is not None
        found = self._content(entry, slot, owner)
        if found is None:
            self.deployment.count(f"not_mirrored.{entry.resource.name}.{slot.name}")
            return False
        changed = {path: value for path, value in found.items() if get(owner.record, path) != value}
        expected = copied(owner.record)
        for path, value in changed.items():
            put(expected, path, value)
        before = entry.stored
        # the claim first: what a register took may be impossible to take back
        self._claim(entry, slot, expected)
        try:
            if changed:
                owner.record = self.unit.patch_record(
                    owner.home.place, owner.uuid, changed, owner.record, self.store.emptied(slot, expected)
                )
        except Refused as refused:
            self.deployment.count(f"refused.{refused.register}.{slot.name}")
            entry.stored = self.unit.put_object(entry.stored, before.data)
            return False
        self._unvoid(slot, owner)
        self._claim(entry, slot, owner.record)
        return True

    def _claim(self, entry: Entry, slot: Home, record: Record) -> None:
        self.remember(entry, slot.name, codecs.fingerprint(slot_values(slot, record)))

    def remember(self, entry: Entry, slot: str, claim: str) -> None:
        """Remember in the object what it put into a slot; nothing is written when that is known."""
        self._keep_taken(entry)
        assert entry.stored is not None
        claims = {**entry.notes.mirrors, slot: claim}
        entry.stored = self.unit.put_object(entry.stored, with_mirrors(entry.home, entry.stored.data, claims))

    def _keep_taken(self, entry: Entry) -> None:
        """Write into an object what an old client wrote where it is mirrored."""
        if entry.from_mirror:
            entry.stored, entry.from_mirror = self.store.object_home.update(entry, entry.values, {}), False

    def _content(self, entry: Entry, slot: Home, owner: Entry) -> dict[Path, Any] | None:
        found = self.written(entry, slot, owner.record)
        if found is None or names_owner(entry, slot, owner):
            return None
        for projection in slot.projections:
            told = self.store.object_home.projections.value(entry.resource, projection, entry.values)
            if isinstance(told, list):
                found[parse(projection.at)] = told
                continue
            if not told:
                return None
            now = get(owner.record, (projection.at,))
            found[projection.at,] = {**dict.fromkeys(now if isinstance(now, dict) else (), ""), **told}
        return found

    def written(self, entry: Entry, slot: Home, record: Any) -> dict[Path, Any] | None:
        """What the fields of a slot get to say what a resource says; None when they cannot."""
        found: dict[Path, Any] = {}
        for pair in slot.pairs:
            value, now = get(entry.values, pair.served), get(record, pair.at)
            if pair.read_only or _reads(pair, now, value):
                continue
            text = encoded(pair, value, now)
            if filled(value) and not filled(text):
                return None
            if text is not MISSING:
                found[pair.at] = text
        at = {pair.at for pair in slot.pairs}
        empty = slot.filled in at and not filled(found.get(slot.filled, get(record, slot.filled)))
        return None if empty else found

    def _unvoid(self, slot: Home, owner: Entry) -> None:
        if owner.stored is not None and slot.name in owner.notes.suppressed:
            left = {name: mark for name, mark in owner.notes.suppressed.items() if name != slot.name}
            data = owner.notes.noting(EMPTIED, left).within(owner.home, owner.stored.data)
            owner.stored = self.unit.put_object(owner.stored, data)

    def release(self, entry: Entry, slot: str) -> None:
        """Forget that an object stands in a slot."""
        self._keep_taken(entry)
        assert entry.stored is not None
        claims = entry.notes.mirrors
        claims = {name: value for name, value in claims.items() if name != slot}
        entry.stored = self.unit.put_object(entry.stored, with_mirrors(entry.home, entry.stored.data, claims))


def _reads(pair: Pair, now: Any, value: Any) -> bool:
    """Whether what stands in a field reads as a value already."""
    try:
        return filled(now) and bool(pair.read(now) == value)
    except DoesNotFit:
        return False


def names_owner(entry: Entry, slot: Home, owner: Entry) -> bool:
    """Whether a record would name itself in a slot: registers do not delete what is named, even then."""
    return any(pair.to is not None and owner.uuid in entry.references(pair.served[0]) for pair in slot.pairs)


def owners_of(resource: Resource, *entries: Entry | None) -> set[str]:
    """The owners in whose slots these resources are, or could be, mirrored."""
    members = {
        slot.owner[0]
        for home in resource.homes.values()
        for mirror in home.mirrors
        if (slot := resource.homes[mirror.slot]).owner is not None and slot.owner
    }
    return {
        uuid for each in entries if each is not None for name in members for uuid in each.references(name)
    }
