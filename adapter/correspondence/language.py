"""The words of a correspondence, as a file has them: what each may be."""

from __future__ import annotations

from typing import Any

from adapter.correspondence.converting import CODECS
from adapter.mapping.language.grammar import (
    ANYTHING,
    FLAG,
    NUMBER,
    SCALAR,
    TEXT,
    Choice,
    Every,
    Kind,
    Shape,
    Table,
    Word,
    text_or,
)
from adapter.mapping.language.values import CONSTANT, CONSTANTS, TEXTS, WORDS, filling

OLD_NEW = Word(("old", "new"))

PAIR = Shape(
    "a pair",
    {
        "at": TEXT,
        "new": TEXT,
        "words": WORDS,
        "sharper": Table(
            Shape("a sharper word", {"any": TEXT, "where": CONSTANTS}, required=("any", "where"))
        ),
        "too_long": Word(("cut", "aside")),
        "form": TEXT,
        "range": Every(NUMBER),
        "to": TEXT,
        "uuid_of": TEXT,
        "as": Word(tuple(CODECS)),
        "with": TEXTS,
        "else_at": TEXTS,
        "also": TEXTS,
        "frozen": OLD_NEW,
        "read_only": FLAG,
    },
    most_one_of=("to", "uuid_of", "words", "as"),
)
PAIRS = Table(text_or(PAIR))

PAIR_OF_ITEM = Shape(
    "a pair", {**PAIR.names, "if": CONSTANTS}, required=("new",), most_one_of=PAIR.most_one_of
)


def _of_item(node: Any) -> Kind:
    if isinstance(node, dict) and not {"one_of", "each_of"}.isdisjoint(node):
        return PART
    return text_or(PAIR_OF_ITEM)


ITEM = Table(Choice(_of_item))

PART = Shape(
    "a part",
    {
        "same_as": TEXT,
        "at": TEXT,
        "if": CONSTANTS,
        "one_of": TEXT,
        "any_of": TEXT,
        "each_of": TEXT,
        "via": TEXT,
        "through": TEXT,
        "adopts": TEXT,
        "refused": CONSTANTS,
        "where": CONSTANTS,
        "prefer": CONSTANTS,
        "value": PAIR,
        "item": ITEM,
        "filled": TEXT,
        "after": TEXT,
        "make": Choice(lambda node: Word(("aside",)) if isinstance(node, str) else Table(Choice(filling))),
        "on_change": CONSTANTS,
        "shared": Shape("what is shared", {"key": TEXT}, required=("key",)),
        "read_only": FLAG,
        "test": CONSTANTS,
        "then": SCALAR,
        "else": SCALAR,
        "each_becomes": Table(CONSTANTS),
    },
    one_of=("one_of", "any_of", "each_of"),
    most_one_of=("value", "item", "test"),
)

_TOLD = Shape("what another record tells", {"of": TEXT, "at": TEXT, "words": WORDS}, required=("of", "at"))
_CODE = Shape("a code", {"code_of": Word(("uuid",))}, required=("code_of",))
_DAY = Shape("a day", {"day_of": TEXT}, required=("day_of",))
_LINE = Shape(
    "a first line",
    {"first_line_of": TEXT, "else": TEXT, "length": NUMBER},
    required=("first_line_of", "else", "length"),
)


def _filler(node: Any) -> Kind:
    for name, shape in (("of", _TOLD), ("code_of", _CODE), ("first_line_of", _LINE), ("day_of", _DAY)):
        if isinstance(node, dict) and name in node:
            return shape
    return filling(node)


FILL = Table(Choice(_filler))
RECORD = text_or(
    Shape("a record", {"record": TEXT, "where": CONSTANTS}, required=("record",)),
)

# What is read once `same_as` is filled in.
PARTS = Table(PART)
BY = Table(Table(PAIRS))

CORRESPONDENCE = Shape(
    "a correspondence",
    {
        "correspondence": TEXT,
        "old": RECORD,
        "new": RECORD,
        "pairs": PAIRS,
        "by": Table(Table(Table(ANYTHING))),
        "parts": Table(Table(ANYTHING)),
        "fill": Shape("fillers", {"old": FILL, "new": FILL}),
        "means": Shape("what records mean", {"old": Table(CONSTANT), "new": Table(CONSTANT)}),
    },
    required=("correspondence", "old", "new"),
)
