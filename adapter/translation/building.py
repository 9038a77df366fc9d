"""Make served resources of what registers answer, one function for each kind of home."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from adapter.mapping import codecs, translate
from adapter.mapping.model import DoesNotFit, Home, Known, Pair, Place, Resource
from adapter.mapping.paths import MISSING, filled, get, put
from adapter.translation.entries import Entry, slot_uuid
from adapter.translation.sources import Record, StoredObject, uuid_in

if TYPE_CHECKING:
    from adapter.translation.reading import Reading

SUPPLEMENT = "KlantinteractiesAanvulling"
CREATED, MIRROR, EMPTIED, OTHERS = "aangemaakt", "spiegel", "leeg", "andere"

_NAMESPACE = uuids.UUID("6a1f6b1e-6f0d-5d0c-9a39-6f2f6b6c6e74")


def supplement_uuid(place: Place, uuid: str) -> str:
    """The uuid of the aanvulling of a record: computed, so that one GET finds it."""
    return str(uuids.uuid5(_NAMESPACE, f"{place.register}/{place.collection}/{uuid}"))


class Building:
    """Builds entries; asks the registers only for what the entries cannot do without."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sources = reading.sources
        self.world = reading.sources.world

    # records

    def records(self, resource: Resource, home: Home, rows: Sequence[Record]) -> list[Entry]:
        """The resources that these records of `home`'s collection are."""
        assert home.place is not None
        found = []
        supplements = self._supplements(resource, home, rows)
        for position, row in enumerate(rows):
            uuid = uuid_in(row["url"])
            stored = supplements.get(uuid)
            data = stored.data if stored else {}
            values = translate.read(resource, home, row, data)
            entry = Entry(resource, uuid, home, values, row, stored, None, data.get(CREATED, ""), position)
            found.append(entry)
        self._legacy(home, found)
        return found

    def _supplements(self, resource: Resource, home: Home, rows: Sequence[Record]) -> dict[str, StoredObject]:
        assert home.place is not None
        if not home.keys or not self.world.has(SUPPLEMENT):
            return {}
        key, member = next(iter(home.keys.items()))
        owners = {uuid_in(row["url"]): self._key_of(home, member, row) for row in rows}
        hanging = self.sources.hanging(key, [owner for owner in owners.values() if owner])
        wanted = {supplement_uuid(home.place, uuid): uuid for uuid in owners}
        return {
            wanted[each.uuid]: each for objects in hanging.values() for each in objects if each.uuid in wanted
        }

    def _key_of(self, home: Home, member: str, row: Record) -> str | None:
        if member == "self":
            return uuid_in(row["url"])
        for pair in home.pairs:
            if pair.served == (member,):
                return self._referred(pair, row)
        return None

    def _referred(self, pair: Pair, row: Any) -> str | None:
        try:
            value = pair.read(get(row, pair.at))
        except DoesNotFit:
            return None
        return value["uuid"] if isinstance(value, dict) else None

    def _legacy(self, home: Home, entries: list[Entry]) -> None:
        """Values that a record of an old client says by way of another record."""
        for at, spec in home.legacy:
            of = spec["of"]
            plain = [
                each
                for each in entries
                if at not in ((each.stored.data if each.stored else {}).get(translate.VALUES) or {})
            ]
            if not plain:
                continue
            target = self.world.mappings.resources[plain[0].resource.members[of].to]
            owner_home = next(each for each in target.homes.values() if each.kind == "record")
            assert owner_home.place is not None
            owners = self.sources.records(
                owner_home.place, [uuid for each in plain for uuid in each.references(of)]
            )
            read, _, _ = codecs.words(spec["words"])
            for each in plain:
                record = owners.get(each.reference(of) or "")
                told = get(record, (spec["at"],)) if record else MISSING
                each.values[at] = read(told if filled(told) else "")

    # objects

    def objects(self, resource: Resource, home: Home, found: Iterable[StoredObject]) -> list[Entry]:
        """The resources that these objects are; one whose mirror an old client emptied is none."""
        kept = [each for each in found if each.type == home.object_type]
        names = self._known(home, [each.data for each in kept])
        entries = [self._object(resource, home, each, names, number) for number, each in enumerate(kept)]
        return self._mirrored(resource, home, entries)

    def _object(
        self,
        resource: Resource,
        home: Home,
        found: StoredObject,
        names: dict[Known, dict[str, str]],
        number: int,
    ) -> Entry:
        data = found.data
        if home.rest or home.pairs:
            rest = data.get(home.rest) if home.rest else None
            values = translate.read(
                resource,
                home,
                data,
                rest,
                lambda known: self._named(resource, known, names, data, found.uuid),
            )
            created = _instant(get(data, home.created_at)) if home.created_at else ""
            return Entry(resource, found.uuid, home, values, data, found, None, created, number)
        values = translate.absent(resource)
        values.update({name: data[name] for name in resource.members if name in data})
        translate.settle(resource, values)
        return Entry(resource, found.uuid, home, values, data, found, None, data.get(CREATED, ""), number)

    def _known(self, home: Home, records: Sequence[Record]) -> dict[Known, dict[str, str]]:
        """For each reference by key: key → uuid of the resource that has it, of all records at once."""
        found = {}
        for known in home.known:
            slot = self.world.mappings.resources[known.resource].homes[known.home]
            keys = [key for record in records if filled(key := get(record, slot.known_at))]
            found[known] = self.reading.by_key(known.resource, keys) if keys else {}
        return found

    def _named(
        self, resource: Resource, known: Known, names: dict[Known, dict[str, str]], record: Record, owner: str
    ) -> Any:
        slot = self.world.mappings.resources[known.resource].homes[known.home]
        key = get(record, slot.known_at)
        many = resource.members[known.served[0]].many
        if not filled(key) or any(get(record, path) == value for path, value in slot.fillers):
            return [] if many else None
        uuid = names[known].get(key) or slot_uuid(owner, slot.slots[0])
        if uuid is None:
            return [] if many else None
        return [{"uuid": uuid}] if many else {"uuid": uuid}

    def _mirrored(self, resource: Resource, home: Home, entries: list[Entry]) -> list[Entry]:
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
            names = self._known(slot, [owner.record for owner in owners.values()])
            for each in mine:
                owner = owners.get(each.reference(slot.owner[0]) or "")
                if owner is not None and not self._follows(each, slot, owner, names):
                    gone.add(each.uuid)
        return [each for each in entries if each.uuid not in gone]

    def _follows(self, entry: Entry, slot: Home, owner: Entry, names: dict[Known, dict[str, str]]) -> bool:
        """Whether the mirrored resource still exists; it gets the value that an old client gave it since."""
        now = slot_values(slot, owner.record)
        if not now or is_emptied(slot, owner):
            return False
        if codecs.fingerprint(now) == entry.record[MIRROR][slot.name]:
            return True
        entry.owner = owner
        for pair in slot.pairs:
            try:
                put(entry.values, pair.served, pair.read(get(owner.record, pair.at)))
            except DoesNotFit:
                self.world.count("mirror_does_not_fit")
        for known in slot.known:
            value = self._named(entry.resource, known, names, owner.record, owner.uuid)
            if value is not None:
                put(entry.values, known.served, value)
        return True

    # slots

    def slots(self, resource: Resource, home: Home, owners: Sequence[Entry]) -> list[Entry]:
        """The resources that stand in a slot of these owners and are nobody's mirror."""
        owners = [each for each in owners if each.home.name == home.owner_home and self._open(each)]
        self._prefetch_claims(owners)
        claimed = self._claimed(resource, home, owners)
        names = self._known(home, [owner.record for owner in owners])
        found = []
        for position, owner in enumerate(owners):
            if not is_emptied(home, owner):
                entries = self._in_owner(resource, home, owner, names, position)
                found += [each for each in entries if (owner.uuid, each.uuid[14]) not in claimed]
        return found

    def _prefetch_claims(self, owners: Sequence[Entry]) -> None:
        """One search for what hangs on all owners."""
        for owner in owners[:1]:
            key, member = next(iter(owner.home.keys.items()))
            on = [each.uuid if member == "self" else each.reference(member) for each in owners]
            self.sources.hanging(key, [each for each in on if each])

    def _open(self, owner: Entry) -> bool:
        """What was written into an object for old clients is not read back: only legacy ones have slots."""
        return not (owner.home.rest and owner.home.rest in owner.record)

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
            for each in self.sources.hanging(key, [on])[on] if on else ():
                if each.type == own.object_type:
                    mirror = each.data.get(MIRROR) or {}
                    found |= {
                        (owner.uuid, slot) for slot in home.slots if each.uuid == slot_uuid(owner.uuid, slot)
                    }
                    if home.name in mirror and member == "self":
                        found |= {(owner.uuid, slot) for slot in home.slots}
        return found

    def _in_owner(
        self, resource: Resource, home: Home, owner: Entry, names: dict[Known, dict[str, str]], position: int
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
        self, resource: Resource, home: Home, owner: Entry, item: Record, names: dict[Known, dict[str, str]]
    ) -> dict[str, Any] | None:
        values = translate.read(
            resource,
            home,
            item,
            None,
            lambda known: self._named(resource, known, names, owner.record, owner.uuid),
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


def _instant(value: Any) -> str:
    try:
        found: str = codecs.instant(value)
    except DoesNotFit:
        return ""
    return found


def slot_values(home: Home, record: Any) -> list[Any]:
    """What stands in a slot: the register values that make it up; [] when it is empty or only filled up."""
    if not filled(get(record, home.filled)) or any(
        get(record, path) == value for path, value in home.fillers
    ):
        return []
    values = [get(record, pair.at) for pair in home.pairs]
    values += [get(record, path) for path, _ in home.fillers]
    return values or [get(record, home.filled)]


def is_emptied(home: Home, owner: Entry) -> bool:
    """Whether the slot was emptied by a client although the register could not clear it."""
    was = ((owner.stored.data if owner.stored else {}).get(EMPTIED) or {}).get(home.name)
    return was is not None and was == codecs.fingerprint(slot_values(home, owner.record))
