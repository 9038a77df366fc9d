"""The constructs of a home: its pairs, what it tells, and what it is."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.mapping.constructs import companion, echo, linked, made_of, mirror, tells, whole
from adapter.mapping.constructs.known import KNOWN
from adapter.mapping.constructs.pairs.pair import PAIR
from adapter.mapping.language.grammar import (
    FLAG,
    NUMBER,
    TEXT,
    Choice,
    Described,
    Every,
    Shape,
    Table,
    text_or,
)
from adapter.mapping.language.values import CONSTANTS, TEXTS, filling

_FIELD = text_or(Choice(lambda node: KNOWN if isinstance(node, Mapping) and "known" in node else PAIR))

HOME = Shape(
    "a home",
    {
        "record": Described(TEXT, "A record of a register, as register/collection."),
        "object": Described(TEXT, "An object of its own, of that objecttype."),
        "part": Described(TEXT, "The part of a correspondence that it is, as correspondence.part."),
        "inside": Described(TEXT, "A part of the record of another home, as resource.home."),
        "optional": Described(FLAG, "Whether a municipality may lack the objecttype."),
        "owner": Described(Table(TEXT), "A reference of the resource that is known from where it stands."),
        "slot": Described(
            Every(Choice(lambda node: TEXT if isinstance(node, str) else NUMBER)),
            "The version digits of the uuids of what lives here, one for each item of a list, or for each "
            "value in turn; not 4.",
        ),
        "each": Described(
            TEXT, "The list of which every item is one; the paths of this home start at the item."
        ),
        "filled": Described(TEXT, "The path that has a value when there is one."),
        "else_filled": Described(TEXT, "The path that has a value when there is one all the same."),
        "filler": Described(CONSTANTS, "Values that stand there while nobody is known."),
        "there_if": Described(CONSTANTS, "Conditions on the record."),
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
        "known_by": Described(TEXT, "The key by which these can be found."),
        "known_at": Described(TEXT, "The path of that key in a record."),
        "means": Described(CONSTANTS, "Members whose value follows from living here."),
        "takes": Described(CONSTANTS, "The conditions for a new one; a constant, given, null or a_uuid."),
        "needs": Described(TEXT, "The register without which this home is passed over."),
        "keys": Described(Table(TEXT), "The records that these hang on, by the name of the key."),
        "rest": Described(TEXT, "The group of the object that keeps what its own shape lacks."),
        "created": Described(FLAG, "Whether KlantBrug keeps when it made one."),
        "created_at": Described(TEXT, "The path where the record says so itself."),
        "made_from": Described(
            TEXT, "The relation from which what stands here counts as made, as resource.relation."
        ),
        **companion.NAMES,
        **made_of.NAMES,
        **linked.NAMES,
        "fill": Described(Table(Choice(filling)), "What is written when a record is made."),
        **tells.NAMES,
        **mirror.NAMES,
        **echo.NAMES,
        "same_as": Described(
            Shape(
                "same_as",
                {
                    "home": Described(TEXT, "The home in which the same resource may live."),
                    "when": Described(TEXTS, "The members that are equal then."),
                },
                required=("home", "when"),
            ),
            "The home whose resource this is when some members are equal.",
        ),
        "read_only": Described(TEXT, "Nothing is changed here; the sentence that a client reads."),
        "refuses_new": Described(
            TEXT, "Nothing new is stored here; the sentence for a client whose resource would be."
        ),
        "becomes": Described(
            TEXT, "The home in a record that an object moves to once there is what that is made of."
        ),
        "stays": Described(
            TEXT, "The register deletes none of its records; the sentence for a client that wants to."
        ),
        "unlisted": Described(FLAG, "These are not in the list, only where something refers to them."),
        "untouched": Described(TEXTS, "Members of the record that are left as they are."),
        "other_use": Described(TEXTS, "Members of the record that other mappings use."),
    },
    one_of=("record", "object", "inside"),
)
