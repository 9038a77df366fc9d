"""Resources that stand inside another record, and the objects that are mirrored there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner, slot_uuid
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.business_keys import Names, named, names_in
from adapter.engine.read.resources import Resources
from adapter.engine.read.slot_contents import (
    by_place,
    holds,
    items,
    places_in,
    slot_values,
    stands_in,
    take_over,
)
from adapter.mapping import codecs, translate
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, filled, get, meets, put_apart


def is_emptied(home: Home, owner: Entry) -> bool:
    """Whether the slot was emptied by a client although the register could not clear it."""
    was = owner.notes.suppressed.get(home.name)
    return was is not None and was == codecs.fingerprint(slot_values(home, owner.record))


def is_vacant(home: Home, owner: Entry) -> bool:
    """Whether nothing stands in the slot: what was mirrored there has been taken out by a register client."""
    return not slot_values(home, owner.record) or is_emptied(home, owner)


def left_by(home: Home, owner: Entry) -> str:
    """The slots of which the value went away with its uuid: no other value should get that."""
    return owner.notes.released.get(home.name) or ""


def is_ours(entry: Entry) -> bool:
    """Whether an object in a shape of register clients was made here."""
    return bool(entry.home.rest) and entry.notes.is_ours


def is_retold(entry: Entry, at: str) -> bool:
    """Whether a register client changed what was told it at this place."""
    was = entry.notes.projected_as(at)
    return was is not None and was != codecs.fingerprint(entry.record.get(at))


# mirrors


def mirrored(reads: Resources, resource: Resource, entries: list[Entry]) -> Read[list[Entry]]:
    """What stands in the slots that objects are mirrored in now: the register wins over the object."""
    slots = {each.name for each in resource.homes.values() if each.owner and each.owner[1] == "self"}
    claims: dict[str, list[Entry]] = {}
    for each in entries if slots else ():
        for name in each.notes.mirrors:
            if name in slots:
                claims.setdefault(name, []).append(each)
    gone: set[str] = set()
    for name, mine in claims.items():
        gone |= yield from _gone_from(reads, resource.homes[name], mine)
    return [each for each in entries if each.uuid not in gone] if gone else entries


def _gone_from(reads: Resources, slot: Home, entries: Sequence[Entry]) -> Read[set[str]]:
    """Those that a register client took out of their slot; the others get what it made of them."""
    assert slot.owner is not None
    member = slot.owner[0]
    owners = yield from reads.get(
        slot.owner_resource, [uuid for each in entries for uuid in each.references(member)]
    )
    held = [(each, owner) for each in entries if (owner := owners.get(each.reference(member) or ""))]
    if slot.each:
        return (yield from _gone_from_lists(reads, slot, held))
    changed = [
        (each, owner)
        for each, owner in held
        if each.notes.mirrors[slot.name] != codecs.fingerprint(slot_values(slot, owner.record))
    ]
    names = (yield from names_in(reads, slot, [owner.record for _, owner in changed])) if slot.known else {}
    for each, owner in changed:
        if not is_vacant(slot, owner):
            _follow(reads, each, slot, owner, names)
    return {each.uuid for each, owner in held if is_vacant(slot, owner)}


def _follow(reads: Resources, entry: Entry, slot: Home, owner: Entry, names: Names) -> None:
    """Give a mirrored resource the value that a register client gave it since."""
    entry.from_mirror = True
    take_over(reads, entry, slot, owner.record)
    seen: set[Path] = set()
    for known in slot.known:
        value = named(entry.resource, names, owner.record, owner.uuid, known)
        if isinstance(value, list) and known.served in seen:
            value = [*get(entry.values, known.served), *value]
        seen.add(known.served)
        if value is not None:
            put_apart(entry.values, known.served, value)


def _gone_from_lists(reads: Resources, slot: Home, held: Sequence[tuple[Entry, Entry]]) -> Read[set[str]]:
    """Those whose item a register client took out of the list of their owner; the others as above."""
    gone = set()
    places = yield from _places(reads, slot, {owner.uuid: owner for _, owner in held}.values())
    for each, owner in held:
        position = places[owner.uuid].get(each.uuid)
        if position is None:
            gone.add(each.uuid)
            continue
        item = items(slot, owner.record)[position]
        if not holds(slot, each.notes.mirrors[slot.name], item):
            each.from_mirror = True
            take_over(reads, each, slot, item)
    return gone


def _places(reads: Resources, slot: Home, owners: Iterable[Entry]) -> Read[dict[str, dict[str, int]]]:
    """Of each owner of a list, by its uuid: which item each object that is mirrored there is."""
    there = list(owners)
    places = yield from gather(places_in(reads, slot, owner) for owner in there)
    return {owner.uuid: each for owner, each in zip(there, places, strict=True)}


# what register clients wrote


Taken = Collection[tuple[str, str]]
"""The (owner, slot) that objects stand for."""


def embedded_in(
    reads: Resources, resource: Resource, home: Home, owners: Iterable[Entry], *, claimed: bool = False
) -> Read[list[Entry]]:
    """The resources in a slot of these owners; `claimed` gives those that are objects by now, too."""
    elsewhere = bool(home.each or home.else_filled)
    numbered = [
        (position, each)
        for position, each in enumerate(owners)
        # most have nothing there
        if (elsewhere or (value := home.filling(each.record)) or value == 0) and _is_filled(home, each)
    ]
    if not numbered:
        return []
    filled_in = [each for _, each in numbered]
    taken: Taken = () if claimed else (yield from _claimed(reads, resource, home, filled_in))
    free = [each for each in filled_in if any((each.uuid, slot) not in taken for slot in home.slots)]
    names = (yield from names_in(reads, home, [owner.record for owner in free])) if home.known else {}
    by_list = home.each and home.name in resource.mirrored_slots
    places = (yield from _places(reads, home, filled_in)) if by_list else {}
    links = yield from _links(reads, home, filled_in)
    found = []
    for position, owner in numbered:
        mine = set(places[owner.uuid].values()) if places else ()
        for number, item, slot in _slotted(resource, home, owner, taken, mine):
            uuid = slot_uuid(owner.uuid, slot)
            if uuid is None or not stands_in(home, item) or (owner.uuid, slot) in taken:
                continue
            if not slot:
                reads.deployment.count(f"left_out.{home.resource}.{home.name}")
                continue
            values = translate.read(
                resource, home, item, None, partial(named, resource, names, owner.record, owner.uuid)
            )
            if not _is_readable(home, values):
                reads.deployment.count(f"left_out.{resource.name}.{home.name}")
                continue
            values.update(links.get(owner.uuid, {}))
            found.append(Entry(resource, uuid, home, values, item, None, owner, "", position, number))
    return found


def _links(reads: Resources, home: Home, owners: Sequence[Entry]) -> Read[dict[str, dict[str, Any]]]:
    """The references of what stands in a slot that its record does not say itself, for each owner."""
    found: dict[str, dict[str, Any]] = {}
    if home.owner is not None:
        member, by = home.owner
        if by == "self":
            found = {owner.uuid: {member: {"uuid": owner.uuid}} for owner in owners}
        elif "." not in by:
            found = {owner.uuid: {member: owner.values.get(by)} for owner in owners}
        else:
            other, _, other_home = by.partition(".")
            uuids = yield from gather(reads.slot_of(other, other_home, owner) for owner in owners)
            links = [{"uuid": uuid} if uuid else None for uuid in uuids]
            found = {owner.uuid: {member: link} for owner, link in zip(owners, links, strict=True)}
    if home.linked:
        known = reads.session.linked
        for owner in owners:
            found.setdefault(owner.uuid, {}).update(known.get((home.resource, home.name, owner.uuid), {}))
    return found


def _is_filled(home: Home, owner: Entry) -> bool:
    """Whether there is anything in a slot of this owner for register clients to have written.

    What we wrote into an object for them is not read back, unless one of them changed it.
    """
    if owner.home.name != home.owner_home:
        return False
    rows = items(home, owner.record) if home.each else [owner.record]
    if not any(stands_in(home, item) for item in rows) or not meets(owner.record, home.there_if):
        return False
    at = next(iter((*home.each, *home.filled)), "")
    if is_ours(owner):
        known = any(each.resource == home.resource and each.home == home.name for each in owner.home.known)
        theirs = known and is_retold(owner, at)
    else:
        told = bool(owner.home.rest) and at in owner.notes.projected
        theirs = home.owner is None or not told or is_retold(owner, at)
    return theirs and not is_emptied(home, owner)


def _claimed(
    reads: Resources, resource: Resource, home: Home, owners: Sequence[Entry]
) -> Read[set[tuple[str, str]]]:
    """The (owner, slot) that an object stands for: mirrored there, or made of what stood there."""
    own = next(
        (each for each in resource.homes.values() if each.kind == "object" and not each.read_only), None
    )
    found: set[tuple[str, str]] = set()
    if own is None or home.owner is None or not reads.deployment.has(own.object_type):
        return found
    key, member = next(iter(owners[0].home.keys.items()))
    on = {each.uuid: each.uuid if member == "self" else each.reference(member) for each in owners}
    hanging = yield from reads.session.objects.hanging_on(key, filter(None, on.values()))
    hung = hanging.get(own.object_type, {})
    for owner in owners if hung else ():
        for each in hung.get(on[owner.uuid] or "", ()):
            at, slot = slot_owner(each.uuid)
            if at == owner.uuid and slot in home.slots:
                found.add((at, slot))
            if home.name in Annotations.of(own, each.data).mirrors and member == "self" and not home.each:
                found |= {(owner.uuid, slot) for slot in home.slots}
    # one that this request lets go to another owner hangs on that one, and still has the uuid of its slot
    moved = reads.session.objects.written(own.object_type)
    return found | {
        (uuid, slot) for uuid, slot in map(slot_owner, moved) if uuid in on and slot in home.slots
    }


def _slotted(
    resource: Resource, home: Home, owner: Entry, taken: Taken, mine: Collection[int]
) -> list[tuple[int, Any, str]]:
    """(place, item, slot) of what stands in the slots of an owner, without what objects put there.

    `mine` are the places of what objects put there. An item for which there is no slot left has "".
    """
    left = left_by(home, owner)
    if home.name not in resource.mirrored_slots:
        return by_place(home, owner.record, left)
    free = [slot for slot in home.slots if (owner.uuid, slot) not in taken]
    found = []
    for number, item in enumerate(items(home, owner.record)):
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


def _is_readable(home: Home, values: Mapping[str, Any]) -> bool:
    """Whether the value that fills a slot could be read."""
    path = home.pairs[0].served if home.pairs else ()
    return not path or home.filled != home.pairs[0].at or filled(get(values, path))
