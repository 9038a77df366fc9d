"""Keep the lists that register clients look at in step with the objects of which each is an item there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.engine.effects.mirror_content import belongs, written
from adapter.engine.entities.entry import Entry
from adapter.engine.placement.store import Store
from adapter.engine.read.slot_contents import claim, items, place_of, places_in
from adapter.engine.unit_of_work import Refused
from adapter.mapping.model import Home, Mirror, Resource
from adapter.mapping.paths import with_values


@dataclass(frozen=True, slots=True)
class MirroredList:
    """The list of one owner in which every object that is like this is mirrored as an item.

    `before` is the record in which the list is, as it is before anything is written there.
    """

    store: Store
    mirror: Mirror
    slot: Home
    before: Entry

    @property
    def owner(self) -> Entry:
        """The record in which the list is, as it is by now."""
        return self.store.embedded.now(self.before)

    def settle(self, resource: Resource, held: Sequence[Entry | None]) -> None:
        """Let the list hold them all, and what register clients put there; `held` are as before the write."""
        place = self.before.home.place
        assert self.slot.owner is not None and place is not None
        entries = self.store.repository.related(resource.name, self.slot.owner[0], [self.owner.uuid])[::-1]
        objects = {each.uuid: each for each in entries if each.home.kind == "object"}
        places = self._places(held)
        self.store.embedded.forget(self.slot, self.owner, places.values())
        rows, kept, moved = self._rows(objects, places)
        fit = {uuid: objects[uuid] for uuid in kept}
        for uuid in objects.keys() - fit.keys():
            if self.slot.name in objects[uuid].notes.mirrors:
                self.store.objects.claim(objects[uuid], self.slot.name, "")
        before = {uuid: self.store.objects.stored(each) for uuid, each in fit.items()}
        self._claim(fit, rows, kept)
        if rows == items(self.slot, self.owner.record):
            return
        embedded = self.store.embedded
        made = embedded.hold(self.slot, self.owner, rows, moved)
        embedded.leave(self.slot, self.owner, set(places.values()) - kept.keys())
        try:
            owner = self.owner
            self.store.unit.patch_record(place, owner.uuid, {self.slot.each: rows}, owner.record)
        except Refused as refused:
            self.store.repository.deployment.count(f"refused.{refused.register}.{self.slot.name}")
            for uuid, stored in before.items():
                self.store.unit.put_object(self.store.objects.stored(fit[uuid]), stored.data)
            for each in made:
                self.store.unit.delete_object(each)
            return
        self._claim(fit, items(self.slot, self.owner.record), kept)

    def _places(self, held: Sequence[Entry | None]) -> dict[int, str]:
        """Position → the object that put this item there, now or before the write."""
        assert self.slot.owner is not None
        was = {
            each.uuid: text
            for each in held
            if each is not None and self.owner.uuid in each.references(self.slot.owner[0])
            if (text := self._claim_before(each)) is not None
        }
        places = self.store.unit.session.run(
            places_in(self.store.repository.reads, self.slot, self.owner, was)
        )
        return {position: uuid for uuid, position in places.items()}

    def _claim_before(self, entry: Entry) -> str | None:
        """What a resource remembered of its item, or would have, had it been an object before the write."""
        if entry.home.kind == "object":
            return entry.notes.mirrors.get(self.slot.name)
        now = (
            self.store.repository.one(entry.resource.name, entry.uuid)
            if entry.home.name == self.slot.name
            else None
        )
        if now is None or now.home.kind != "object":
            return None
        rows = items(self.slot, self.owner.record)
        at = place_of(entry.record, rows, entry.item)
        return None if at is None else claim(self.slot, rows, at)

    def _rows(
        self, objects: Mapping[str, Entry], places: Mapping[int, str]
    ) -> tuple[list[Any], dict[str, int], dict[int, int]]:
        """(the list as it should be, the place of each object, that of each item of a register client)."""
        rows: list[Any] = []
        kept: dict[str, int] = {}
        moved: dict[int, int] = {}
        old = items(self.slot, self.owner.record)
        new = [uuid for uuid in objects if uuid not in places.values()]
        for at, item in enumerate([*old, *({} for _ in new)]):
            uuid = places.get(at) if at < len(old) else new[at - len(old)]
            if uuid is None:
                moved[at] = len(rows)
                rows.append(item)
                continue
            entry = objects.get(uuid)
            said = self._item(entry, item) if entry is not None else None
            if said is not None:
                kept[uuid] = len(rows)
                rows.append(said)
        return rows, kept, moved

    def _item(self, entry: Entry, item: Any) -> Any:
        """The item that says what an object does; None when it is not like this, or does not fit."""
        if not belongs(self.store.repository, entry, self.mirror):
            return None
        found = written(entry, self.slot, item)
        if found is None:
            self.store.repository.deployment.count(f"not_mirrored.{entry.resource.name}.{self.slot.name}")
            return None
        return with_values(item, found)

    def _claim(self, entries: Mapping[str, Entry], rows: list[Any], kept: Mapping[str, int]) -> None:
        for uuid, entry in entries.items():
            if kept[uuid] < len(rows):
                self.store.objects.claim(entry, self.slot.name, claim(self.slot, rows, kept[uuid]))
