"""Take out of the slots of register clients what goes, or belongs elsewhere from now on.

A value that a register client put into a slot keeps its uuid when it becomes an object, and goes on standing
there for register clients. What is deleted, or gets another owner, has to go from there: it would be read
anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.placement.embedded_home import EmbeddedHome
from adapter.engine.read.echoes import echo_of
from adapter.engine.read.embedded_values import left_by
from adapter.engine.read.slot_contents import by_place
from adapter.mapping.model import Home


@dataclass(frozen=True, slots=True)
class Release:
    """Empties slots in one request. What is mirrored in a slot is none of its business."""

    embedded: EmbeddedHome

    def change(self, entry: Entry, intended: Mapping[str, Any]) -> None:
        """Before a resource is changed: what it leaves says it no longer, and what stands in it stays."""
        moved = {name for name, value in intended.items() if value != entry.values.get(name)}
        for home in entry.resource.client_slots:
            member = home.owner[0] if home.owner else ""
            if moved & {member, *_alike(entry, home)}:
                for owner in self._emptied(entry, home):
                    self.embedded.leave(home, owner, [entry.uuid])
        self._keep(entry, moved)

    def delete(self, entry: Entry, going: Collection[str]) -> None:
        """Before a resource is deleted: no slot says it any longer, but in records that are `going` too.

        What stands in it and belongs to something that is not going stays.
        """
        references = [name for name, member in entry.resource.members.items() if member.to]
        stays = {name for name in references if entry.reference(name) not in {None, *going}}
        self._keep(entry, stays, leaving=False)
        for home in entry.resource.client_slots:
            for owner in self._emptied(entry, home, going):
                if entry.uuid[14] not in home.slots[entry.item : entry.item + 1]:
                    # one to spare, which what stands behind it would get
                    self.embedded.leave(home, owner, [entry.uuid])

    def _emptied(self, entry: Entry, home: Home, going: Collection[str] = ()) -> list[Entry]:
        """The records in which a slot said what a resource says, and does so no longer."""
        fresh = self.embedded.repository
        assert home.owner is not None
        member, by = home.owner
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
                for said in fresh.embedded_in(entry.resource, home, owner)
                if all(said.reference(name) == entry.reference(name) for name in alike)
            ]
        owners = [owner for owner in owners if owner.uuid not in going]
        for owner in owners:
            self._keep(owner, {f"{home.resource}.{home.name}"})
            self.embedded.empty(home, owner, uuid)
        return owners

    def _keep(self, owner: Entry, named: Collection[str], *, leaving: bool = True) -> None:
        """Make objects of what stands in a record and belongs to what has one of these names there.

        `leaving` when the record stays, and must not give their uuids to others.
        """
        fresh, here = self.embedded.repository, (owner.resource.name, owner.home.name)
        slots = [home for each in fresh.mappings.resources.values() for home in each.client_slots]
        for home in [each for each in slots if (each.owner_resource, each.owner_home) == here]:
            if home.owner and home.owner[1] in named:
                resource = fresh.resources[home.resource]
                kept = fresh.slots(resource, home, [owner])
                fresh.complete(kept)
                # with those that are objects by now
                left = fresh.embedded_in(resource, home, owner, claimed=True) if leaving else []
                # the first one first: what hangs on a resource stands oldest first, and they keep their order
                for each in kept:
                    self.embedded.object_home.create(resource, each.uuid, each.values)
                self._keep(owner, {f"{home.resource}.{home.name}"}, leaving=leaving)
                if leaving:
                    self.embedded.leave(home, owner, [each.uuid for each in left])


def _has(home: Home, owner: Entry, uuid: str) -> bool:
    """Whether a slot of this owner is that of a uuid now."""
    slots = [slot for _, _, slot in by_place(home, owner.record, left_by(home, owner))]
    here = owner.resource.name, owner.home.name
    return (home.owner_resource, home.owner_home) == here and uuid[14] in slots


def _alike(entry: Entry, home: Home) -> tuple[str, ...]:
    """The members by which a slot is known to say what this resource, which lives elsewhere, says."""
    if home.same_as is None:
        return ()
    other, members = home.same_as
    echoed = entry.home.echo == other and echo_of(entry)
    return members if echoed or entry.home.name == other else ()
