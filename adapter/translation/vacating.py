"""Take out of the slots of old clients what goes, or belongs elsewhere from now on.

A value that an old client put into a slot keeps its uuid when it becomes an object, and goes on standing
there for old clients. What is deleted, or gets another owner, has to go from there: it would be read anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adapter.mapping.model import Home, Resource
from adapter.translation.entries import Entry, slot_owner
from adapter.translation.places import by_place
from adapter.translation.reading import Reading
from adapter.translation.slots import is_mirrored, left_by

if TYPE_CHECKING:
    from adapter.translation.storing import Storing


class Vacating:
    """Empties slots in one request. What is mirrored in a slot is none of its business."""

    def __init__(self, storing: Storing) -> None:
        self.storing = storing
        self.mappings = storing.world.mappings

    def change(self, entry: Entry, intended: Mapping[str, Any]) -> None:
        """Before a resource is changed: what it leaves says it no longer, and what stands in it stays."""
        moved = {name for name, value in intended.items() if value != entry.values.get(name)}
        for home, member, by in _slots(entry.resource):
            if moved & {member, *_alike(entry, home)}:
                for owner in self._emptied(entry, home, member, by):
                    self.storing.leave(home, owner, [entry.uuid])
        self._keep(Reading(self.storing.ledger.sources), entry, moved)

    def delete(self, entry: Entry) -> None:
        """Before a resource is deleted: no slot says it any longer."""
        for home, member, by in _slots(entry.resource):
            self._emptied(entry, home, member, by)

    def _emptied(self, entry: Entry, home: Home, member: str, by: str) -> list[Entry]:
        """The records in which a slot said what a resource says, and does so no longer."""
        fresh = Reading(self.storing.ledger.sources)
        uuid = entry.uuid if entry.uuid[14] in home.slots else ""
        if uuid:
            owner = fresh.one(home.owner_resource, slot_owner(uuid)[0])
            owners = [owner] if owner is not None and _has(home, owner, uuid) else []
        else:
            alike = _alike(entry, home)
            named = entry.references(member) if alike else []
            owners = [
                owner
                for owner in fresh.related(home.owner_resource, by, named)
                for said in fresh.building.slots.of(entry.resource, home, [owner])
                if all(said.reference(name) == entry.reference(name) for name in alike)
            ]
        for owner in owners:
            self._keep(fresh, owner, {f"{home.resource}.{home.name}"})
            self.storing.empty_slot(home, owner, uuid)
        return owners

    def _keep(self, fresh: Reading, owner: Entry, named: Collection[str]) -> None:
        """Make objects of what stands in a record and belongs to what has one of these names there."""
        for resource in self.mappings.resources.values():
            for home, _, by in _slots(resource):
                if by in named and _is_in(home, owner):
                    kept = fresh.slots(resource, home, [owner])
                    fresh.complete(kept)
                    for each in kept:
                        self.storing.keep(each)
                    self._keep(fresh, owner, {f"{home.resource}.{home.name}"})
                    self.storing.leave(home, owner, [each.uuid for each in kept])


def _slots(resource: Resource) -> Iterator[tuple[Home, str, str]]:
    """The slots in which only old clients write: (home, its reference to what it belongs to, its name)."""
    for home in resource.homes.values():
        if home.kind == "inside" and home.owner and not home.read_only and not is_mirrored(resource, home):
            yield home, *home.owner


def _is_in(home: Home, owner: Entry) -> bool:
    return home.owner_resource == owner.resource.name and home.owner_home == owner.home.name


def _has(home: Home, owner: Entry, uuid: str) -> bool:
    """Whether a slot of this owner is that of a uuid now."""
    slots = [slot for _, _, slot in by_place(home, owner.record, left_by(home, owner))]
    return _is_in(home, owner) and uuid[14] in slots


def _alike(entry: Entry, home: Home) -> tuple[str, ...]:
    """The members by which a slot is known to say what this resource, which lives elsewhere, says."""
    return home.same_as[1] if home.same_as is not None and home.same_as[0] == entry.home.name else ()
