"""Resources that stand inside another record, and the objects that are mirrored there for old clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapter.mapping import codecs, translate
from adapter.mapping.model import DoesNotFit, Home, Resource
from adapter.mapping.paths import MISSING, filled, get, put_apart
from adapter.translation.entries import CREATED, EMPTIED, MIRROR, TOLD, TOLD_BASIS, Entry, slot_uuid
from adapter.translation.naming import Names, Naming
from adapter.translation.records import Record

if TYPE_CHECKING:
    from adapter.translation.reading import Reading


def slot_values(home: Home, record: Any) -> list[Any]:
    """What stands in a slot: the register values that make it up; [] when it is empty or only filled up."""
    if not _says(get(record, home.filled)):
        return []
    if any(get(record, path) == value for path, value in home.fillers):
        return []
    values = [get(record, pair.at) for pair in home.pairs]
    values += [get(record, path) for path, _ in home.fillers]
    return values or [get(record, home.filled)]


def _says(value: Any) -> bool:
    """Whether there is any text in a value, however deep."""
    if isinstance(value, dict):
        return any(_says(each) for each in value.values())
    if isinstance(value, list):
        return any(_says(each) for each in value)
    return filled(value)


def is_emptied(home: Home, owner: Entry) -> bool:
    """Whether the slot was emptied by a client although the register could not clear it."""
    was = ((owner.stored.data if owner.stored else {}).get(EMPTIED) or {}).get(home.name)
    return was is not None and was == codecs.fingerprint(slot_values(home, owner.record))


def is_ours(entry: Entry) -> bool:
    """Whether an object in a shape of old clients was made here."""
    return CREATED in (entry.record.get(entry.home.rest) or {}) if entry.home.rest else False


def is_retold(entry: Entry, at: str) -> bool:
    """Whether an old client changed what was told it at this place."""
    was = get(entry.record, (entry.home.rest, TOLD, at, TOLD_BASIS))
    return was is not MISSING and was != codecs.fingerprint(entry.record.get(at))


def _holds(entry: Entry, slot: Home, owner: Entry) -> bool:
    """Whether a slot still holds what a mirrored object put there."""
    return bool(entry.record[MIRROR][slot.name] == codecs.fingerprint(slot_values(slot, owner.record)))


class Slots:
    """Reads the slots of the records that one request has read."""

    def __init__(self, reading: Reading, naming: Naming) -> None:
        self.reading, self.naming = reading, naming
        self.sources = reading.sources
        self.world = reading.world

    # mirrors

    def mirrored(self, resource: Resource, home: Home, entries: list[Entry]) -> list[Entry]:
        """What stands in the slots that objects are mirrored in now: the register wins over the object."""
        claims = [
            (each, slot)
            for each in entries
            for slot in (each.record.get(MIRROR) or {})
            if slot in resource.homes
        ]
        if not claims:
            return entries
        gone: set[str] = set()
        for slot_name in {slot for _, slot in claims}:
            slot = resource.homes[slot_name]
            if slot.owner is None or slot.owner[1] != "self":
                continue
            mine = [each for each, name in claims if name == slot_name]
            owners = self.reading.get(
                slot.owner_resource, [uuid for each in mine for uuid in each.references(slot.owner[0])]
            )
            held = [(each, owners.get(each.reference(slot.owner[0]) or "")) for each in mine]
            changed = [owner.record for each, owner in held if owner and not _holds(each, slot, owner)]
            names = self.naming.known(slot, changed)
            gone |= {
                each.uuid for each, owner in held if owner and not self._follows(each, slot, owner, names)
            }
        return [each for each in entries if each.uuid not in gone]

    def _follows(self, entry: Entry, slot: Home, owner: Entry, names: Names) -> bool:
        """Whether the mirrored resource still exists; it gets the value that an old client gave it since."""
        now = slot_values(slot, owner.record)
        if not now or is_emptied(slot, owner):
            return False
        if _holds(entry, slot, owner):
            return True
        entry.owner = owner
        for pair in slot.pairs:
            try:
                put_apart(entry.values, pair.served, pair.read(get(owner.record, pair.at)))
            except DoesNotFit:
                self.world.count("mirror_does_not_fit")
        for known in slot.known:
            value = self.naming.named(entry.resource, known, names, owner.record, owner.uuid)
            if value is not None:
                put_apart(entry.values, known.served, value)
        return True

    # what old clients wrote

    def of(
        self, resource: Resource, home: Home, owners: Sequence[Entry], *, claimed: bool = False
    ) -> list[Entry]:
        """The resources in a slot of these owners; `claimed` gives those that are objects by now, too."""
        owners = [each for each in owners if each.home.name == home.owner_home and self._open(home, each)]
        self._prefetch_claims(owners)
        taken = set() if claimed else self._claimed(resource, home, owners)
        free = [each for each in owners if any((each.uuid, slot) not in taken for slot in home.slots)]
        names = self.naming.known(home, [owner.record for owner in free])
        found = []
        for position, owner in enumerate(owners):
            if not is_emptied(home, owner):
                entries = self._in_owner(resource, home, owner, names, position)
                found += [each for each in entries if (owner.uuid, each.uuid[14]) not in taken]
        return found

    def _prefetch_claims(self, owners: Sequence[Entry]) -> None:
        """One search for what hangs on all owners."""
        for owner in owners[:1]:
            key, member = next(iter(owner.home.keys.items()))
            on = [each.uuid if member == "self" else each.reference(member) for each in owners]
            self.sources.objects.hanging(key, [each for each in on if each])

    def _open(self, home: Home, owner: Entry) -> bool:
        """What we wrote into an object for old clients is not read back, unless one of them changed it."""
        if not is_ours(owner):
            return True
        at = home.filled[0] if home.filled else ""
        known = any(each.resource == home.resource and each.home == home.name for each in owner.home.known)
        return known and is_retold(owner, at)

    def _claimed(self, resource: Resource, home: Home, owners: Sequence[Entry]) -> set[tuple[str, str]]:
        """The (owner, slot) that an object stands for: mirrored there, or made of what stood there."""
        own = next(
            (each for each in resource.homes.values() if each.kind == "object" and not each.read_only), None
        )
        if own is None or home.owner is None or not self.world.has(own.object_type):
            return set()
        found: set[tuple[str, str]] = set()
        for owner in owners:
            key, member = next(iter(owner.home.keys.items()))
            on = owner.uuid if member == "self" else owner.reference(member)
            for each in self.sources.objects.hanging_on(key, on) if on else ():
                if each.type == own.object_type:
                    mirror = each.data.get(MIRROR) or {}
                    found |= {
                        (owner.uuid, slot) for slot in home.slots if each.uuid == slot_uuid(owner.uuid, slot)
                    }
                    if home.name in mirror and member == "self":
                        found |= {(owner.uuid, slot) for slot in home.slots}
        return found

    def _in_owner(
        self, resource: Resource, home: Home, owner: Entry, names: Names, position: int
    ) -> list[Entry]:
        if any(get(owner.record, path) != value for path, value in home.there_if):
            return []
        items = get(owner.record, home.each) if home.each else [owner.record]
        if not isinstance(items, list):
            return []
        found = []
        for item, slot in zip(items, home.slots, strict=False):
            uuid = slot_uuid(owner.uuid, slot)
            if uuid is None or not slot_values(home, item):
                continue
            values = self._slot_values(resource, home, owner, item, names)
            if values is not None:
                found.append(Entry(resource, uuid, home, values, item, None, owner, "", position))
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
            self.world.count(f"left_out.{resource.name}.{home.name}")
            return None
        if home.owner is None:
            return values
        member, by = home.owner
        if by == "self":
            values[member] = {"uuid": owner.uuid}
        elif "." in by:
            other_resource, _, other_home = by.partition(".")
            uuid = self.reading.slot_of(other_resource, other_home, owner)
            values[member] = {"uuid": uuid} if uuid else None
        else:
            values[member] = owner.values.get(by)
        return values
