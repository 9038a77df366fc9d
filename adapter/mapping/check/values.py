"""The kinds of values that occur all over the mapping language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.check.grammar import FLAG, SCALAR, TEXT, Choice, Every, Kind, Shape, Table

TEXTS = Every(TEXT)
WORDS = Table(Choice(lambda node: Every(SCALAR) if isinstance(node, list) else SCALAR))

_SETTING = Shape("a setting", {"setting": TEXT, "many": FLAG}, required=("setting",))
CONSTANT = Choice(lambda node: _SETTING if isinstance(node, Mapping) else SCALAR)
CONSTANTS = Table(CONSTANT)


def filling(node: Any) -> Kind:
    """Constants in groups, as a register gets them."""
    if isinstance(node, Mapping) and "setting" not in node:
        return Table(Choice(filling))
    return Choice(lambda each: Every(SCALAR) if isinstance(each, list) else CONSTANT)
