"""A served write as far as it is known before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.mapping.model import Resource, Rule
from adapter.mapping.paths import MISSING, Path, filled, get, parse


@dataclass(slots=True)
class Draft:
    """A write as far as it is known: what was sent, what is intended, what stands there now.

    `leaving` are resources that the same write takes away, so that they stand in nobody's way.
    """

    resource: Resource
    uuid: str
    body: Mapping[str, Any]
    intended: dict[str, Any]
    before: Entry | None = None
    leaving: frozenset[str] = field(default_factory=frozenset)
    partial: bool = False
    aside: Mapping[str, Any] = field(default_factory=dict)
    given: frozenset[str] = field(default_factory=frozenset)
    """References that another part of the same write will make exist."""
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the same write has made of others by the turn of this one, by uuid."""
    nested: bool = False
    """Whether it comes in the body of another resource."""

    def changed(self, path: Path) -> bool:
        """Whether the value at a path is another than it was."""
        return self.before is None or get(self.intended, path) != get(self.before.values, path)


def stamped(values: Mapping[str, Any], rule: Rule) -> bool:
    """Whether the member that a `stamp` rule is about has a value in this record."""
    return all(get(values, parse(path)) == value for path, value in rule.spec["when"].items())


def together(values: Mapping[str, Any], rule: Rule) -> list[tuple[Path, Any]]:
    """The values that no two resources may share; none when one is missing, or the rule passes over them."""
    found = [(parse(name), get(values, parse(name))) for name in rule.spec["unique_together"]]
    empty = [path for path, value in found if not filled(value)]
    if any(parse(name) in empty for name in rule.spec.get("skip_empty", ())):
        return []
    return [] if any(value is MISSING for _, value in found) else found


def bare(values: Iterable[Any]) -> list[Any]:
    """Values as they are compared: of a reference only to what."""
    return [value["uuid"] if is_link(value) else value for value in values]


def is_link(value: Any) -> bool:
    """Whether a value of a body is a reference."""
    return isinstance(value, dict) and isinstance(value.get("uuid"), str)
