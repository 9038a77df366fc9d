"""The settings that a dialect has of its own: said in its dialect.yaml, decided by each deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SETTINGS = "settings"
_TYPES = {str: "string", bool: "boolean", int: "integer"}


def own_settings(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON Schema of each setting in a dialect.yaml, by name."""
    found = content.get(SETTINGS) or {}
    return {name: {"type": _TYPES[type(node["default"])], **node} for name, node in found.items()}


def defaults(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What they are in a deployment that decides nothing."""
    return {name: each["default"] for name, each in settings.items()}


def values_of(setting: Mapping[str, Any]) -> Iterator[Any]:
    """Values that a setting can have, the longest text among them; all of one with choices."""
    yield from setting.get("enum") or [setting[each] for each in ("default",) if each in setting]
    if "enum" not in setting and "maxLength" in setting:
        yield "x" * setting["maxLength"]
