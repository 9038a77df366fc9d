"""What a write concerns: the names of the locks that it holds; see `adapter.state.locks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.model import Resource
from adapter.mapping.paths import filled, get, parse


def concerned(resource: Resource, values: Mapping[str, Any]) -> set[str]:
    """What a write with these values concerns: resources that it names, values that must be unique."""
    found = set(_uuids(values))
    for name, member in resource.members.items():
        if member.unique and filled(values.get(name)):
            found.add(unique_name(resource, name, values[name]))
    for rule in resource.rules:
        if rule.kind == "unique_together":
            paths = rule.spec["unique_together"]
            found.add(f"{resource.name}.{paths}={[get(values, parse(path)) for path in paths]}")
    return found


def concerned_by_change(resource: Resource, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """What a change from these values to those concerns. A unique value that stays is safe: it is there."""
    same = {
        unique_name(resource, name, value)
        for name, member in resource.members.items()
        if member.unique and filled(value := before.get(name)) and value == after.get(name)
    }
    return (concerned(resource, before) | concerned(resource, after)) - same


def unique_name(resource: Resource, member: str, value: Any) -> str:
    """The lock of a value that no two resources may have."""
    return f"{resource.name}.{member}={value}"


def _uuids(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("uuid"), str):
            yield node["uuid"]
        for each in node.values():
            yield from _uuids(each)
    elif isinstance(node, list):
        for each in node:
            yield from _uuids(each)
