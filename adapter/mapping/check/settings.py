"""The settings that mappings ask for: each exists, and is compared with a value that it can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapter.mapping.language.constants import no_setting
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Ground
from adapter.mapping.own_settings import PER_CLIENT, SETTINGS, own_settings
from adapter.mapping.source import NodePath

# Where a node stands: the way to the one around it, and its key there; None for the whole.
type _Way = tuple[_Way, str | int] | None


def settings(ground: Ground, node: Any) -> Iterator[Problem]:
    """What is wrong with `{setting: name}` and `{setting: name, is: value}` anywhere in a file."""
    # Whole files pass here, so without a generator for every node, and a path only where it is told.
    waiting: list[tuple[Any, _Way]] = [(node, None)]
    while waiting:
        node, way = waiting.pop()
        if isinstance(node, dict) and "setting" in node:
            name = node["setting"]
            if isinstance(name, str) and ("is" in node or node.keys() <= {"setting", "many"}):
                yield from _setting(ground, name, node, _path(way))
        below: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, dict) else enumerate(node)
        waiting.extend([(each, (way, key)) for key, each in below if isinstance(each, (dict, list))])


def _path(way: _Way) -> NodePath:
    found: list[str | int] = []
    while way is not None:
        way, key = way
        found.append(key)
    return tuple(found[::-1])


def _setting(ground: Ground, name: str, node: Mapping[str, Any], path: NodePath) -> Iterator[Problem]:
    if name not in ground.settings:
        yield Problem((*path, "setting"), no_setting(name, ground))
        return
    if (ground.settings[name] or {}).get(PER_CLIENT):
        text = f"the setting {name} is per_client: only passed_over can ask for it"
        yield Problem((*path, "setting"), text)
    words = (ground.settings[name] or {}).get("enum")
    if "is" in node and words is not None and node["is"] not in words:
        yield Problem((*path, "is"), f"the setting {name} is never {node['is']}{way_out(node['is'], words)}")


def own(content: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the settings that a dialect has of its own."""
    for name, each in own_settings(content).items():
        here = (SETTINGS, name)
        if name in shipped:
            yield Problem(
                here, f"{name} is a setting of every deployment already; give this one another name"
            )
        schema = each.get("items", each)
        for value in each["default"] if "items" in each else [each["default"]]:
            if value not in schema.get("enum", [value]):
                yield Problem((*here, "default"), f"the default {value} is not among its enum")
            if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
                text = f"the default is longer than its maxLength {schema['maxLength']}"
                yield Problem((*here, "default"), text)
