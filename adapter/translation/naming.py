"""References that old records make by a key: the resource that has the key, else the slot that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapter.mapping.model import Home, Known, Resource
from adapter.mapping.paths import filled, get
from adapter.translation.entries import slot_uuid
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
            keys = [key for record in records if filled(key := get(record, slot.known_at))]
            found[known] = self.reading.by_key(known.resource, keys) if keys else {}
        return found

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
