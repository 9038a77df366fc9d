"""The constructs of an example."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.language.grammar import (
    ANYTHING,
    TEXT,
    Choice,
    Described,
    Kind,
    Plain,
    Shape,
    Table,
    Word,
)

CASES = ("typical", "minimal", "legacy", "too_long", "nulls")

_VALUES = Table(ANYTHING)
# What stands in a list of plain values is such a value.
_ITEM = Plain((str, int, bool), "a single value", blank=True)
_REGISTER = Choice(lambda node: _ITEM if type(node) in _ITEM.types else _VALUES)
_BEFORE = Shape(
    "before",
    {
        "register": Described(_REGISTER, "What stood in the register."),
        "aanvulling": Described(_VALUES, "What KlantBrug kept beside it."),
    },
    required=("register",),
)
_SAME: dict[str, Kind] = {
    "name": Described(TEXT, "What it shows."),
    "case": Described(Word(CASES), "typical, minimal, legacy (written by an old client), too_long or nulls."),
    "home": Described(TEXT, "Where it lives; the first home unless it says which."),
    "register": Described(_REGISTER, "What stands in the register, or what is written there."),
    "aanvulling": Described(_VALUES, "What KlantBrug keeps beside it, by path."),
    "known": Described(_VALUES, "The references that the register names by a key."),
}
_SERVED = Described(_VALUES, "What is served; anything else reads as if nobody knows it.")
_READING = Shape(
    "an example",
    {
        **_SAME,
        "served": _SERVED,
        "beside": Described(_VALUES, "What the register held when the aanvulling was written."),
    },
    required=("name", "case", "register", "served"),
)
_WRITING = Shape(
    "an example of writing",
    {
        **_SAME,
        "write": Described(_VALUES, "The body that a client sends."),
        "before": Described(_BEFORE, "What stood there before a change."),
        "served": _SERVED,
    },
    required=("name", "case", "write"),
)
EXAMPLE = Choice(lambda node: _WRITING if isinstance(node, Mapping) and "write" in node else _READING)
