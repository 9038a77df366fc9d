"""The rule `own`: the uuid that a body gives a resource is the one that it has."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import REASON, Part, RuleConstruct, members
from adapter.mapping.language.grammar import Word
from adapter.mapping.language.ground import Content
from adapter.mapping.settings import Settings


@dataclass(frozen=True, slots=True)
class Own:
    """The uuid that a body gives at `member` is that of the resource; without this rule it is passed over.

    What comes nested is told by its uuid, so this is not about that.
    """

    member: str
    reason: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with another uuid, or with one for a resource that is yet to be made."""
        if change.nested or self.member not in change.body:
            return []
        its_own = change.before is not None and change.body[self.member] == change.uuid
        return [] if its_own else [Problem(self.member, "unique", self.reason)]


def _compiled(node: Content, _: Settings) -> Own:
    return Own(node["own"], node["reason"])


OWN = RuleConstruct(
    "own",
    {
        "own": Part(
            Word(("uuid",)),
            "The uuid that a body may give the resource, which is the one that it has.",
            members,
        ),
        "reason": REASON,
    },
    ("reason",),
    _compiled,
)
