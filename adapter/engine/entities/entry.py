"""A resource as it was read: its served values, and the record or object that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.mapping import numbers
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path


@dataclass(slots=True)
class Entry:
    """`values` are in the served form, references as `{uuid}`; `record` is what stands in the home.

    `stored` is the resource's own object, or the sidecar of its record; `owner` is what an embedded value
    stands in. `created` is when it was made (ISO, UTC) or "" for what a register client made; `position` its
    place in the register's own order, and `item` which item of a list it is.
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
    from_mirror: bool = False
    """Whether a register client changed it where it is mirrored: the object does not hold that value yet."""
    _notes: Annotations | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def notes(self) -> Annotations:
        """What is noted in the resource's own object, or in the sidecar of its record."""
        if self._notes is None:
            self._notes = Annotations.of(self.home, self.stored.data if self.stored else None)
        return self._notes

    @property
    def fixed(self) -> str:
        """Why nobody can change it here; "" when it can be changed.

        What fills a part of a record that is read only goes on saying the same.
        """
        filling = (self.resource.homes[name].read_only for name in self.notes.mirrors)
        return self.home.read_only or next(filter(None, filling), "")

    def served(self, path: Path) -> Any:
        """The value at a path as it is served. A number that the record lacks is computed from the uuid."""
        return numbers.served(self.resource, self.uuid, self.values, path)

    def reference(self, member: str) -> str | None:
        """The uuid of the resource that a member refers to; None when it refers to none."""
        value = self.values.get(member)
        return value["uuid"] if isinstance(value, dict) else None

    def references(self, member: str) -> list[str]:
        """The uuids of the resources that a member refers to."""
        value = self.values.get(member)
        if isinstance(value, dict):
            return [value["uuid"]]
        return [each["uuid"] for each in value] if isinstance(value, list) else []


def unkept(entries: Iterable[Entry], home: Home, member: str) -> list[Entry]:
    """The entries of a home of which the sidecar holds no value for a member."""
    return [each for each in entries if each.home is home and member not in each.notes.values]
