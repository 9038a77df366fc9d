"""The constructs of the mapping language: which names may stand where, and what kind of value each takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.check.grammar import (
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
    null_or,
    text_or,
)

TEXTS = Every(TEXT)
WORDS = Table(Choice(lambda node: Every(SCALAR) if isinstance(node, list) else SCALAR))

_SETTING = Shape("a setting", {"setting": TEXT, "many": FLAG}, required=("setting",))
CONSTANT = Choice(lambda node: _SETTING if isinstance(node, Mapping) else SCALAR)
CONSTANTS = Table(CONSTANT)


def _filling(node: Any) -> Kind:
    if isinstance(node, Mapping) and "setting" not in node:
        return Table(Choice(_filling))
    return Choice(lambda each: Every(SCALAR) if isinstance(each, list) else CONSTANT)


def _absent(node: Any) -> Kind:
    if isinstance(node, Mapping) and "first_line_of" in node:
        names = {"first_line_of": TEXT, "else": TEXT, "length": NUMBER}
        return Shape("a first line", names, required=tuple(names))
    if isinstance(node, Mapping) and "same_as" in node:
        return Shape("same_as", {"same_as": TEXT})
    return CONSTANT


_MUST = Choice(lambda _: Table(SCALAR))
_MEMBER_NAMES: dict[str, Kind] = {
    "absent": Choice(_absent),
    "null_is": Word(("empty",)),
    "to": TEXT,
    "many": FLAG,
    "when_deleted": Word(("delete", "clear", "refuse", "void")),
    "shows": TEXTS,
    "must_be": _MUST,
    "must_send": FLAG,
    "one_of": TEXT,
    "reason": TEXT,
    "unique": TEXT,
    "read_only": FLAG,
    "if_null": Word(("today",)),
    "by": TEXT,
    "name_of": TEXTS,
    "uuid_for": TEXT,
    "first_of": TEXT,
    "group": TEXT,
}
MEMBER = null_or(
    Shape("a member", _MEMBER_NAMES, most_one_of=("to", "by", "name_of", "uuid_for", "first_of"))
)
_MEMBER_NAMES["members"] = Table(Table(MEMBER))

_PAIR = Shape(
    "a pair",
    {
        "at": TEXT,
        "else_at": TEXTS,
        "joined": TEXTS,
        "to": TEXT,
        "uuid_of": TEXT,
        "words": WORDS,
        "form": TEXT,
        "as": Word(("instant",)),
        "too_long": Word(("cut", "refuse")),
        "frozen": FLAG,
        "read_only": FLAG,
        "if": CONSTANTS,
        "fill": TEXT,
        "choose": Table(Table(CONSTANTS)),
    },
    required=("at",),
    most_one_of=("to", "uuid_of", "words", "form", "as"),
)
_KNOWN = Shape("a known reference", {"known": TEXT, "told": TEXT}, required=("known",))
PAIR = text_or(Choice(lambda node: _KNOWN if isinstance(node, Mapping) and "known" in node else _PAIR))

_TOLD = Shape(
    "a told value",
    {
        "from": TEXT,
        "too_long": Word(("cut",)),
        "length": NUMBER,
        "words": WORDS,
        "to": TEXT,
        "known_by": TEXT,
        "else": CONSTANT,
        "each": TEXT,
        "fields": Table(Choice(lambda _: _TOLD)),
    },
    one_of=("from", "known_by", "each"),
)
_TELL = Shape(
    "what is told",
    {
        "of": TEXT,
        "first": CONSTANTS,
        "last": FLAG,
        "fields": Table(_TOLD),
        "beside": Shape(
            "what is told beside", {"where": CONSTANTS, "fields": Table(_TOLD)}, required=("where", "fields")
        ),
        "required": Table(Choice(_filling)),
        "value": Shape(
            "a told value",
            {"any": CONSTANTS, "then": SCALAR, "else": SCALAR},
            required=("any", "then", "else"),
        ),
    },
    required=("of",),
    one_of=("fields", "value"),
)
_LEGACY = Shape(
    "what is told",
    {"legacy": Shape("legacy", {"of": TEXT, "at": TEXT, "words": WORDS}, required=("of", "at"))},
)
TELL = Choice(lambda node: _LEGACY if isinstance(node, Mapping) and "legacy" in node else _TELL)

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
        "known_by": TEXT,
        "known_at": TEXT,
        "means": CONSTANTS,
        "takes": CONSTANTS,
        "needs": TEXT,
        "keys": Table(TEXT),
        "rest": TEXT,
        "created": FLAG,
        "created_at": TEXT,
        "first": Shape(
            "a companion",
            {"register": TEXT, "collection": TEXT, "fields": Table(TEXT)},
            required=("register", "collection", "fields"),
        ),
        "fill": Table(Choice(_filling)),
        "tells": Table(TELL),
        "mirror": Table(Shape("a mirror", {"when": CONSTANTS, "first": CONSTANTS}, required=("when",))),
        "same_as": Shape("same_as", {"home": TEXT, "when": TEXTS}, required=("home", "when")),
        "read_only": TEXT,
        "unlisted": FLAG,
        "untouched": TEXTS,
        "other_use": TEXTS,
    },
    one_of=("record", "object", "inside"),
)

RELATION = Shape(
    "a relation",
    {
        "from": TEXT,
        "take": TEXT,
        "show": Word(("whole",)),
        "pick": Word(("oldest",)),
        "write": Word(("link", "nested")),
        "clears": TEXT,
        "hidden": FLAG,
        "group": TEXT,
        "make": CONSTANTS,
        "only_if": CONSTANTS,
        "refused": TEXT,
    },
    required=("from",),
)

_IF: dict[str, Kind] = {"if": CONSTANTS}
_SAID: dict[str, Kind] = {"reason": TEXT, "code": TEXT, "name": TEXT}
RULES: dict[str, Shape] = {
    "digits": Shape("the rule digits", {"digits": TEXTS}),
    "email": Shape("the rule email", {"email": TEXT, **_IF}),
    "dutch_phone": Shape("the rule dutch_phone", {"dutch_phone": TEXT, **_IF}),
    "iban": Shape("the rule iban", {"iban": TEXT}),
    "no_spaces": Shape("the rule no_spaces", {"no_spaces": TEXT}),
    "not_both": Shape("the rule not_both", {"not_both": TEXTS, **_SAID}, required=("code", "reason")),
    "exactly_one": Shape(
        "the rule exactly_one", {"exactly_one": TEXTS, "none": TEXT, "both": TEXT}, required=("none", "both")
    ),
    "stamp": Shape(
        "the rule stamp", {"stamp": TEXT, "when": CONSTANTS, **_SAID}, required=("when", "reason")
    ),
    "only_one": Shape(
        "the rule only_one",
        {"only_one": CONSTANTS, "per": TEXTS, "others_become": CONSTANTS},
        required=("per", "others_become"),
    ),
    "unique_together": Shape(
        "the rule unique_together",
        {"unique_together": TEXTS, "skip_empty": TEXTS, **_SAID},
        required=("reason",),
    ),
    "fits": Shape(
        "the rule fits", {"fits": TEXT, "per": TEXT, "words": WORDS, "name": TEXT}, required=("per", "words")
    ),
    "number": Shape(
        "the rule number",
        {
            "number": TEXT,
            "per": TEXT,
            "words": Table(
                Shape("a number", {"length": NUMBER, "eleven_test": Word(("BSN", "RSIN"))}, ("length",))
            ),
            "name": TEXT,
        },
        required=("per", "words"),
    ),
    "reference": Shape(
        "the rule reference",
        {"reference": TEXT, **_IF, "required": TEXT, "must_be": CONSTANTS, "other": TEXT},
        required=("if", "required", "must_be", "other"),
    ),
}
_ANY_RULE = Shape("a rule", dict.fromkeys(RULES, SCALAR), one_of=tuple(RULES))


def _rule(node: Any) -> Kind:
    kind = next(iter(node), None) if isinstance(node, Mapping) else None
    return RULES.get(str(kind), _ANY_RULE)


RESOURCE = Shape(
    "a mapping",
    {
        "resource": TEXT,
        "schema": TEXT,
        "name": TEXT,
        "order": TEXT,
        "known_by": Table(
            Shape(
                "known_by",
                {"of": TEXT, "else": TEXT, "as": Word(("short_identifier",))},
                required=("of", "else", "as"),
            )
        ),
        "fields": Table(MEMBER),
        "homes": Table(HOME),
        "relations": Table(RELATION),
        "rules": Every(Choice(_rule)),
        "filters": Table(TEXT),
    },
    required=("resource", "schema", "fields", "homes"),
)

COMPOSITION = Shape(
    "a mapping",
    {
        "resource": TEXT,
        "parts": Table(
            Shape(
                "a part",
                {"resource": TEXT, "with": Table(TEXT), "unless": Word(("empty",))},
                required=("resource",),
            )
        ),
    },
    required=("resource", "parts"),
)

_COLLECTION = Shape(
    "a collection",
    {
        "search": Table(TEXT),
        "order": TEXT,
        "required": TEXTS,
        "frozen": FLAG,
        "goes_with": TEXT,
        "inline": Table(Shape("inline", {"expand": TEXT, "of": TEXT}, required=("expand", "of"))),
        "reach": Table(TEXT),
    },
)
REGISTERS = Shape(
    "registers.yaml",
    {
        "registers": Table(Shape("a register", {"collections": Table(_COLLECTION)})),
        "keys": Table(TEXT),
    },
    required=("registers", "keys"),
)
DIALECT = Shape("dialect.yaml", {"extends": TEXT})


def kind_of(stem: str, content: Mapping[str, Any]) -> Kind:
    """The kind of a whole file, from its name and its content."""
    if stem == "registers":
        return REGISTERS
    if stem == "dialect":
        return DIALECT
    return COMPOSITION if "parts" in content else RESOURCE
