"""Objects that name, in a list of their own, what stands in a slot of another object of their kind.

A slot is found by its owner, which was read with it. So many slots need no search each: what names any slot
at all is searched for once.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.stored_object import StoredObject, once
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read import hydration
from adapter.engine.read.resources import Resources
from adapter.engine.read.search_paths import search_path
from adapter.mapping.model import Home, Resource

# So many are searched for one by one: that finds nothing else.
FEW = 2


def embedded_references(reads: Resources, home: Home, member: str) -> str:
    """The digits of the slots of a home to which its own member can refer."""
    digits = ""
    for known in home.known:
        slot = reads.resource(known.resource).homes[known.home]
        if known.served == (member,) and slot.owner_resource == home.resource:
            digits += "".join(slot.slots)
    return digits


def listing(reads: Resources, home: Home, member: str, uuids: Sequence[str]) -> Read[list[StoredObject]]:
    """The objects among which all are whose list names one of these uuids."""
    # An object of our own has the list itself, whose text is looked into.
    objects, path = reads.session.objects, search_path(home, member) if home.rest else member
    digits = embedded_references(reads, home, member)
    inside = [uuid for uuid in uuids if uuid[14] in digits]
    few = len(inside) <= FEW
    plain = uuids if few else [uuid for uuid in uuids if uuid[14] not in digits]
    named = yield from gather(
        [
            objects.listing(home.object_type, path, plain),
            _owners(reads, inside),
            *([] if few else [_naming(reads, home, member)]),
        ]
    )
    return once(each for rows in named for each in rows)


def _owners(reads: Resources, uuids: Sequence[str]) -> Read[list[StoredObject]]:
    """The objects in whose slots these stand."""
    found = yield from reads.session.objects.get(slot_owner(uuid)[0] for uuid in uuids)
    return list(found.values())


def naming(reads: Resources, resource: Resource, member: str) -> Read[list[Entry]]:
    """The resources whose own list names a slot, whichever."""
    found: list[Entry] = []
    for home in resource.homes.values():
        if home.kind == "object" and not home.read_only:
            named = yield from _naming(reads, home, member)
            digits = embedded_references(reads, home, member)
            entries = yield from hydration.of_objects(reads, resource, home, named)
            found += [each for each in entries if any(it[14] in digits for it in each.references(member))]
    return found


def _naming(reads: Resources, home: Home, member: str) -> Read[list[StoredObject]]:
    # the digit of a slot is the first of the third group of its uuid
    texts = [f"-{digit}" for digit in embedded_references(reads, home, member)]
    return reads.session.objects.listing(home.object_type, search_path(home, member), texts)
