"""The rule `not_both`: members of which one leaves no room for another."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import CODE, REASON, Part, RuleConstruct, members
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


def _not_both(node: Content, _: Settings) -> NotBoth | ExactlyOne:
    members = tuple(node["not_both"])
    if "none" in node:
        return ExactlyOne(members, node["none"], node["reason"])
    return NotBoth(members, node.get("code", "invalid"), node["reason"])


NOT_BOTH = RuleConstruct(
    "not_both",
    {
        "not_both": Part(
            TEXTS, "At most one of these is true, or with `none`: exactly one is given.", members
        ),
        "reason": REASON,
        "none": Part(TEXT, "The sentence when none is given; one has to be, then."),
        "code": CODE,
    },
    ("reason",),
    _not_both,
)
