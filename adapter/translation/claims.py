"""The objects that are mirrored in a slot: which of them there are, and what each put there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from adapter.mapping.model import Home
from adapter.translation.entries import Entry, claims_of
from adapter.translation.places import items, placed
from adapter.translation.stored import StoredObject

if TYPE_CHECKING:
    from adapter.translation.reading import Reading


class Claims:
    """What objects remember of the slots in which one request has them mirrored."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.sources = reading, reading.sources

    def of(self, slot: Home, owner: Entry) -> dict[str, tuple[StoredObject, str]]:
        """uuid → (the object, what it remembers) of all that say that they stand in this slot."""
        resource = self.reading.resource(slot.resource)
        own = next(each for each in resource.homes.values() if each.kind == "object" and not each.read_only)
        found = self.sources.objects.hanging(owner.home.key_for["self"], [owner.uuid], own.object_type)
        return {
            each.uuid: (each, text) for each in found if (text := claims_of(own, each.data).get(slot.name))
        }

    def places(self, slot: Home, owner: Entry, also: Mapping[str, str] | None = None) -> dict[str, int]:
        """Which item of a list each object that is mirrored there is; `also` are claims of others."""
        claims = {uuid: text for uuid, (_, text) in self.of(slot, owner).items()}
        return placed(slot, items(slot, owner.record), {**(also or {}), **claims})
