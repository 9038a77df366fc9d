"""References that old records make by a key: the resource that has the key, else the slot that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_uuid
from adapter.engine.entities.stored_object import Record
from adapter.engine.read.list_items import is_filled, items
from adapter.mapping.model import Home, Known, Resource
from adapter.mapping.paths import get

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository

Names = dict[Known, dict[str, str]]


class BusinessKeys:
    """Finds what keys mean, for all records of an answer at once."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def known(self, home: Home, records: Sequence[Record]) -> Names:
        """For each reference by key: key → uuid of the resource that has it, of all records at once."""
        found = {}
        for known in home.known:
            slot = self.repository.resource(known.resource).homes[known.home]
            keys = [key_in(slot, item) for record in records for item, _ in named_in(slot, record)]
            wanted = [key for key in keys if key]
            found[known] = self.by_key(known.resource, wanted) if wanted else {}
        return found

    def by_key(self, name: str, keys: Iterable[str]) -> dict[str, str]:
        """Key under which old records name a resource → uuid, of the resources that are objects."""
        wanted = list(dict.fromkeys(keys))
        homes = [
            home
            for home in self.repository.resource(name).homes.values()
            if home.kind == "object" and home.known_by and self.repository.deployment.has(home.object_type)
        ]
        objects = self.repository.session.objects
        types: dict[str, list[str]] = {}
        for home in homes:
            types.setdefault(home.known_by, []).append(home.object_type)
        self.repository.session.run(
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
            return key_in(entry.home, entry.record) or None
        key = entry.record.get(entry.home.known_by) if entry.home.known_by else None
        return key if isinstance(key, str) and key else None

    def named(self, resource: Resource, known: Known, names: Names, record: Record, owner: str) -> Any:
        """The reference that a record makes by key: a link or None; or a list of links, one for each slot."""
        slot = self.repository.resource(known.resource).homes[known.home]
        links = []
        for item, digit in named_in(slot, record):
            uuid = names[known].get(key_in(slot, item)) or slot_uuid(owner, digit)
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
