"""The constructs of the mapping language: which names may stand where, and what kind of value each takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.check.example_language import EXAMPLE
from adapter.mapping.check.grammar import (
    FLAG,
    NUMBER,
    SCALAR,
    TEXT,
    Choice,
    Every,
    Kind,
    Plain,
    Shape,
    Table,
    Word,
    null_or,
)
from adapter.mapping.check.home_language import HOME
from adapter.mapping.check.scene_language import SCENE
from adapter.mapping.check.values import CONSTANT, CONSTANTS, TEXTS
from adapter.mapping.constructs.rules import rule
from adapter.openapi.fields import FORMATS


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
    "one_of": TEXT,
    "reason": TEXT,
    "reason_if_none": TEXT,
    "unique": TEXT,
    "numbered": Shape(
        "numbered",
        {"setting": TEXT, "is": TEXT, "digits": NUMBER, "computed": NUMBER},
        required=("setting", "is", "digits", "computed"),
    ),
    "read_only": FLAG,
    "if_null": Word(("today",)),
    "about": TEXT,
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

RELATION = Shape(
    "a relation",
    {
        "from": TEXT,
        "take": TEXT,
        "show": Word(("whole",)),
        "shows": Table(TEXT),
        "pick": Word(("oldest",)),
        "write": Word(("link", "nested")),
        "hidden": FLAG,
        "group": TEXT,
        "make": CONSTANTS,
        "only_if": CONSTANTS,
        "refused": TEXT,
    },
    required=("from",),
)

# Keywords of a schema that a line of `body` overrules, and what no schema can say.
_BODY = Shape(
    "an option of a body",
    {
        "blank": FLAG,
        "required": FLAG,
        "trim": FLAG,
        "bareDate": FLAG,
        "reason": TEXT,
        "nullable": FLAG,
        "pattern": TEXT,
        "format": Word(FORMATS),
        "minLength": NUMBER,
        "maxLength": NUMBER,
        "minimum": NUMBER,
        "maximum": NUMBER,
    },
)

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
        "rules": Every(Choice(rule)),
        "filters": Table(TEXT),
        "body": Table(_BODY),
        "cascade": Shape("cascade", {"parameter": TEXT, "stays": TEXT}, required=("parameter", "stays")),
        "equivalent": Shape(
            "equivalent",
            {"setting": TEXT, "is": TEXT, "words": Every(CONSTANTS)},
            required=("setting", "is", "words"),
        ),
        "examples": Every(EXAMPLE),
        "scenes": Every(SCENE),
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
        "scenes": Every(SCENE),
    },
    required=("resource", "parts"),
)

_COLLECTION = Shape(
    "a collection",
    {
        "search": Table(TEXT),
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
_VALUE = Plain((str, int, bool), "text, a whole number, or true or false", blank=True)
_OWN_SETTING = Shape(
    "a setting of a dialect",
    {"default": _VALUE, "description": TEXT, "enum": Every(SCALAR), "maxLength": NUMBER},
    required=("default", "description"),
)
DIALECT = Shape("dialect.yaml", {"extends": TEXT, "settings": Table(_OWN_SETTING)})


def kind_of(stem: str, content: Mapping[str, Any]) -> Kind:
    """The kind of a whole file, from its name and its content."""
    if stem == "registers":
        return REGISTERS
    if stem == "dialect":
        return DIALECT
    return COMPOSITION if "parts" in content else RESOURCE
