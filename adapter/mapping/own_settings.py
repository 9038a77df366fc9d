"""The settings that a dialect has of its own: said in its dialect.yaml, decided by each deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SETTINGS = "settings"
PER_CLIENT = "per_client"
_TYPES = {str: "string", bool: "boolean", int: "integer", list: "array"}
# What is said of each text of a list.
_OF_EACH = ("enum", "maxLength")


def own_settings(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON Schema of each setting in a dialect.yaml, by name."""
    found = content.get(SETTINGS) or {}
    return {name: _schema(node) for name, node in found.items()}


def _schema(node: Mapping[str, Any]) -> dict[str, Any]:
    kind = _TYPES[type(node["default"])]
    if kind != "array":
        return {"type": kind, **node}
    rest = {name: each for name, each in node.items() if name not in _OF_EACH}
    items = {name: each for name, each in node.items() if name in _OF_EACH}
    return {"type": kind, **rest, "items": {"type": "string", "minLength": 1, **items}}


def defaults(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What they are in a deployment that decides nothing."""
    return {name: each["default"] for name, each in settings.items()}


def values_of(setting: Mapping[str, Any]) -> Iterator[Any]:
    """Values that a setting can have, the longest text among them; all of one with choices."""
    yield from setting.get("enum") or [setting[each] for each in ("default",) if each in setting]
    if "enum" not in setting and "maxLength" in setting:
        yield "x" * setting["maxLength"]
