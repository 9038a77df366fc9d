"""The constructs of a home: its pairs, what it tells, and what it is."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.constructs import companion, found_by, linked, made_of, passed_over, whole
from adapter.mapping.constructs.known import KNOWN
from adapter.mapping.constructs.pairs.pair import PAIR
from adapter.mapping.language.grammar import (
    FLAG,
    NUMBER,
    TEXT,
    Choice,
    Described,
    Shape,
    Table,
    text_or,
)
from adapter.mapping.language.values import CONSTANTS, TEXTS, filling
from adapter.mapping.slot_needs import AT_MOST, SLOT, SLOT_FORMER

TEXTS_OR_TEXT = text_or(TEXTS)
_FIELD = text_or(Choice(lambda node: KNOWN if isinstance(node, Mapping) and "known" in node else PAIR))

_OF_PART = "say it as a part of a correspondence"
_FOLLOWS = "it follows from the rest: leave it out, as klantbrug convert does"
# What a home had once.
FORMER = {
    **dict.fromkeys(("tells", "mirror", "made_from", "same_as"), _OF_PART),
    **dict.fromkeys(
        ("optional", "filler", "known_by", "known_at", "needs", "echo", "becomes", "unlisted", "other_use"),
        _FOLLOWS,
    ),
    "else_filled": "say filled: [the one, the other]",
    "there_if": "say if",
    "created_at": "say created",
    "refuses_new": "say read_only, or leave it out where records are gathered",
    SLOT: SLOT_FORMER,
}

HOME = Shape(
    "a home",
    {
        "record": Described(TEXT, "A record of a register, as register/collection."),
        "object": Described(TEXT, "An object of its own, of that objecttype."),
        "part": Described(TEXT, "The part of a correspondence that it is, as correspondence.part."),
        "inside": Described(TEXT, "A part of the record of another home, as resource.home."),
        "owner": Described(Table(TEXT), "A reference of the resource that is known from where it stands."),
        AT_MOST: Described(
            NUMBER, "How many items of the list are served, or values in turn have a uuid of the record."
        ),
        "each": Described(
            TEXT, "The list of which every item is one; the paths of this home start at the item."
        ),
        "filled": Described(
            TEXTS_OR_TEXT, "The path that has a value when there is one; or two of which one has."
        ),
        "if": Described(CONSTANTS, "Conditions on the record in which it is."),
        "fields": Described(Table(_FIELD), "The pairs, the served path on the left."),
        "by": Described(
            Table(
                Table(
                    Choice(
                        lambda node: (
                            Table(TEXT) if isinstance(node, Mapping) and "same_as" in node else Table(_FIELD)
                        )
                    )
                )
            ),
            "Pairs that depend on the value of a member.",
        ),
        **whole.NAMES,
        "means": Described(CONSTANTS, "Members whose value follows from living here."),
        "takes": Described(CONSTANTS, "The conditions for a new one; a constant, given, null or a_uuid."),
        "keys": Described(Table(TEXT), "The records that these hang on, by the name of the key."),
        "rest": Described(TEXT, "The group of the object that keeps what its own shape lacks."),
        "created": Described(
            Choice(lambda node: TEXT if isinstance(node, str) else FLAG),
            "Where the record says when it was made; true where KlantBrug keeps that.",
        ),
        **companion.NAMES,
        **found_by.NAMES,
        **made_of.NAMES,
        **linked.NAMES,
        **passed_over.NAMES,
        "fill": Described(Table(Choice(filling)), "What is written when a record is made."),
        "read_only": Described(TEXT, "Nothing is changed here; the sentence that a client reads."),
        "stays": Described(
            TEXT, "The register deletes none of its records; the sentence for a client that wants to."
        ),
        "untouched": Described(TEXTS, "Members of the record that are left as they are."),
    },
    one_of=("record", "object", "inside"),
    former=FORMER,
)
