"""Keep the slots that register clients look at in step with the objects that are mirrored there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.engine.effects.mirror_content import belongs, names_owner, written
from adapter.engine.effects.mirrored_lists import MirroredList
from adapter.engine.entities.annotations import EMPTIED, noting
from adapter.engine.entities.entry import Entry
from adapter.engine.placement.store import Store
from adapter.engine.read.embedded_values import is_emptied, is_vacant
from adapter.engine.read.slot_contents import slot_values
from adapter.engine.unit_of_work import Refused
from adapter.mapping import codecs
from adapter.mapping.model import Home, Mirror, Resource
from adapter.mapping.paths import Path, copied, get, meets, parse, put


def settle(store: Store, resource: Resource, owners: Iterable[str], *held: Entry | None) -> None:
    """After a write: let every slot of these owners hold the resource that belongs there.

    `held` are the resources as they were before the write: a slot that mirrored one of them is ours.
    """
    home = next((each for each in resource.homes.values() if each.mirrors), None)
    for mirror in home.mirrors if home is not None else ():
        slot = resource.homes[mirror.slot]
        found = store.repository.get(slot.owner_resource, owners)
        for owner in found.values():
            here = owner.home.name == slot.owner_home
            if here and all(get(owner.record, path) == value for path, value in slot.there_if):
                mirrored = MirroredList if slot.each else MirroredSlot
                mirrored(store, mirror, slot, owner).settle(resource, held)


@dataclass(frozen=True, slots=True)
class MirroredSlot:
    """The slot of one owner in which one of the objects that are like this is mirrored.

    `owner` is the record in which the slot is, as it is before anything is written there.
    """

    store: Store
    mirror: Mirror
    slot: Home
    owner: Entry

    def settle(self, resource: Resource, held: Sequence[Entry | None]) -> None:
        """Let the slot hold the object that the mapping puts first, else the oldest, else nothing.

        `held` as in the function `settle`; a register client's own value stays.
        """
        slot, owner, embedded, repository = self.slot, self.owner, self.store.embedded, self.store.repository
        assert slot.owner is not None
        before = [each for each in held if each is not None]
        if is_vacant(slot, owner):
            embedded.forget(slot, owner)
        ours = any(self._put_there(each) for each in before)
        entries = repository.related(resource.name, slot.owner[0], [owner.uuid])
        objects = [each for each in entries if each.home.kind == "object" and self._may_fill(each)]
        if slot.read_only:
            # Nothing is written there: an object only stands for what is there already.
            objects = [each for each in objects if written(each, slot, owner.record) == {}]
        theirs = not ours and any(each.home.name == slot.name for each in entries)
        if theirs and not (slot.read_only and objects):
            return  # a register client's own value: it stays
        # Those that have a uuid of this slot and are objects by now: it must not come to mean another value.
        perhaps = [each for each in (*entries, *before) if each.uuid[14] in slot.slots]
        now = [repository.one(resource.name, each.uuid) for each in perhaps]
        gone = [each for each, it in zip(perhaps, now, strict=True) if it and it.home.kind == "object"]
        holder = next((each for each in entries if slot.name in each.notes.mirrors), None)
        oldest = objects[::-1]
        first = (each for each in oldest if self.mirror.first and meets(each.values, self.mirror.first))
        wanted = next(first, None) or next(iter(oldest), None)
        if wanted is not None and not self._fill(wanted, embedded.now(owner)):
            wanted = None
        owner = embedded.now(owner)
        if wanted is None and slot_values(slot, owner.record) and not is_emptied(slot, owner):
            embedded.empty(slot, owner)
        if holder is not None and holder is not wanted:
            self.store.objects.claim(holder, slot.name, "")
        embedded.leave(slot, owner, [each.uuid for each in gone if each is not wanted])

    def _put_there(self, entry: Entry) -> bool:
        """Whether the slot holds what a resource was before the write: then it is ours to change."""
        slot, owner = self.slot, self.owner
        if slot.owner is None or owner.uuid not in entry.references(slot.owner[0]):
            return False
        if entry.home.name == slot.name:
            now = self.store.repository.one(entry.resource.name, entry.uuid)
            return now is not None and now.home.kind == "object"
        was = entry.notes.mirrors.get(slot.name) if entry.home.kind == "object" else None
        return was is not None and was == codecs.fingerprint(slot_values(slot, owner.record))

    def _may_fill(self, entry: Entry) -> bool:
        """Whether an object is one of those of which one is mirrored."""
        after = self.mirror.after
        if not belongs(self.store.repository, entry, self.mirror):
            return False
        if after and after in entry.notes.mirrors:
            return False
        return not after or not is_vacant(entry.resource.homes[after], self.store.embedded.now(self.owner))

    def _fill(self, entry: Entry, owner: Entry) -> bool:
        """Write the object's value into the slot; False when the slot or the register does not take it."""
        store, slot, record = self.store, self.slot, owner.record
        assert owner.home.place is not None
        found = self._content(entry, owner)
        if found is None:
            store.unit.deployment.count(f"not_mirrored.{entry.resource.name}.{slot.name}")
            return False
        changed = {path: value for path, value in found.items() if get(record, path) != value}
        expected = copied(record)
        for path, value in changed.items():
            put(expected, path, value)
        before = store.objects.stored(entry)
        # the claim first: what a register took may be impossible to take back
        store.objects.claim(entry, slot.name, codecs.fingerprint(slot_values(slot, expected)))
        try:
            if changed:
                blank = store.embedded.emptied(slot, expected)
                record = store.unit.patch_record(owner.home.place, owner.uuid, changed, record, blank)
        except Refused as refused:
            store.unit.deployment.count(f"refused.{refused.register}.{slot.name}")
            store.unit.put_object(store.objects.stored(entry), before.data)
            return False
        if owner.stored is not None and slot.name in (marks := owner.notes.suppressed):
            left = {name: mark for name, mark in marks.items() if name != slot.name}
            store.unit.put_object(owner.stored, noting(owner.home, owner.stored.data, EMPTIED, left))
        store.objects.claim(entry, slot.name, codecs.fingerprint(slot_values(slot, record)))
        return True

    def _content(self, entry: Entry, owner: Entry) -> dict[Path, Any] | None:
        """What the fields of the slot, and those told beside it, get; None when they cannot say it."""
        found = written(entry, self.slot, owner.record)
        if found is None or names_owner(entry, self.slot, owner):
            return None
        for projection in self.slot.projections:
            told = self.store.objects.projections.value(entry.resource, projection, entry.values)
            if isinstance(told, list):
                found[parse(projection.at)] = told
                continue
            if not told:
                return None
            now = get(owner.record, (projection.at,))
            found[projection.at,] = {**dict.fromkeys(now if isinstance(now, dict) else (), ""), **told}
        return found


def owners_of(resource: Resource, *entries: Entry | None) -> list[str]:
    """The owners in whose slots these resources are, or could be, mirrored; those of the first one first."""
    return list(
        dict.fromkeys(
            uuid
            for each in entries
            if each is not None
            for name in resource.mirrored_by
            for uuid in each.references(name)
        )
    )
