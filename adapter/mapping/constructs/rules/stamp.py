"""The rule `stamp`: a moment that goes with a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import (
    CODE,
    NAME,
    REASON,
    Part,
    RuleConstruct,
    conditions,
    moments,
)
from adapter.mapping.language.grammar import TEXT
from adapter.mapping.language.ground import Content
from adapter.mapping.language.values import CONSTANTS
from adapter.mapping.paths import Conditions, filled, meets
from adapter.mapping.settings import Settings


@dataclass(frozen=True, slots=True)
class Stamp:
    """The moment `member` is set in the state `when`, and null in any other: when a task was done."""

    member: str
    when: Conditions
    reason: str

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether a record is in the state."""
        return meets(values, self.when)

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with a moment that was sent for another state."""
        wrong = filled(change.body.get(self.member)) and not self.holds(change.intended)
        return [Problem(self.member, "invalid", self.reason)] if wrong else []


def _compiled(node: Content, settings: Settings) -> Stamp:
    return Stamp(node["stamp"], settings.pairs_of(node["if"]), node["reason"])


STAMP = RuleConstruct(
    "stamp",
    {
        "stamp": Part(
            TEXT, "The moment that is set while something holds, and not allowed otherwise.", moments
        ),
        "if": Part(CONSTANTS, "What has to hold.", conditions),
        "reason": REASON,
        "code": CODE,
        "name": NAME,
    },
    ("if", "reason"),
    _compiled,
    former={"when": "say if"},
)
