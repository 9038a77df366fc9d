"""The constructs of a home: its pairs, what it tells, and what it is."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.check.grammar import (
    FLAG,
    NUMBER,
    TEXT,
    Choice,
    Every,
    Shape,
    Table,
    text_or,
)
from adapter.mapping.check.values import CONSTANTS, TEXTS, filling
from adapter.mapping.constructs import companion, echo, mirror, tells, whole
from adapter.mapping.constructs.known import KNOWN
from adapter.mapping.constructs.pairs.pair import PAIR

_FIELD = text_or(Choice(lambda node: KNOWN if isinstance(node, Mapping) and "known" in node else PAIR))

HOME = Shape(
    "a home",
    {
        "record": TEXT,
        "object": TEXT,
        "inside": TEXT,
        "optional": FLAG,
        "owner": Table(TEXT),
        "slot": Every(Choice(lambda node: TEXT if isinstance(node, str) else NUMBER)),
        "each": TEXT,
        "filled": TEXT,
        "else_filled": TEXT,
        "filler": CONSTANTS,
        "there_if": CONSTANTS,
        "fields": Table(_FIELD),
        "by": Table(
            Table(
                Choice(
                    lambda node: (
                        Table(TEXT) if isinstance(node, Mapping) and "same_as" in node else Table(_FIELD)
                    )
                )
            )
        ),
        **whole.NAMES,
        "known_by": TEXT,
        "known_at": TEXT,
        "means": CONSTANTS,
        "takes": CONSTANTS,
        "needs": TEXT,
        "keys": Table(TEXT),
        "rest": TEXT,
        "created": FLAG,
        "created_at": TEXT,
        "made_from": TEXT,
        **companion.NAMES,
        "fill": Table(Choice(filling)),
        **tells.NAMES,
        **mirror.NAMES,
        **echo.NAMES,
        "same_as": Shape("same_as", {"home": TEXT, "when": TEXTS}, required=("home", "when")),
        "read_only": TEXT,
        "unlisted": FLAG,
        "untouched": TEXTS,
        "other_use": TEXTS,
    },
    one_of=("record", "object", "inside"),
)
