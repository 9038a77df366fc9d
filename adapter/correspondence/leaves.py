"""A record as its leaves: each value that has no members, by its path.

A group that is null or empty is a leaf itself, so that null, `{}` and a group of blanks stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.paths import Path, put

Leaves = dict[Path, Any]


def leaves(record: Mapping[str, Any]) -> Leaves:
    """The leaves of a record. A list is a leaf."""
    return dict(_leaves(record, ()))


def _leaves(node: Mapping[str, Any], below: Path) -> Iterator[tuple[Path, Any]]:
    for name, value in node.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*below, name))
        else:
            yield (*below, name), value


def assembled(found: Mapping[Path, Any]) -> dict[str, Any]:
    """The record with these leaves. What stands below a path goes before an empty group at it."""
    record: dict[str, Any] = {}
    for path in sorted(found, key=len):
        put(record, path, found[path])
    return record
