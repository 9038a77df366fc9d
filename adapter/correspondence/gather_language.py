"""The words of a correspondence that gathers."""

from __future__ import annotations

from adapter.correspondence.language import PAIR, PAIRS, RECORD
from adapter.mapping.language.grammar import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    Choice,
    Every,
    Kind,
    Shape,
    Table,
    text_or,
)
from adapter.mapping.language.values import CONSTANTS, TEXTS
from adapter.mapping.slot_needs import SLOT_FORMER

_SEND = Shape(
    "a rule of send",
    {"with": TEXT, "after": ANYTHING, "if": Table(ANYTHING), "as": TEXT, "fall_back": FLAG},
    required=("as",),
)
_SIGN = Shape("a sign", {"line": TEXT, "in": Table(TEXT)}, required=("line", "in"))
_FALL_BACK = Shape("fall_back", {"make": CONSTANTS, "instead_of": TEXTS, "meant": TEXT}, required=("make",))
_USER = Shape("a user", {"at": TEXT, "else": ANYTHING}, required=("at", "else"))

_LINK = Shape(
    "a link",
    {"post": TEXT, "contact": TEXT, "where": CONSTANTS, "make": CONSTANTS, "item": PAIRS},
    required=("post", "contact", "item"),
)

_BEHIND = Shape(
    "behind",
    {"member": TEXT, "rule": TEXT, "each": TEXT, "line": TEXT},
    required=("member", "rule", "each", "line"),
)
_NAME = Shape("a name", {"asked": TEXT, "known": ANYTHING})
_ALONG = Shape("a row of an answer", {"same": TEXTS, "make": CONSTANTS}, required=("same",))
_ANSWER = Shape(
    "answer",
    {
        "served": ANYTHING,
        "kinds": TEXTS,
        "at": TEXT,
        "new": TEXT,
        "number": TEXT,
        "same": TEXTS,
        "make": CONSTANTS,
        "refers": TEXT,
        "along": Table(_ALONG),
    },
    required=("served", "kinds", "at", "new", "number", "refers"),
)


def _search(node: object) -> Kind:
    return TEXT if isinstance(node, str) else TEXTS


GATHER = Shape(
    "gather",
    {
        "pieces": Table(TEXT),
        "single": TEXTS,
        "send": Every(_SEND),
        "sign": _SIGN,
        "find": Every(Table(Choice(_search))),
        "fall_back": _FALL_BACK,
        "user": _USER,
        "droppable": TEXTS,
        "links": Table(_LINK),
        "behind": Table(_BEHIND),
        "answer": _ANSWER,
        "names": Table(_NAME),
        "never": CONSTANTS,
    },
    required=("pieces", "send", "sign", "find", "user"),
)
_KIND = Shape("a kind", {"when": Table(ANYTHING), "make": CONSTANTS, "fill": CONSTANTS}, required=("make",))
_TEXT = Shape(
    "a text",
    {"labels": TEXTS, "many": TEXTS, "first_line": FLAG, "kinds": TEXTS},
    one_of=("labels", "first_line"),
)
_SLOT = Shape(
    "a part of a gathered record",
    {
        "same_as": TEXT,
        "of": TEXT,
        "one_of": TEXT,
        "each_of": TEXT,
        "by": TEXT,
        "via": TEXT,
        "where": CONSTANTS,
        "kinds": TEXTS,
        "item": Table(text_or(Shape("a pair of a part", {**PAIR.names, "joined": TEXTS}, required=("new",)))),
        "make": CONSTANTS,
        "at_most": NUMBER,
    },
    required=("item",),
    former=dict.fromkeys(("slot", "row_slot"), SLOT_FORMER),
    one_of=("one_of", "each_of"),
    most_one_of=("by", "via"),
)
SLOTS = Table(_SLOT)
BY_KIND = Table(PAIRS)

GATHERED = Shape(
    "a correspondence that gathers",
    {
        "correspondence": TEXT,
        "old": RECORD,
        "new": RECORD,
        "gather": GATHER,
        "kinds": Table(_KIND),
        "texts": Table(_TEXT),
        "pairs": PAIRS,
        "by": Shape("by", {"kind": Table(Table(ANYTHING))}),
        "parts": Table(Table(ANYTHING)),
        "fill": CONSTANTS,
    },
    required=("correspondence", "old", "new", "gather", "kinds"),
)
