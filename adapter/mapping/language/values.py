"""The kinds of values that occur all over the mapping language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.language.grammar import FLAG, SCALAR, TEXT, Choice, Described, Every, Kind, Shape, Table

TEXTS = Every(TEXT)
WORDS = Table(Choice(lambda node: Every(SCALAR) if isinstance(node, list) else SCALAR))

_SETTING = Shape(
    "a setting",
    {
        "setting": Described(TEXT, "The name of the setting in the configuration."),
        "many": Described(FLAG, "Whether its value becomes a list of one."),
    },
    required=("setting",),
)
CONSTANT = Choice(lambda node: _SETTING if isinstance(node, Mapping) else SCALAR)
CONSTANTS = Table(CONSTANT)


def filling(node: Any) -> Kind:
    """Constants in groups, as a register gets them."""
    if isinstance(node, Mapping) and "setting" not in node:
        return Table(Choice(filling))
    return Choice(lambda each: Every(SCALAR) if isinstance(each, list) else CONSTANT)


def constant(node: Any) -> str:
    """A constant of a mapping."""
    if isinstance(node, Mapping) and "setting" in node:
        return f"the setting {node['setting']}"
    if isinstance(node, bool):
        return "true" if node else "false"
    return "null" if node is None else str(node)
