"""What stands in a slot of a record, and which of it objects put there that are mirrored in it.

Of a list, an item is that of an object by what it put there, else by where it put it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.scheduler import Read
from adapter.engine.read.resources import Resources
from adapter.mapping import codecs, translate
from adapter.mapping.constructs.tells import TextList
from adapter.mapping.model import DoesNotFit, Home
from adapter.mapping.paths import filled, get, parse, put_apart


def stands_in(home: Home, record: Any) -> bool:
    """Whether there is anything in a slot but what only fills it up."""
    value = home.filling(record)
    if not (value if isinstance(value, str) else _says(value)) and not _says_else(home, record):
        return False
    for path, filler in home.fillers:
        # nearly always it is the value itself that may be a filler
        if (value if path == home.filled else get(record, path)) == filler:
            return False
    return True


def is_filled(home: Home, record: Any) -> bool:
    """Whether a slot has the value that what stands in it has."""
    return _says(get(record, home.filled)) or _says_else(home, record)


def _says_else(home: Home, record: Any) -> bool:
    return bool(home.else_filled) and _says(get(record, home.else_filled))


def slot_values(home: Home, record: Any) -> list[Any]:
    """What stands in a slot: the register values that make it up; [] when it is empty or only filled up."""
    if not stands_in(home, record):
        return []
    values = [get(record, pair.at) for pair in home.pairs]
    values += [get(record, path) for path, _ in home.fillers]
    values += [get(record, parse(each.at)) for each in home.projections if isinstance(each.value, TextList)]
    return values or [get(record, home.filled)]


def _says(value: Any) -> bool:
    """Whether there is any text in a value, however deep."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, dict):
        return any(map(_says, value.values()))
    if isinstance(value, list):
        return any(map(_says, value))
    return filled(value)


def items(home: Home, record: Record) -> list[Any]:
    """The list of which a slot is one item, as it stands in the owner's record."""
    found = get(record, home.each) if home.each else [record]
    return found if isinstance(found, list) else []


def by_place(home: Home, record: Record, left: str) -> list[tuple[int, Any, str]]:
    """(place, item, slot) of what register clients wrote into slots in which nothing is mirrored.

    An item has the slot of its place; where the value of that is among those that `left`, a spare one. There
    is "" for what there is no slot left for: it cannot be served.
    """
    rows = items(home, record)
    own = {number: slot for number, slot in enumerate(home.slots[: len(rows)]) if slot not in left}
    spare = [slot for slot in home.slots if slot not in left and slot not in own.values()]
    found = []
    for number, item in enumerate(rows):
        slot = own.get(number) or (spare.pop() if spare and stands_in(home, item) else "")
        found.append((number, item, slot))
    return found


def place_of(item: Any, rows: list[Any], at: int) -> int | None:
    """Where an item stands that was read at a place: there, else where the first one like it is."""
    if rows[at : at + 1] == [item]:
        return at
    return rows.index(item) if item in rows else None


def claim(home: Home, rows: list[Any], position: int) -> str:
    """What an object remembers of the item that it put into a list: where, of how many, and a fingerprint."""
    return f"{position}/{len(rows)}/{codecs.fingerprint(slot_values(home, rows[position]))}"


def holds(home: Home, text: str, item: Any) -> bool:
    """Whether an item is still what an object put there."""
    return text.rpartition("/")[2] == codecs.fingerprint(slot_values(home, item))


def placed(home: Home, rows: list[Any], claims: Mapping[str, str]) -> dict[str, int]:
    """The item of each object: uuid → position. A register client took out one that is not there.

    An item that is still what an object put there is that object's, wherever it stands. Else the object's is
    the one that stands in its place, unless the list got shorter: then a register client changed it.
    """
    free = dict(enumerate(rows))
    found: dict[str, int] = {}
    for same_place in (True, False):
        for uuid, text in claims.items():
            fits = [
                number
                for number, item in free.items()
                if (number == _position(text) or not same_place) and holds(home, text, item)
            ]
            if uuid not in found and fits:
                found[uuid] = fits[0]
                del free[fits[0]]
    for uuid, text in claims.items():
        number = _position(text)
        there = uuid not in found and number in free and len(rows) >= _length(text)
        if there and slot_values(home, free.pop(number)):
            found[uuid] = number
    return found


def _position(text: str) -> int:
    return int(text.split("/", maxsplit=1)[0])


def _length(text: str) -> int:
    return int(text.split("/")[1])


# objects


def mirrored_in(reads: Resources, slot: Home, owner: Entry) -> Read[dict[str, tuple[StoredObject, str]]]:
    """uuid → (the object, what it remembers) of all that say that they stand in this slot."""
    resource = reads.resources[slot.resource]
    own = next(each for each in resource.homes.values() if each.kind == "object" and not each.read_only)
    key = owner.home.key_for["self"]
    found = yield from reads.session.objects.hanging(key, [owner.uuid], own.object_type)
    return {
        each.uuid: (each, text)
        for each in found
        if (text := Annotations.of(own, each.data).mirrors.get(slot.name))
    }


def places_in(
    reads: Resources, slot: Home, owner: Entry, also: Mapping[str, str] | None = None
) -> Read[dict[str, int]]:
    """Which item of a list each object that is mirrored there is; `also` are claims of others."""
    found = yield from mirrored_in(reads, slot, owner)
    claims = {uuid: text for uuid, (_, text) in found.items()}
    return placed(slot, items(slot, owner.record), {**(also or {}), **claims})


def take_over(reads: Resources, entry: Entry, slot: Home, record: Record) -> None:
    """Let a mirrored resource have the values that stand in its slot."""
    nothing = translate.absent(entry.resource)
    before = dict(entry.values)
    for pair in slot.pairs:
        value = get(record, pair.at)
        try:
            served = pair.read(value) if filled(value) else get(nothing, pair.served)
            put_apart(entry.values, pair.served, served)
        except DoesNotFit:
            reads.deployment.count("mirror_does_not_fit")
    _fall(entry, before, {pair.served[0] for pair in slot.pairs})


def _fall(entry: Entry, before: Mapping[str, Any], said: Collection[str]) -> None:
    """Let go what was said of a value that is another now; but not what the slot has `said` itself."""
    nothing = translate.absent(entry.resource)
    changed = {name for name in said if entry.values.get(name) != before.get(name)}
    for name, member in entry.resource.members.items():
        if member.about in changed and name not in said:
            entry.values[name] = nothing[name]
    translate.unstamped(entry.resource, entry.values)
