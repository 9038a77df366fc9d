"""The constructs of an example."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.check.grammar import ANYTHING, TEXT, Choice, Kind, Plain, Shape, Table, Word

CASES = ("typical", "minimal", "legacy", "too_long", "nulls")

_VALUES = Table(ANYTHING)
# What stands in a list of plain values is such a value.
_ITEM = Plain((str, int, bool), "a single value", blank=True)
_REGISTER = Choice(lambda node: _ITEM if type(node) in _ITEM.types else _VALUES)
_DATA: dict[str, Kind] = {"register": _REGISTER, "aanvulling": _VALUES}
_SAME: dict[str, Kind] = {"name": TEXT, "case": Word(CASES), "home": TEXT, **_DATA, "known": _VALUES}
_READING = Shape(
    "an example",
    {**_SAME, "served": _VALUES, "beside": _VALUES},
    required=("name", "case", "register", "served"),
)
_WRITING = Shape(
    "an example of writing",
    {**_SAME, "write": _VALUES, "before": Shape("before", _DATA, required=("register",)), "served": _VALUES},
    required=("name", "case", "write"),
)
EXAMPLE = Choice(lambda node: _WRITING if isinstance(node, Mapping) and "write" in node else _READING)
