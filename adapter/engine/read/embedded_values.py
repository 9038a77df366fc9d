"""Resources that stand inside another record, and the objects that are mirrored there for old clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_uuid
from adapter.engine.entities.stored_object import Record
from adapter.engine.read.business_keys import BusinessKeys, Names
from adapter.engine.read.list_items import by_place, holds, items, slot_values, stands_in
from adapter.engine.read.mirrored_objects import MirroredObjects
from adapter.mapping import codecs, translate
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, filled, get, put_apart

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository


def is_emptied(home: Home, owner: Entry) -> bool:
    """Whether the slot was emptied by a client although the register could not clear it."""
    was = owner.notes.suppressed.get(home.name)
    return was is not None and was == codecs.fingerprint(slot_values(home, owner.record))


def is_vacant(home: Home, owner: Entry) -> bool:
    """Whether nothing stands in the slot: what was mirrored there has been taken out by an old client."""
    return not slot_values(home, owner.record) or is_emptied(home, owner)


def left_by(home: Home, owner: Entry) -> str:
    """The slots of which the value went away with its uuid: no other value should get that."""
    return owner.notes.released.get(home.name) or ""


def is_ours(entry: Entry) -> bool:
    """Whether an object in a shape of old clients was made here."""
    return bool(entry.home.rest) and entry.notes.is_ours


def is_told(entry: Entry, at: str) -> bool:
    """Whether what stands at this place of an object was written there for old clients."""
    return bool(entry.home.rest) and at in entry.notes.projected


def is_retold(entry: Entry, at: str) -> bool:
    """Whether an old client changed what was told it at this place."""
    was = entry.notes.projected_as(at)
    return was is not None and was != codecs.fingerprint(entry.record.get(at))


def _holds(entry: Entry, slot: Home, owner: Entry) -> bool:
    """Whether a slot still holds what a mirrored object put there."""
    claimed = entry.notes.mirrors[slot.name]
    return claimed == codecs.fingerprint(slot_values(slot, owner.record))


def is_mirrored(resource: Resource, slot: Home) -> bool:
    """Whether objects of a resource are mirrored in a slot."""
    return any(mirror.slot == slot.name for home in resource.homes.values() for mirror in home.mirrors)


class EmbeddedValues:
    """Reads the slots of the records that one request has read."""

    def __init__(self, repository: Repository, naming: BusinessKeys) -> None:
        self.repository, self.naming = repository, naming
        self.session = repository.session
        self.deployment = repository.deployment
        self.claims = MirroredObjects(repository)

    # mirrors

    def mirrored(self, resource: Resource, home: Home, entries: list[Entry]) -> list[Entry]:
        """What stands in the slots that objects are mirrored in now: the register wins over the object."""
        claims = [(each, slot) for each in entries for slot in each.notes.mirrors if slot in resource.homes]
        if not claims:
            return entries
        gone: set[str] = set()
        for slot_name in {slot for _, slot in claims}:
            slot = resource.homes[slot_name]
            if slot.owner is None or slot.owner[1] != "self":
                continue
            mine = [each for each, name in claims if name == slot_name]
            owners = self.repository.get(
                slot.owner_resource, [uuid for each in mine for uuid in each.references(slot.owner[0])]
            )
            if slot.each:
                gone |= self._gone_from_lists(slot, mine, owners)
                continue
            held = [(each, owners.get(each.reference(slot.owner[0]) or "")) for each in mine]
            changed = [owner.record for each, owner in held if owner and not _holds(each, slot, owner)]
            names = self.naming.known(slot, changed)
            gone |= {
                each.uuid for each, owner in held if owner and not self._follows(each, slot, owner, names)
            }
        return [each for each in entries if each.uuid not in gone]

    def _follows(self, entry: Entry, slot: Home, owner: Entry, names: Names) -> bool:
        """Whether the mirrored resource still exists; it gets the value that an old client gave it since."""
        if is_vacant(slot, owner):
            return False
        if _holds(entry, slot, owner):
            return True
        entry.owner = owner
        self.claims.take_over(entry, slot, owner.record)
        seen: set[Path] = set()
        for known in slot.known:
            value = self.naming.named(entry.resource, known, names, owner.record, owner.uuid)
            if isinstance(value, list) and known.served in seen:
                value = [*get(entry.values, known.served), *value]
            seen.add(known.served)
            if value is not None:
                put_apart(entry.values, known.served, value)
        return True

    def _gone_from_lists(self, slot: Home, mine: list[Entry], owners: Mapping[str, Entry]) -> set[str]:
        """Those whose item an old client took out; the others get what it made of it."""
        assert slot.owner is not None
        gone = set()
        for each in mine:
            owner = owners.get(each.reference(slot.owner[0]) or "")
            if owner is None:
                continue
            position = self.claims.places(slot, owner).get(each.uuid)
            if position is None:
                gone.add(each.uuid)
                continue
            item = items(slot, owner.record)[position]
            if not holds(slot, each.notes.mirrors[slot.name], item):
                each.owner = owner
                self.claims.take_over(each, slot, item)
        return gone

    # what old clients wrote

    def of(
        self, resource: Resource, home: Home, owners: Sequence[Entry], *, claimed: bool = False
    ) -> list[Entry]:
        """The resources in a slot of these owners; `claimed` gives those that are objects by now, too."""
        numbered = [(position, each) for position, each in enumerate(owners) if self._is_filled(home, each)]
        if not numbered:
            return []
        owners = [each for _, each in numbered]
        if home.owner is not None:
            self._prefetch_claims(owners)
        taken = set() if claimed else self._claimed(resource, home, owners)
        free = [each for each in owners if any((each.uuid, slot) not in taken for slot in home.slots)]
        names = self.naming.known(home, [owner.record for owner in free])
        found = []
        for position, owner in numbered:
            entries = self._in_owner(resource, home, owner, names, position=position, taken=taken)
            found += [each for each in entries if (owner.uuid, each.uuid[14]) not in taken]
        return found

    def _is_filled(self, home: Home, owner: Entry) -> bool:
        """Whether there is anything in a slot of this owner for old clients to have written."""
        if owner.home.name != home.owner_home:
            return False
        if home.each:
            stands = any(stands_in(home, item) for item in items(home, owner.record))
        else:
            stands = stands_in(home, owner.record)
        return (
            stands
            and all(get(owner.record, path) == value for path, value in home.there_if)
            and self._open(home, owner)
            and not is_emptied(home, owner)
        )

    def _prefetch_claims(self, owners: Sequence[Entry]) -> None:
        """One search for what hangs on all owners."""
        for owner in owners[:1]:
            key, member = next(iter(owner.home.keys.items()))
            on = [each.uuid if member == "self" else each.reference(member) for each in owners]
            self.session.run(self.session.objects.hanging_jobs(key, [each for each in on if each]))

    def _open(self, home: Home, owner: Entry) -> bool:
        """What we wrote into an object for old clients is not read back, unless one of them changed it."""
        at = next(iter((*home.each, *home.filled)), "")
        if not is_ours(owner):
            return home.owner is None or not is_told(owner, at) or is_retold(owner, at)
        known = any(each.resource == home.resource and each.home == home.name for each in owner.home.known)
        return known and is_retold(owner, at)

    def _claimed(self, resource: Resource, home: Home, owners: Sequence[Entry]) -> set[tuple[str, str]]:
        """The (owner, slot) that an object stands for: mirrored there, or made of what stood there."""
        own = next(
            (each for each in resource.homes.values() if each.kind == "object" and not each.read_only), None
        )
        if own is None or home.owner is None or not self.deployment.has(own.object_type):
            return set()
        found: set[tuple[str, str]] = set()
        for owner in owners:
            key, member = next(iter(owner.home.keys.items()))
            on = owner.uuid if member == "self" else owner.reference(member)
            for each in self.session.objects.hanging(key, [on], own.object_type) if on else ():
                mirror = Annotations.of(own, each.data).mirrors
                found |= {
                    (owner.uuid, slot) for slot in home.slots if each.uuid == slot_uuid(owner.uuid, slot)
                }
                if home.name in mirror and member == "self" and not home.each:
                    found |= {(owner.uuid, slot) for slot in home.slots}
        return found

    def _in_owner(
        self,
        resource: Resource,
        home: Home,
        owner: Entry,
        names: Names,
        *,
        position: int,
        taken: Collection[tuple[str, str]],
    ) -> list[Entry]:
        found = []
        for number, item, slot in self._slotted(home, owner, taken):
            uuid = slot_uuid(owner.uuid, slot)
            if uuid is None or not stands_in(home, item):
                continue
            if not slot:
                self.deployment.count(f"left_out.{home.resource}.{home.name}")
                continue
            values = self._slot_values(resource, home, owner, item, names)
            if values is not None:
                found.append(Entry(resource, uuid, home, values, item, None, owner, "", position, number))
        return found

    def _slotted(
        self, home: Home, owner: Entry, taken: Collection[tuple[str, str]]
    ) -> list[tuple[int, Any, str]]:
        """(place, item, slot) of what stands in the slots of an owner, without what objects put there."""
        if not is_mirrored(self.repository.resource(home.resource), home):
            return by_place(home, owner.record, left_by(home, owner))
        rows = items(home, owner.record)
        mine = set(self.claims.places(home, owner).values()) if home.each else set()
        free = [slot for slot in home.slots if (owner.uuid, slot) not in taken]
        left = left_by(home, owner)
        found = []
        for number, item in enumerate(rows):
            if number in mine or not stands_in(home, item):
                continue
            if not free:
                found.append((number, item, ""))
                continue
            own = home.slots[number] if number < len(home.slots) else ""
            unused = [each for each in free if each not in left] or free
            slot = own if own in unused else unused[-1]
            free.remove(slot)
            found.append((number, item, slot))
        return found

    def _slot_values(
        self, resource: Resource, home: Home, owner: Entry, item: Record, names: Names
    ) -> dict[str, Any] | None:
        values = translate.read(
            resource,
            home,
            item,
            None,
            lambda known: self.naming.named(resource, known, names, owner.record, owner.uuid),
        )
        path = home.pairs[0].served if home.pairs else ()
        if path and home.filled == home.pairs[0].at and not filled(get(values, path)):
            self.deployment.count(f"left_out.{resource.name}.{home.name}")
            return None
        if home.owner is None:
            return values
        member, by = home.owner
        if by == "self":
            values[member] = {"uuid": owner.uuid}
        elif "." in by:
            other_resource, _, other_home = by.partition(".")
            uuid = self.repository.slot_of(other_resource, other_home, owner)
            values[member] = {"uuid": uuid} if uuid else None
        else:
            values[member] = owner.values.get(by)
        return values
