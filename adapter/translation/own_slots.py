"""Objects that name, in a list of their own, what stands in a slot of another object of their kind.

A slot is found by its owner, which was read with it. So many slots need no search each: what names any slot
at all is searched for once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapter.mapping.model import Home, Resource
from adapter.translation.entries import Entry, slot_owner
from adapter.translation.homes import search_path
from adapter.translation.stored import StoredObject, once

if TYPE_CHECKING:
    from adapter.translation.reading import Reading

# So many are searched for one by one: that finds nothing else.
FEW = 2


def own_slots(reading: Reading, home: Home, member: str) -> str:
    """The digits of the slots of a home to which its own member can refer."""
    digits = ""
    for known in home.known:
        slot = reading.resource(known.resource).homes[known.home]
        if known.served == (member,) and slot.owner_resource == home.resource:
            digits += "".join(slot.slots)
    return digits


def listing(reading: Reading, home: Home, member: str, uuids: Sequence[str]) -> list[StoredObject]:
    """The objects among which all are whose list names one of these uuids."""
    objects, path = reading.sources.objects, search_path(home, member)
    digits = own_slots(reading, home, member)
    inside = [uuid for uuid in uuids if uuid[14] in digits]
    owners = objects.get(slot_owner(uuid)[0] for uuid in inside).values()
    if len(inside) <= FEW:
        return once([*objects.listing(home.object_type, path, uuids), *owners])
    others = [uuid for uuid in uuids if uuid[14] not in digits]
    return once([*objects.listing(home.object_type, path, others), *owners, *_naming(reading, home, member)])


def naming(reading: Reading, resource: Resource, member: str) -> list[Entry]:
    """The resources whose own list names a slot, whichever."""
    found: list[Entry] = []
    for home in resource.homes.values():
        if home.kind == "object" and not home.read_only and reading.world.has(home.object_type):
            named = _naming(reading, home, member)
            digits = own_slots(reading, home, member)
            entries = reading.building.objects(resource, home, named) if named else []
            found += [each for each in entries if any(it[14] in digits for it in each.references(member))]
    return found


def _naming(reading: Reading, home: Home, member: str) -> list[StoredObject]:
    # the digit of a slot is the first of the third group of its uuid
    texts = [f"-{digit}" for digit in own_slots(reading, home, member)]
    return reading.sources.objects.listing(home.object_type, search_path(home, member), texts)
