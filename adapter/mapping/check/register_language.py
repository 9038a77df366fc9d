"""The words of registers.yaml and of dialect.yaml: which may stand where, and the kind of value of each."""

from __future__ import annotations

from adapter.mapping.language.grammar import (
    FLAG,
    NUMBER,
    SCALAR,
    TEXT,
    Choice,
    Described,
    Every,
    Plain,
    Shape,
    Table,
)
from adapter.mapping.language.values import CONSTANT, TEXTS
from adapter.mapping.own_settings import PER_CLIENT

_COLLECTION = Shape(
    "a collection",
    {
        "search": Described(Table(TEXT), "Which member is searched with which parameter."),
        "frozen": Described(FLAG, "Its records cannot be changed."),
        "goes_with": Described(TEXT, "They go with the record that this member names."),
        "inline": Described(
            Table(
                Shape(
                    "inline",
                    {
                        "expand": Described(TEXT, "The value of expand with which they come."),
                        "of": Described(TEXT, "Their member that refers here."),
                    },
                    required=("expand", "of"),
                )
            ),
            "Records of other collections that come along.",
        ),
        "reach": Described(Table(TEXT), "Members of other collections by which this one is searched."),
        "all_with": Described(
            Table(Every(CONSTANT)),
            "The parameters, each with its values, by which all its records are found; they have no order.",
        ),
        "no_list": Described(TEXT, "It gives no list of all its records; the sentence that a client reads."),
    },
)
REGISTERS = Shape(
    "registers.yaml",
    {
        "registers": Described(
            Table(
                Shape(
                    "a register",
                    {"collections": Described(Table(_COLLECTION), "All collections that mappings name.")},
                )
            ),
            "What each register offers.",
        ),
        "keys": Described(Table(TEXT), "The names under which objects carry the URL of what they hang on."),
    },
    required=("registers", "keys"),
)
_PLAIN_VALUE = Plain((str, int, bool), "text, a whole number, or true or false", blank=True)
_VALUE = Choice(lambda node: TEXTS if isinstance(node, list) else _PLAIN_VALUE)
_OWN_SETTING = Shape(
    "a setting of a dialect",
    {
        "default": Described(_VALUE, "What it is where a deployment decides nothing."),
        "description": Described(TEXT, "What it decides, for who writes a configuration."),
        "enum": Described(
            Every(SCALAR), "The values that it can have, or that each of its texts can have, when not any."
        ),
        "maxLength": Described(
            NUMBER, "The most characters that it can have, or that each of its texts can have."
        ),
        PER_CLIENT: Described(
            FLAG, "Whether a client can have a value of its own; of a setting that `passed_over` names alone."
        ),
    },
    required=("default", "description"),
)
_OWN_REGISTER = Shape(
    "a register in dialect.yaml",
    {
        "document": Described(
            TEXT,
            "The name of its specification below `specs/`; overlays of the dialects that this one extends "
            "are not for it.",
        ),
        "user_header": Described(TEXT, "The header that says for which employee a call is made."),
    },
)
DIALECT = Shape(
    "dialect.yaml",
    {
        "extends": Described(TEXT, "The dialect of which this one says only what differs."),
        "unfinished": Described(
            TEXT, "What it lacks: it is checked and tested, and no deployment can be served by it yet."
        ),
        "registers": Described(
            Table(_OWN_REGISTER),
            "The registers that are not those of the standards; what is not said here is theirs.",
        ),
        "settings": Described(
            Table(_OWN_SETTING),
            "Settings that this dialect has of its own; a deployment decides them as those of every dialect.",
        ),
    },
)
