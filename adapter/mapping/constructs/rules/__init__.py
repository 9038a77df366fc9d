"""What the specification cannot say about a write: one construct for each kind of rule.

A new kind is one file here, and a line in `_CONSTRUCTS` and in `Rule`. Where a rule has to read registers,
the engine has a branch for it too: mypy tells where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.constructs.rules.construct import RuleConstruct
from adapter.mapping.constructs.rules.given import NOT_BOTH, ExactlyOne, NotBoth
from adapter.mapping.constructs.rules.listed import LISTED, Listed
from adapter.mapping.constructs.rules.own import OWN, Own
from adapter.mapping.constructs.rules.references import (
    DIFFERENT,
    KEPT_WHILE_NAMED,
    REFERENCE,
    Different,
    KeptWhileNamed,
    Needs,
    NotItself,
    RequiredReference,
)
from adapter.mapping.constructs.rules.stamp import STAMP, Stamp
from adapter.mapping.constructs.rules.texts import FORMAT, TextForm
from adapter.mapping.constructs.rules.unique import ONLY_ONE, UNIQUE, OnlyOne, UniqueTogether
from adapter.mapping.constructs.rules.values import FITS, Fits, Number
from adapter.mapping.language.grammar import ANYTHING, SCALAR, Kind, Problem, Shape
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.settings import Settings

__all__ = [
    "RULES",
    "Different",
    "ExactlyOne",
    "Fits",
    "KeptWhileNamed",
    "Listed",
    "Needs",
    "NotBoth",
    "NotItself",
    "Number",
    "OnlyOne",
    "Own",
    "RequiredReference",
    "Rule",
    "Stamp",
    "TextForm",
    "UniqueTogether",
    "compiled",
    "rule",
    "rules",
]

Rule = (
    TextForm
    | Listed
    | NotBoth
    | ExactlyOne
    | Stamp
    | OnlyOne
    | UniqueTogether
    | Fits
    | Number
    | RequiredReference
    | Needs
    | KeptWhileNamed
    | Own
    | NotItself
    | Different
)

_CONSTRUCTS: tuple[RuleConstruct[Any], ...] = (
    FORMAT,
    LISTED,
    NOT_BOTH,
    STAMP,
    ONLY_ONE,
    UNIQUE,
    FITS,
    REFERENCE,
    KEPT_WHILE_NAMED,
    OWN,
    DIFFERENT,
)
RULES: Mapping[str, RuleConstruct[Any]] = {each.name: each for each in _CONSTRUCTS}
# Rules that there were once.
FORMER = {
    "email": "say format, with is: email",
    "dutch_phone": "say format, with is: dutch_phone",
    "exactly_one": "say not_both, with reason in the place of both",
    "unique_together": "say unique",
    "number": "say fits",
    "needs": "say reference, with required in the place of reason",
    "not_itself": "say different: [self, the reference]",
}
_ANY_RULE = Shape("a rule", dict.fromkeys(RULES, SCALAR), one_of=tuple(RULES))


def rule(node: Any) -> Kind:
    """What one rule may say, which follows from its first name."""
    kind = str(next(iter(node), None)) if isinstance(node, Mapping) else ""
    if kind in FORMER:
        return Shape(
            "a rule", dict.fromkeys((each for each in node if each != kind), ANYTHING), former=FORMER
        )
    return RULES[kind].shape if kind in RULES else _ANY_RULE


def compiled(node: Content, settings: Settings) -> Rule:
    """A rule, from a node that has passed the check."""
    made: Rule = RULES[next(iter(node))].compiled(node, settings)
    return made


def rules(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `rules`."""
    for number, node in enumerate(view.content.get("rules") or ()):
        yield from RULES[next(iter(node))].problems(ground, view, node, ("rules", number))
