"""Objects that name, in a list of their own, what stands in a slot of another object of their kind.

A slot is found by its owner, which was read with it. So many slots need no search each: what names any slot
at all is searched for once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.stored_object import StoredObject, once
from adapter.engine.read.search_paths import search_path
from adapter.mapping.model import Home, Resource

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository

# So many are searched for one by one: that finds nothing else.
FEW = 2


def embedded_references(repository: Repository, home: Home, member: str) -> str:
    """The digits of the slots of a home to which its own member can refer."""
    digits = ""
    for known in home.known:
        slot = repository.resource(known.resource).homes[known.home]
        if known.served == (member,) and slot.owner_resource == home.resource:
            digits += "".join(slot.slots)
    return digits


def listing(repository: Repository, home: Home, member: str, uuids: Sequence[str]) -> list[StoredObject]:
    """The objects among which all are whose list names one of these uuids."""
    objects, path = repository.session.objects, search_path(home, member)
    digits = embedded_references(repository, home, member)
    inside = [uuid for uuid in uuids if uuid[14] in digits]
    owners = objects.get(slot_owner(uuid)[0] for uuid in inside).values()
    if len(inside) <= FEW:
        return once([*objects.listing(home.object_type, path, uuids), *owners])
    others = [uuid for uuid in uuids if uuid[14] not in digits]
    return once(
        [*objects.listing(home.object_type, path, others), *owners, *_naming(repository, home, member)]
    )


def naming(repository: Repository, resource: Resource, member: str) -> list[Entry]:
    """The resources whose own list names a slot, whichever."""
    found: list[Entry] = []
    for home in resource.homes.values():
        if home.kind == "object" and not home.read_only and repository.deployment.has(home.object_type):
            named = _naming(repository, home, member)
            digits = embedded_references(repository, home, member)
            entries = repository.hydration.objects(resource, home, named) if named else []
            found += [each for each in entries if any(it[14] in digits for it in each.references(member))]
    return found


def _naming(repository: Repository, home: Home, member: str) -> list[StoredObject]:
    # the digit of a slot is the first of the third group of its uuid
    texts = [f"-{digit}" for digit in embedded_references(repository, home, member)]
    return repository.session.objects.listing(home.object_type, search_path(home, member), texts)
