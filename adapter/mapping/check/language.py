"""The constructs of the mapping language: which names may stand where, and what kind of value each takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.check.home_language import HOME
from adapter.mapping.check.register_language import DIALECT, REGISTERS
from adapter.mapping.constructs.closing import CLOSES
from adapter.mapping.constructs.composition import COMPOSITION
from adapter.mapping.constructs.publishing import NAMES as PUBLISHING
from adapter.mapping.constructs.relation import RELATION
from adapter.mapping.constructs.rules import rule
from adapter.mapping.constructs.subjects import NAMES as SUBJECTS
from adapter.mapping.language.examples import EXAMPLE
from adapter.mapping.language.grammar import (
    FLAG,
    NUMBER,
    SCALAR,
    TEXT,
    Choice,
    Described,
    Every,
    Kind,
    Shape,
    Table,
    Word,
    null_or,
)
from adapter.mapping.language.scenes import SCENE
from adapter.mapping.language.values import CONSTANT, CONSTANTS, TEXTS
from adapter.openapi.fields import FORMATS


def _absent(node: Any) -> Kind:
    if isinstance(node, Mapping) and "first_line_of" in node:
        names = {
            "first_line_of": Described(TEXT, "The member of which the first line is taken."),
            "else": Described(TEXT, "The constant when there is no such line."),
            "length": Described(NUMBER, "The most characters."),
        }
        return Shape("a first line", names, required=tuple(names))
    if isinstance(node, Mapping) and "same_as" in node:
        return Shape("same_as", {"same_as": Described(TEXT, "What it is the same as.")})
    return CONSTANT


_MUST = Choice(lambda _: Table(SCALAR))
_MEMBER_NAMES: dict[str, Kind] = {
    "absent": Described(
        Choice(_absent),
        "What it reads as when nobody knows; a constant, a setting, now, left_out, same_as or first_line_of.",
    ),
    "null_is": Described(
        Word(("empty", "today")),
        "What is stored when a client writes null: a group of empty members, or the date.",
    ),
    "to": Described(TEXT, "The resource that it refers to."),
    "many": Described(FLAG, "Whether it is a list of references."),
    "when_deleted": Described(
        Word(("delete", "clear", "refuse", "void")), "What happens here when the target goes."
    ),
    "shows": Described(TEXTS, "Members of the target that are shown beside its uuid and url."),
    "must_be": Described(_MUST, "A member of the target with the value that it must have, and the reason."),
    "one_of": Described(TEXT, "The relation that the target must be in."),
    "tested": Described(FLAG, "Whether a target may be in no list, so that a filter into it is tested."),
    "reason": Described(TEXT, "The sentence that a client reads when the value is refused."),
    "none": Described(TEXT, "The sentence for a PUT that empties the relation that the target must be in."),
    "unique": Described(TEXT, "No two have the same value; the sentence that a client reads otherwise."),
    "numbered": Described(
        Shape(
            "numbered",
            {
                "setting": Described(TEXT, "The setting that decides whether there are such numbers."),
                "is": Described(TEXT, "The value of the setting with which there are."),
                "digits": Described(NUMBER, "How many digits a number has."),
            },
            required=("setting", "is", "digits"),
            former={"computed": "leave it out: numbers that are computed begin with 9"},
        ),
        "Every resource has a number; a new one is given one, an old one without reads a computed one.",
    ),
    "read_only": Described(FLAG, "What a client sends is ignored."),
    "about": Described(
        TEXT, "The member of which it says something; it is empty again when an old client changes that."
    ),
    "by": Described(TEXT, "The member whose value says which shape the group has."),
    "joined": Described(TEXTS, "These texts with spaces between them."),
    "uuid_for": Described(TEXT, "An own uuid, made from that of the resource and this word."),
    "first_of": Described(TEXT, "The first of a list of references."),
    "group": Described(TEXT, "The setting without which the member is not served."),
}
_FORMER_MEMBER = {"name_of": "say joined", "reason_if_none": "say none", "if_null": "say null_is"}
MEMBER = null_or(
    Shape(
        "a member",
        _MEMBER_NAMES,
        former=_FORMER_MEMBER,
        most_one_of=("to", "by", "joined", "uuid_for", "first_of"),
    )
)
_MEMBER_NAMES["members"] = Described(
    Table(Table(MEMBER)), "The lines of the group, per value of the member that says its shape."
)

_AS_SPECIFIED = "leave it out: bodies are as the specification says"
_BODY = Shape(
    "an option of a body",
    {
        "blank": Described(FLAG, "Whether an empty text is a value."),
        "reason": Described(TEXT, "The sentence for text that does not match."),
        "format": Described(
            Word(FORMATS),
            "The format of the text; country is a code of ISO 3166-1 in capitals, telephone a number with "
            "nothing between its digits, digits a whole number, slug a name of letters, digits, hyphens and "
            "underscores.",
        ),
    },
    former=dict.fromkeys(
        (
            "required",
            "trim",
            "bareDate",
            "nullable",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
        ),
        _AS_SPECIFIED,
    ),
)

RESOURCE = Shape(
    "a mapping",
    {
        "resource": Described(TEXT, "The first part of the path under which the API serves it."),
        "schema": Described(TEXT, "The schema in the specification."),
        "name": Described(TEXT, "How messages call one of them, when that is not the schema."),
        "order": Described(TEXT, "The member by which a list is sorted, the latest first: `-` and its name."),
        "known_by": Described(
            Table(
                Shape(
                    "known_by",
                    {
                        "of": Described(TEXT, "The path of which the key is made."),
                        "else": Described(TEXT, "The path of which it is made when the other is empty."),
                        "as": Described(
                            Word(("short_identifier",)),
                            "short_identifier keeps the key within 24 characters.",
                        ),
                    },
                    required=("of", "else", "as"),
                )
            ),
            "The key by which older records name it.",
        ),
        "fields": Described(Table(MEMBER), "The members of the resource itself."),
        "homes": Described(
            Table(HOME), "The places where it lives; a new one goes to the first that takes it."
        ),
        "relations": Described(
            Table(RELATION), "The members that other resources make with their references to this one."
        ),
        "rules": Described(
            Every(Choice(rule)), "What the specification cannot say about what may be written."
        ),
        "filters": Described(
            Table(TEXT), "Every query parameter of the list, with the path that it looks at and an operator."
        ),
        "body": Described(Table(_BODY), "Per path, what overrules the specification of a body."),
        "cascade": Described(
            Shape(
                "cascade",
                {
                    "parameter": Described(TEXT, "The parameter of the DELETE."),
                    "stays": Described(TEXT, "The member of the answer that names what is left."),
                },
                required=("parameter", "stays"),
            ),
            "A DELETE that takes more along.",
        ),
        "closes": Described(CLOSES, "When a resource can be changed no more."),
        "equivalent": Described(
            Shape(
                "equivalent",
                {
                    "setting": Described(TEXT, "The setting that decides whether they do."),
                    "is": Described(TEXT, "The value of the setting with which they do."),
                    "words": Described(
                        Every(CONSTANTS), "Groups of values; each group means the same as the others."
                    ),
                },
                required=("setting", "is", "words"),
            ),
            "Words that mean the same, so that filters find them all.",
        ),
        **SUBJECTS,
        **PUBLISHING,
        "examples": Described(Every(EXAMPLE), "What the mapping does, shown and tested."),
        "scenes": Described(
            Every(SCENE), "What clients do, new and old, and what comes of it; klantbrug test plays them."
        ),
    },
    required=("resource", "schema", "fields", "homes"),
)


def kind_of(stem: str, content: Mapping[str, Any]) -> Kind:
    """The kind of a whole file, from its name and its content."""
    if stem == "registers":
        return REGISTERS
    if stem == "dialect":
        return DIALECT
    return COMPOSITION if "parts" in content else RESOURCE
