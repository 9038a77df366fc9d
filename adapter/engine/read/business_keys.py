"""References that old records make by a key: the resource that has the key, else the slot that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_uuid
from adapter.engine.entities.stored_object import Record
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.resources import Resources
from adapter.engine.read.slot_contents import is_filled, items
from adapter.mapping.model import Home, Known, Resource
from adapter.mapping.paths import get

Names = dict[Known, tuple[Home, dict[str, str]]]
"""For each reference by key: the slot in which the key stands, and key → uuid of the resource that has it."""


def names_in(reads: Resources, home: Home, records: Sequence[Record]) -> Read[Names]:
    """What the references by key in these records mean, of all records at once."""
    slots = [reads.resources[known.resource].homes[known.home] for known in home.known]
    wanted = [
        [key for record in records for item, _ in named_in(slot, record) if (key := key_in(slot, item))]
        for slot in slots
    ]
    found = yield from gather(
        by_key(reads, known.resource, keys) for known, keys in zip(home.known, wanted, strict=True)
    )
    return {known: (slot, uuids) for known, slot, uuids in zip(home.known, slots, found, strict=True)}


def by_key(reads: Resources, name: str, keys: Iterable[str]) -> Read[dict[str, str]]:
    """Key under which old records name a resource → uuid, of the resources that are objects."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    homes = [home for home in reads.resources[name].homes.values() if home.kind == "object" and home.known_by]
    objects = reads.session.objects
    rows = yield from gather(objects.found(home.object_type, home.known_by, wanted) for home in homes)
    found: dict[str, str] = {}
    for home, stored in zip(homes, rows, strict=True):
        for each in stored:
            key = each.data.get(home.known_by)
            if key in wanted:
                found.setdefault(key, each.uuid)
    return found


def key_of(entry: Entry) -> str | None:
    """The key under which old records name a resource."""
    if entry.home.kind == "inside":
        return key_in(entry.home, entry.record) or None
    key = entry.record.get(entry.home.known_by) if entry.home.known_by else None
    return key if isinstance(key, str) and key else None


def named(resource: Resource, names: Names, record: Record, owner: str, known: Known) -> Any:
    """The reference that a record makes by key: a link or None; or a list of links, one for each slot."""
    slot, uuids = names[known]
    links = []
    for item, digit in named_in(slot, record):
        uuid = uuids.get(key_in(slot, item)) or slot_uuid(owner, digit)
        if uuid is not None and is_filled(slot, item):
            links.append({"uuid": uuid})
    if resource.members[known.served[0]].many:
        return links
    return links[0] if links else None


def key_in(slot: Home, item: Any) -> str:
    """The key in what stands in a slot; empty where no text does."""
    key = get(item, slot.known_at)
    return key if isinstance(key, str) else ""


def named_in(slot: Home, record: Any) -> list[tuple[Any, str]]:
    """What stands in the slots of a record, each with its digit; what only fills one up names nobody."""
    if any(get(record, path) != value for path, value in slot.there_if):
        return []
    return [
        (item, digit)
        for item, digit in zip(items(slot, record), slot.slots, strict=False)
        if all(get(item, path) != value for path, value in slot.fillers)
    ]
