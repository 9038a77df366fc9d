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
    Word,
    text_or,
)
from adapter.mapping.check.values import CONSTANTS, TEXTS, WORDS, filling
from adapter.mapping.constructs.companion import COMPANION
from adapter.mapping.constructs.tells import TELL

_PAIR = Shape(
    "a pair",
    {
        "at": TEXT,
        "else_at": TEXTS,
        "else_unless": TEXTS,
        "joined": TEXTS,
        "to": TEXT,
        "uuid_of": TEXT,
        "words": WORDS,
        "other_words": Word(("same",)),
        "split": TEXT,
        "date": TEXT,
        "any_case": FLAG,
        "form": TEXT,
        "as": Word(("instant",)),
        "too_long": Word(("cut", "refuse")),
        "frozen": FLAG,
        "read_only": FLAG,
        "if": CONSTANTS,
        "fill": Word(("random_code",)),
        "choose": Table(Table(CONSTANTS)),
        "said_by": CONSTANTS,
    },
    required=("at",),
    most_one_of=("to", "uuid_of", "words", "split", "date", "form", "as"),
)
_KNOWN = Shape("a known reference", {"known": TEXT, "and_known": TEXT, "told": TEXT}, required=("known",))
PAIR = text_or(Choice(lambda node: _KNOWN if isinstance(node, Mapping) and "known" in node else _PAIR))

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
        "fields": Table(PAIR),
        "by": Table(
            Table(
                Choice(
                    lambda node: (
                        Table(TEXT) if isinstance(node, Mapping) and "same_as" in node else Table(PAIR)
                    )
                )
            )
        ),
        "whole": Table(TEXTS),
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
        "first": COMPANION,
        "fill": Table(Choice(filling)),
        "tells": Table(TELL),
        "mirror": Table(Shape("a mirror", {"when": CONSTANTS, "first": CONSTANTS}, required=("when",))),
        "echo": TEXT,
        "same_as": Shape("same_as", {"home": TEXT, "when": TEXTS}, required=("home", "when")),
        "read_only": TEXT,
        "unlisted": FLAG,
        "untouched": TEXTS,
        "other_use": TEXTS,
    },
    one_of=("record", "object", "inside"),
)
