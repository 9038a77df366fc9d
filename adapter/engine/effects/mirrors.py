"""Keep the slots that register clients look at in step with the objects that are mirrored there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapter.engine.effects.mirror_content import belongs, names_owner, written
from adapter.engine.effects.mirrored_lists import MirroredList
from adapter.engine.entities.annotations import EMPTIED
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record
from adapter.engine.placement.store import Store
from adapter.engine.read.embedded_values import is_emptied, is_vacant
from adapter.engine.read.slot_contents import slot_values
from adapter.engine.unit_of_work import Refused
from adapter.mapping import codecs
from adapter.mapping.model import Home, Mirror, Resource
from adapter.mapping.paths import Path, copied, get, parse, put


class Mirrors:
    """Mirrors resources after a write, as the repository has them by then."""

    def __init__(self, store: Store) -> None:
        self.store, self.repository, self.unit = store, store.repository, store.unit
        self.deployment = store.repository.deployment

    def settle(self, resource: Resource, owners: Iterable[str], *held: Entry | None) -> None:
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
                here = owner.home.name == slot.owner_home
                if here and all(get(owner.record, path) == value for path, value in slot.there_if):
                    if slot.each:
                        MirroredList(self.store, mirror, slot, owner).settle(resource, held)
                        continue
                    self._settle(resource, mirror, slot, owner, held)

    def _settle(
        self, resource: Resource, mirror: Mirror, slot: Home, owner: Entry, held: Sequence[Entry | None]
    ) -> None:
        assert slot.owner is not None
        if is_vacant(slot, owner):
            self.store.embedded.forget(slot, owner)
        ours = any(self._put_there(each, slot, owner) for each in held)
        entries = self.repository.related(resource.name, slot.owner[0], [owner.uuid])
        objects = [each for each in entries if self._may_fill(resource, each, mirror, owner)]
        if slot.read_only:
            # Nothing is written there: an object only stands for what is there already.
            objects = [each for each in objects if written(each, slot, owner.record) == {}]
        theirs = not ours and any(each.home.name == slot.name for each in entries)
        if theirs and not (slot.read_only and objects):
            return  # a register client's own value: it stays
        perhaps = [each for each in (*entries, *held) if each is not None]
        gone = [each for each in perhaps if self._has_left(resource, slot, each.uuid)]
        holder = next((each for each in entries if mirror.slot in each.notes.mirrors), None)
        wanted = self._preferred(objects[::-1], mirror)
        if wanted is not None and not self._fill(wanted, slot, self.store.embedded.now(owner)):
            wanted = None
        owner = self.store.embedded.now(owner)
        if wanted is None and slot_values(slot, owner.record) and not is_emptied(slot, owner):
            self.store.embedded.empty(slot, owner)
        if holder is not None and holder is not wanted:
            self.store.objects.claim(holder, mirror.slot, "")
        self.store.embedded.leave(slot, owner, [each.uuid for each in gone if each is not wanted])

    def _may_fill(self, resource: Resource, entry: Entry, mirror: Mirror, owner: Entry) -> bool:
        """Whether a resource is one of those of which one is mirrored."""
        if entry.home.kind != "object" or not belongs(self.repository, entry, mirror):
            return False
        if not mirror.after:
            return True
        before = resource.homes[mirror.after]
        return mirror.after not in entry.notes.mirrors and not is_vacant(
            before, self.store.embedded.now(owner)
        )

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
        assert owner.home.place is not None
        found = self._content(entry, slot, owner)
        if found is None:
            self.deployment.count(f"not_mirrored.{entry.resource.name}.{slot.name}")
            return False
        changed = {path: value for path, value in found.items() if get(owner.record, path) != value}
        expected = copied(owner.record)
        for path, value in changed.items():
            put(expected, path, value)
        before = self.store.objects.stored(entry)
        # the claim first: what a register took may be impossible to take back
        self._claim(entry, slot, expected)
        record = owner.record
        try:
            if changed:
                record = self.unit.patch_record(
                    owner.home.place, owner.uuid, changed, record, self.store.embedded.emptied(slot, expected)
                )
        except Refused as refused:
            self.deployment.count(f"refused.{refused.register}.{slot.name}")
            self.unit.put_object(self.store.objects.stored(entry), before.data)
            return False
        self._unvoid(slot, owner)
        self._claim(entry, slot, record)
        return True

    def _claim(self, entry: Entry, slot: Home, record: Record) -> None:
        self.store.objects.claim(entry, slot.name, codecs.fingerprint(slot_values(slot, record)))

    def _content(self, entry: Entry, slot: Home, owner: Entry) -> dict[Path, Any] | None:
        found = written(entry, slot, owner.record)
        if found is None or names_owner(entry, slot, owner):
            return None
        for projection in slot.projections:
            told = self.store.objects.projections.value(entry.resource, projection, entry.values)
            if isinstance(told, list):
                found[parse(projection.at)] = told
                continue
            if not told:
                return None
            now = get(owner.record, (projection.at,))
            found[projection.at,] = {**dict.fromkeys(now if isinstance(now, dict) else (), ""), **told}
        return found

    def _unvoid(self, slot: Home, owner: Entry) -> None:
        if owner.stored is not None and slot.name in owner.notes.suppressed:
            left = {name: mark for name, mark in owner.notes.suppressed.items() if name != slot.name}
            data = owner.notes.noting(EMPTIED, left).within(owner.home, owner.stored.data)
            self.unit.put_object(owner.stored, data)


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
