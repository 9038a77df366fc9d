"""The rules of the language: the first name of a rule tells its kind, the others what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.check.grammar import NUMBER, SCALAR, TEXT, Kind, Shape, Table, Word
from adapter.mapping.check.values import CONSTANTS, TEXTS, WORDS

_IF: dict[str, Kind] = {"if": CONSTANTS}
_SAID: dict[str, Kind] = {"reason": TEXT, "code": TEXT, "name": TEXT}
RULES: dict[str, Shape] = {
    "email": Shape("the rule email", {"email": TEXT, **_IF}),
    "dutch_phone": Shape("the rule dutch_phone", {"dutch_phone": TEXT, **_IF}),
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
    "needs": Shape(
        "the rule needs",
        {"needs": TEXT, **_IF, "name": TEXT, "reason": TEXT},
        required=("if", "name", "reason"),
    ),
    "kept_while_named": Shape(
        "the rule kept_while_named",
        {"kept_while_named": TEXT, "by": TEXT, "name": TEXT, "reason": TEXT},
        required=("by", "name", "reason"),
    ),
    "own": Shape("the rule own", {"own": Word(("uuid",)), "reason": TEXT}, required=("reason",)),
    "not_itself": Shape("the rule not_itself", {"not_itself": TEXT, "reason": TEXT}, required=("reason",)),
    "different": Shape(
        "the rule different",
        {"different": TEXTS, "name": TEXT, "reason": TEXT},
        required=("name", "reason"),
    ),
}
_ANY_RULE = Shape("a rule", dict.fromkeys(RULES, SCALAR), one_of=tuple(RULES))


def rule(node: Any) -> Kind:
    """The kind of one rule, which its first name tells."""
    kind = next(iter(node), None) if isinstance(node, Mapping) else None
    return RULES.get(str(kind), _ANY_RULE)
