"""A write to one resource before it is done: what was sent, what is intended, what is there now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.mapping.model import Resource
from adapter.mapping.paths import Path, get


@dataclass(slots=True)
class Draft:
    """One create (`before` is None) or change of a resource."""

    resource: Resource
    uuid: str
    body: Mapping[str, Any]
    """The body as it was sent, without members that mean nothing."""
    intended: dict[str, Any]
    """The values that the resource should have afterwards, all of its members."""
    before: Entry | None = None
    leaving: frozenset[str] = field(default_factory=frozenset)
    """The uuids of resources that the same write deletes: no rule counts them."""
    partial: bool = False
    aside: Mapping[str, Any] = field(default_factory=dict)
    """Group → variant → the values that are retained while the group is of another variant."""
    given: frozenset[str] = field(default_factory=frozenset)
    """The uuids of resources that the same write creates: a reference to them is right."""
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Uuid → the intended values of the resources that the same write stores before this one."""
    nested: bool = False
    """Whether it was sent in the body of another resource."""
    served: str = ""
    """The uuid that it has to get, whatever home takes it; "" when its home may choose."""

    @property
    def changes(self) -> bool:
        """Whether the resource is to read otherwise than before; always for a create."""
        return self.before is None or self.intended != self.before.values

    @property
    def carries(self) -> bool:
        """Whether its body says something of other resources too; see `carries`."""
        return carries(self.resource, self.body)

    def changed(self, path: Path) -> bool:
        """Whether the write changes the value at a path; always for a create."""
        return self.before is None or get(self.intended, path) != get(self.before.values, path)


def carries(resource: Resource, body: Mapping[str, Any]) -> bool:
    """Whether a body says what becomes of other resources: in a list of them, or in a member of one."""
    named = (relation for name, relation in resource.relations.items() if name in body)
    return any(each.write or each.make is not None for each in named)


def bare(values: Iterable[Any]) -> list[Any]:
    """Values as they are compared: a reference is compared by its uuid alone."""
    return [value["uuid"] if is_link(value) else value for value in values]


def is_link(value: Any) -> bool:
    """Whether a value of a body is a reference."""
    return isinstance(value, dict) and isinstance(value.get("uuid"), str)
