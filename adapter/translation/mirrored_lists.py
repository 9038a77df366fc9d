"""Keep the lists that old clients look at in step with the objects of which each is an item there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapter.mapping.model import Home, Mirror, Resource
from adapter.mapping.paths import with_values
from adapter.translation.entries import Entry, claims_of
from adapter.translation.ledger import Refused
from adapter.translation.places import claim, items

if TYPE_CHECKING:
    from adapter.translation.mirroring import Mirroring


class InList:
    """The list of one owner in which every object that is like this is mirrored as an item."""

    def __init__(self, mirroring: Mirroring, mirror: Mirror, slot: Home, owner: Entry) -> None:
        self.mirroring, self.mirror, self.slot, self.owner = mirroring, mirror, slot, owner
        self.ledger, self.reading = mirroring.ledger, mirroring.reading

    def settle(self, resource: Resource, held: Sequence[Entry | None]) -> None:
        """Let the list hold all of them, and what old clients put there; `held` are as before the write."""
        assert self.slot.owner is not None and self.owner.home.place is not None
        entries = self.reading.related(resource.name, self.slot.owner[0], [self.owner.uuid])[::-1]
        objects = {each.uuid: each for each in entries if each.home.kind == "object"}
        rows, kept, fit = self._rows(objects, self._places(held))
        for uuid in objects.keys() - fit.keys():
            if self.slot.name in claims_of(objects[uuid].home, objects[uuid].record):
                self.mirroring.release(objects[uuid], self.slot.name)
        before = {uuid: each.stored for uuid, each in fit.items()}
        self._claim(fit, rows, kept)
        if rows == items(self.slot, self.owner.record):
            return
        try:
            self.owner.record = self.ledger.patch_record(
                self.owner.home.place, self.owner.uuid, {self.slot.each: rows}, self.owner.record
            )
        except Refused as refused:
            self.mirroring.world.count(f"refused.{refused.register}.{self.slot.name}")
            for uuid, stored in before.items():
                now = fit[uuid].stored
                assert stored is not None and now is not None
                fit[uuid].stored = self.ledger.put_object(now, stored.data)
            return
        self._claim(fit, items(self.slot, self.owner.record), kept)

    def _places(self, held: Sequence[Entry | None]) -> dict[int, str]:
        """Position → the object that put this item there, now or before the write."""
        assert self.slot.owner is not None
        was = {
            each.uuid: text
            for each in held
            if each is not None and each.home.kind == "object"
            if self.owner.uuid in each.references(self.slot.owner[0])
            if (text := claims_of(each.home, each.record).get(self.slot.name)) is not None
        }
        places = self.reading.building.slots.places(self.slot, self.owner, was)
        return {position: uuid for uuid, position in places.items()}

    def _rows(
        self, objects: Mapping[str, Entry], places: Mapping[int, str]
    ) -> tuple[list[Any], dict[str, int], dict[str, Entry]]:
        """(the list as it should be, the position of each object in it, those objects)."""
        rows: list[Any] = []
        kept: dict[str, int] = {}
        placed = {uuid: items(self.slot, self.owner.record)[at] for at, uuid in places.items()}
        old = [(places.get(at), item) for at, item in enumerate(items(self.slot, self.owner.record))]
        new: list[tuple[str, Any]] = [(uuid, {}) for uuid in objects if uuid not in placed]
        for uuid, item in [*old, *new]:
            if uuid is not None:
                entry = objects.get(uuid)
                item = self._item(entry, item) if entry is not None else None
                if item is None:
                    continue
                kept[uuid] = len(rows)
            rows.append(item)
        return rows, kept, {uuid: objects[uuid] for uuid in kept}

    def _item(self, entry: Entry, item: Any) -> Any:
        """The item that says what an object does; None when it is not like this, or does not fit."""
        if not self.mirroring.belongs(entry, self.mirror):
            return None
        found = self.mirroring.written(entry, self.slot, item)
        if found is None:
            self.mirroring.world.count(f"not_mirrored.{entry.resource.name}.{self.slot.name}")
            return None
        return with_values(item, found)

    def _claim(self, entries: Mapping[str, Entry], rows: list[Any], kept: Mapping[str, int]) -> None:
        for uuid, entry in entries.items():
            if kept[uuid] < len(rows):
                self.mirroring.remember(entry, self.slot.name, claim(self.slot, rows, kept[uuid]))
