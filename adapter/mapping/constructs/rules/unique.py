"""The rules `unique` and `only_one`: what a resource leaves no others to be.

Both look at the other resources, so the engine does what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.constructs.rules.construct import (
    CODE,
    NAME,
    PER_MEMBERS,
    REASON,
    Part,
    RuleConstruct,
    conditions,
    members,
)
from adapter.mapping.language.grammar import FLAG, Table
from adapter.mapping.language.ground import Content
from adapter.mapping.language.values import TEXTS
from adapter.mapping.paths import MISSING, Conditions, Path, filled, get, parse
from adapter.mapping.settings import Settings
from adapter.openapi.checked import WHOLE


@dataclass(frozen=True, slots=True)
class UniqueTogether:
    """No two resources have the same values at all of these paths.

    One that has no value at a path of `skip_empty` is passed over. `name`, `code` and `reason` are of the
    problem that a client reads otherwise.
    """

    members: tuple[Path, ...]
    skip_empty: frozenset[Path]
    name: str
    code: str
    reason: str

    def values(self, values: Mapping[str, Any]) -> list[tuple[Path, Any]]:
        """The values that no other may have, by path; none of a record that is passed over."""
        found = [(path, get(values, path)) for path in self.members]
        if any(path in self.skip_empty and not filled(value) for path, value in found):
            return []
        return [] if any(value is MISSING for _, value in found) else found


@dataclass(frozen=True, slots=True)
class OnlyOne:
    """Of the resources with the same values of `per`, one is like `like`; the others get its opposite.

    The first of `per` is a reference: the others are looked for among those that refer to the same.
    """

    like: Conditions
    per: tuple[str, ...]
    others_become: Mapping[str, Any]


def _unique_together(node: Content, _: Settings) -> UniqueTogether:
    return UniqueTogether(
        members=tuple(map(parse, node["unique"])),
        skip_empty=frozenset(map(parse, node.get("skip_empty", ()))),
        name=node.get("name", WHOLE),
        code=node.get("code", "unique"),
        reason=node["reason"],
    )


def _only_one(node: Content, settings: Settings) -> OnlyOne:
    return OnlyOne(
        like=settings.pairs_of(node["only_one"]),
        per=tuple(node["per"]),
        others_become={name: not value for name, value in node["only_one"].items()},
    )


ONLY_ONE = RuleConstruct(
    "only_one",
    {
        "only_one": Part(
            Table(FLAG), "Only one is like this: another that was, gets the opposite.", conditions
        ),
        "per": PER_MEMBERS,
    },
    ("per",),
    _only_one,
    former={"others_become": "leave it out: the others get the opposite"},
)
UNIQUE = RuleConstruct(
    "unique",
    {
        "unique": Part(TEXTS, "No two have the same values.", members),
        "skip_empty": Part(TEXTS, "It does not count when one of these has no value.", members),
        "reason": REASON,
        "code": CODE,
        "name": NAME,
    },
    ("reason",),
    _unique_together,
)
