"""References that old records make by a key: the resource that has the key, else the slot that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from adapter.mapping.model import Home, Known, Resource
from adapter.mapping.paths import filled, get
from adapter.translation.entries import Entry, slot_uuid
from adapter.translation.records import Record

if TYPE_CHECKING:
    from adapter.translation.reading import Reading

Names = dict[Known, dict[str, str]]


class Naming:
    """Finds what keys mean, for all records of an answer at once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def known(self, home: Home, records: Sequence[Record]) -> Names:
        """For each reference by key: key → uuid of the resource that has it, of all records at once."""
        found = {}
        for known in home.known:
            slot = self.reading.resource(known.resource).homes[known.home]
            # what only fills the slot up names nobody
            keys = [get(record, slot.known_at) for record in records if is_there(slot, record)]
            wanted = [key for key in keys if filled(key)]
            found[known] = self.by_key(known.resource, wanted) if wanted else {}
        return found

    def by_key(self, name: str, keys: Iterable[str]) -> dict[str, str]:
        """Key under which old records name a resource → uuid, of the resources that are objects."""
        wanted = list(dict.fromkeys(keys))
        homes = [
            home
            for home in self.reading.resource(name).homes.values()
            if home.kind == "object" and home.known_by and self.reading.world.has(home.object_type)
        ]
        objects = self.reading.sources.objects
        types: dict[str, list[str]] = {}
        for home in homes:
            types.setdefault(home.known_by, []).append(home.object_type)
        self.reading.sources.run(
            [job for path, of in types.items() for job in objects.found_in_jobs(of, path, wanted)]
        )
        found: dict[str, str] = {}
        for home in homes:
            for each in objects.found(home.object_type, home.known_by, wanted):
                key = each.data.get(home.known_by)
                if key in wanted:
                    found.setdefault(key, each.uuid)
        return found

    def key_of(self, entry: Entry) -> str | None:
        """The key under which old records name a resource."""
        if entry.home.kind == "inside":
            return get(entry.owner.record, entry.home.known_at) if entry.owner else None
        key = entry.record.get(entry.home.known_by) if entry.home.known_by else None
        return key if isinstance(key, str) and key else None

    def named(self, resource: Resource, known: Known, names: Names, record: Record, owner: str) -> Any:
        """The reference that a record makes by key: a link, or a list of one; else None or []."""
        slot = self.reading.resource(known.resource).homes[known.home]
        many = resource.members[known.served[0]].many
        nobody: list[Any] | None = [] if many else None
        if not filled(get(record, slot.filled)) or not is_there(slot, record):
            return nobody
        key = get(record, slot.known_at)
        uuid = names[known].get(key) if filled(key) else None
        uuid = uuid or slot_uuid(owner, slot.slots[0])
        if uuid is None:
            return nobody
        return [{"uuid": uuid}] if many else {"uuid": uuid}


def is_there(slot: Home, record: Any) -> bool:
    """Whether a record has this slot at all, and more in it than what only fills it up."""
    conditions = all(get(record, path) == value for path, value in slot.there_if)
    return conditions and not any(get(record, path) == value for path, value in slot.fillers)
