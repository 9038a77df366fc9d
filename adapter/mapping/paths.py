"""Paths into nested JSON: `group.group.member`, `list.0`; `.` is the value itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

Path = tuple[str, ...]
Conditions = tuple[tuple[Path, Any], ...]
"""Values that a record must have, by path: `((("status",), "verwerkt"),)`; any record meets no conditions."""

ITSELF: Final = "."
"""How a mapping writes the path of an item that is a plain value: of no member, but of the item."""


class _Missing:
    """What a path that leads nowhere gives; told apart from null."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final[Any] = _Missing()


@lru_cache(maxsize=1024)
def parse(text: str) -> Path:
    """The path that a mapping writes with dots."""
    return () if text == ITSELF else tuple(text.split("."))


def get(node: Any, path: Path) -> Any:
    """The value at `path`, or MISSING; a number in the path is a position in a list."""
    for part in path:
        if isinstance(node, dict):
            node = node.get(part, MISSING)
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return MISSING
    return node


def getter(path: Path) -> Callable[[Any], Any]:
    """`get` for one path, in less time where that leads through one or two groups, as most do."""
    first, *more = path or (ITSELF,)
    if not path or len(more) > 1:
        return lambda node: get(node, path)
    if not more:
        return lambda node: node.get(first, MISSING) if isinstance(node, dict) else get(node, path)
    (last,) = more

    def inner(node: Any) -> Any:
        if isinstance(node, dict) and isinstance(group := node.get(first), dict):
            return group.get(last, MISSING)
        return get(node, path)

    return inner


def put(node: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at `path`, making the groups on the way (a null on the way becomes a group)."""
    for part in path[:-1]:
        below = node.get(part)
        if not isinstance(below, dict):
            below = node[part] = {}
        node = below
    node[path[-1]] = value


def with_values(node: Any, values: Mapping[Path, Any]) -> Any:
    """A copy of `node` with these values; of a plain value, the one at the path of the value itself."""
    if () in values:
        return values[()]
    made = copied(node) if node else {}
    for path, value in values.items():
        if len(path) == 1:
            made[path[0]] = value
        else:
            put(made, path, value)
    return made


def put_apart(node: dict[str, Any], path: Path, value: Any) -> None:
    """As `put`, into copies of the groups on the way: others may hold those."""
    for part in path[:-1]:
        below = node.get(part)
        below = node[part] = dict(below) if isinstance(below, dict) else {}
        node = below
    node[path[-1]] = value


def copied(value: Any) -> Any:
    """JSON of its own: groups and lists anew, however deep."""
    if isinstance(value, dict):
        return {name: copied(each) for name, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def meets(values: Any, conditions: Conditions) -> bool:
    """Whether the record with these values meets every condition."""
    return not conditions or all(get(values, path) == value for path, value in conditions)


def filled(value: Any) -> bool:
    """Whether a register's value says anything: not absent, null, empty text, list or group."""
    # zero and false say something
    return bool(value) or value == 0
