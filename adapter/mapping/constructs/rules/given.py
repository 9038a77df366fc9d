"""The rules `not_both` and `exactly_one`: members of which one leaves no room for another."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import CODE, NAME, REASON, Part, RuleConstruct, members
from adapter.mapping.language.grammar import TEXT
from adapter.mapping.language.ground import Content
from adapter.mapping.language.values import TEXTS
from adapter.mapping.settings import Settings
from adapter.openapi.checked import WHOLE


@dataclass(frozen=True, slots=True)
class NotBoth:
    """Not all of these members are true: a contact that succeeded needs no further action."""

    members: tuple[str, ...]
    code: str
    reason: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong when all of them would be."""
        all_true = all(change.intended.get(name) for name in self.members)
        return [Problem(WHOLE, self.code, self.reason)] if all_true else []


@dataclass(frozen=True, slots=True)
class ExactlyOne:
    """A body gives one of these members, a partial one at most one; the reasons are for none and for more."""

    members: tuple[str, ...]
    none: str
    both: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with how many of them were sent."""
        sent = [name for name in self.members if change.body.get(name) is not None]
        if len(sent) > 1:
            return [Problem(WHOLE, "invalid", self.both)]
        return [] if sent or change.partial else [Problem(WHOLE, "invalid", self.none)]


def _not_both(node: Content, _: Settings) -> NotBoth:
    return NotBoth(tuple(node["not_both"]), node["code"], node["reason"])


def _exactly_one(node: Content, _: Settings) -> ExactlyOne:
    return ExactlyOne(tuple(node["exactly_one"]), node["none"], node["both"])


NOT_BOTH = RuleConstruct(
    "not_both",
    {
        "not_both": Part(TEXTS, "These are not both true.", members),
        "reason": REASON,
        "code": CODE,
        "name": NAME,
    },
    ("code", "reason"),
    _not_both,
)
EXACTLY_ONE = RuleConstruct(
    "exactly_one",
    {
        "exactly_one": Part(TEXTS, "One of these is given.", members),
        "none": Part(TEXT, "The sentence when none is given."),
        "both": Part(TEXT, "The sentence when both are given."),
    },
    ("none", "both"),
    _exactly_one,
)
