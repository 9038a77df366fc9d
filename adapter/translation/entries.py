"""One served resource as it was read: its values, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from adapter.mapping import numbers
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, copied
from adapter.translation.names import CREATED, EMPTIED, LEFT, MIRROR, OTHERS, TOLD, TOLD_BASIS, TOLD_OF
from adapter.translation.records import Record
from adapter.translation.stored import StoredObject

__all__ = [
    "CREATED",
    "EMPTIED",
    "LEFT",
    "MIRROR",
    "OTHERS",
    "TOLD",
    "TOLD_BASIS",
    "TOLD_OF",
    "Entry",
    "claims_of",
    "slot_owner",
    "slot_uuid",
    "with_claims",
]


@dataclass(slots=True)
class Entry:
    """`values` are in the served form, references as `{uuid}`; `record` is what stands in the home.

    `stored` is the resource's own object, or the aanvulling of its record. `created` is when it was made
    (ISO, UTC) or "" for what an old client made; `position` its place in the register's own order,
    and `item` which item of a list it is.
    """

    resource: Resource
    uuid: str
    home: Home
    values: dict[str, Any]
    record: Record
    stored: StoredObject | None = None
    owner: Entry | None = None
    created: str = ""
    position: int = 0
    item: int = 0
    complete: bool = False

    def as_it_was(self) -> Entry:
        """The entry with values and record of its own, for when those of this one change."""
        return replace(self, values=copied(self.values), record=copied(self.record))

    def served(self, path: Path) -> Any:
        """The value at a path as it is served: for a record without a number of its own, a computed one."""
        return numbers.served(self.resource, self.uuid, self.values, path)

    def reference(self, member: str) -> str | None:
        """The uuid that a reference member holds."""
        value = self.values.get(member)
        return value["uuid"] if isinstance(value, dict) else None

    def references(self, member: str) -> list[str]:
        """The uuids that a reference member holds, one or many."""
        value = self.values.get(member)
        if isinstance(value, list):
            return [each["uuid"] for each in value]
        return [value["uuid"]] if isinstance(value, dict) else []


def claims_of(home: Home, data: Record) -> dict[str, str]:
    """The slots that an object of this home is mirrored in, each with what it remembers of it."""
    group = data.get(home.rest) if home.rest else data
    return (group or {}).get(MIRROR) or {}


def with_claims(home: Home, data: Record, claims: dict[str, str]) -> Record:
    """The data of an object that is mirrored in these slots."""
    group = (data.get(home.rest) or {}) if home.rest else data
    group = {name: value for name, value in group.items() if name != MIRROR}
    if claims:
        group[MIRROR] = claims
    return {**data, home.rest: group} if home.rest else group


def slot_uuid(owner: str, slot: str) -> str | None:
    """The uuid of a value in a slot: the owner's, with the slot where its version stands.

    None when the owner's uuid is not of version 4: its values have no uuid of their own then.
    """
    return f"{owner[:14]}{slot}{owner[15:]}" if owner[14] == "4" else None


def slot_owner(uuid: str) -> tuple[str, str]:
    """(owner's uuid, slot) of a slot's uuid."""
    return f"{uuid[:14]}4{uuid[15:]}", uuid[14]
