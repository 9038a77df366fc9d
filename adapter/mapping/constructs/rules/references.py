"""The rules about references: `reference`, `different` and `kept_while_named`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change, link
from adapter.mapping.constructs.rules.construct import (
    IF,
    NAME,
    REASON,
    At,
    Part,
    RuleConstruct,
    members,
    references,
)
from adapter.mapping.language import grammar
from adapter.mapping.language.constants import served_constant
from adapter.mapping.language.grammar import TEXT
from adapter.mapping.language.ground import Content
from adapter.mapping.language.values import CONSTANTS, TEXTS
from adapter.mapping.paths import Conditions, Path, get, meets, parse
from adapter.mapping.settings import Settings

# What a reference leads to that is to the resource which has it.
ITSELF = "self"


@dataclass(frozen=True, slots=True)
class RequiredReference:
    """In records that meet `conditions`, `member` refers to a resource that is like `target`.

    A vestigingsnummer is a subIdentificator of a kvk_nummer. `required` is the reason for no reference,
    `other` for one to another resource. An old record without it may stay so.
    """

    member: str
    conditions: Conditions
    target: Conditions
    required: str
    other: str

    def concerns(self, change: Change) -> bool:
        """Whether a write has to keep to it: its target may have become another since the last one."""
        if not meets(change.intended, self.conditions):
            return False
        paths = ((self.member,), *(path for path, _ in self.conditions))
        return change.intended.get(self.member) is not None or any(map(change.changed, paths))


@dataclass(frozen=True, slots=True)
class Needs:
    """Records that meet `conditions` have a reference `member`; `name` is how the answer names the mistake.

    An old record without one may stay so.
    """

    member: str
    conditions: Conditions
    name: str
    reason: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with a record that would have none."""
        if change.intended.get(self.member) is not None or not meets(change.intended, self.conditions):
            return []
        paths = ((self.member,), *(path for path, _ in self.conditions))
        return [Problem(self.name, "invalid", self.reason)] if any(map(change.changed, paths)) else []


@dataclass(frozen=True, slots=True)
class NotItself:
    """A reference `member` is to another than the resource itself."""

    member: str
    reason: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with a new reference to itself."""
        itself = link(change.intended.get(self.member)) == change.uuid and change.changed((self.member,))
        return [Problem(self.member, "invalid", self.reason)] if itself else []


@dataclass(frozen=True, slots=True)
class Different:
    """These references are to different resources; `name` is how the answer names the mistake."""

    members: tuple[Path, ...]
    name: str
    reason: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong when two of them would be to the same."""
        uuids = [uuid for path in self.members if (uuid := link(get(change.intended, path)))]
        return [Problem(self.name, "invalid", self.reason)] if len(set(uuids)) < len(uuids) else []


@dataclass(frozen=True, slots=True)
class KeptWhileNamed:
    """The value at `member` does not change while another of these resources refers to this one by `by`.

    The code of a kvk_nummer stays while a vestigingsnummer rests on it. `name` is how the answer names it.
    """

    member: Path
    by: str
    name: str
    reason: str

    def concerns(self, change: Change) -> bool:
        """Whether a write changes it: of a resource that is there, and that comes by itself."""
        return change.before is not None and not change.nested and change.changed(self.member)


def _reference(node: Content, settings: Settings) -> RequiredReference | Needs:
    member, conditions = node["reference"], settings.pairs_of(node["if"])
    if "must_be" not in node:
        return Needs(member, conditions, node.get("name", member), node["required"])
    target = settings.pairs_of(node["must_be"])
    return RequiredReference(member, conditions, target, node["required"], node["reason"])


def _different(node: Content, _: Settings) -> Different | NotItself:
    members = [each for each in node["different"] if each != ITSELF]
    if ITSELF in node["different"]:
        return NotItself(members[0], node["reason"])
    return Different(tuple(map(parse, members)), node.get("name", members[-1]), node["reason"])


def _kept_while_named(node: Content, _: Settings) -> KeptWhileNamed:
    return KeptWhileNamed(parse(node["kept_while_named"]), node["by"], node["name"], node["reason"])


def _target(at: At, node: Content) -> Iterator[grammar.Problem]:
    """Every condition of `must_be` can be true of what the reference is to; it has a reason, or a name."""
    to = at.view.members.get(node["reference"], {}).get("to", at.view.name)
    for path, value in node.get("must_be", {}).items() if to in at.ground.views else ():
        yield from served_constant(at.ground, to, path, value, (*at.here, "must_be", path))
    if ("must_be" in node) != ("reason" in node):
        text = "must_be and reason go together: the reason is the message for a target that is not like that"
        yield grammar.Problem(at.here, text)
    if "must_be" in node and "name" in node:
        text = "with must_be, a mistake is told of the reference itself; leave out name"
        yield grammar.Problem((*at.here, "name"), text)


def _not_the_same(at: At, value: Any) -> Iterator[grammar.Problem]:
    """Every path leads to another resource; beside the resource itself there is one."""
    for number, each in enumerate(value):
        if each != ITSELF:
            others = references(At(at.rule, at.ground, at.view, (*at.here, number)), each)
            yield from others
    if ITSELF in value and len(value) != 2:
        yield grammar.Problem(at.here, f"{ITSELF} stands beside one reference")
    elif len(value) < 2:
        yield grammar.Problem(at.here, f"it takes two references, or {ITSELF} and one")


REFERENCE = RuleConstruct(
    "reference",
    {
        "reference": Part(TEXT, "A reference that is required while something holds.", references),
        "if": IF,
        "required": Part(TEXT, "The sentence when it is missing."),
        "name": NAME,
        "must_be": Part(CONSTANTS, "What the target has to be like."),
        "reason": Part(TEXT, "The sentence when it is another."),
    },
    ("if", "required"),
    _reference,
    check=_target,
    former={"other": "say reason"},
)
KEPT_WHILE_NAMED = RuleConstruct(
    "kept_while_named",
    {
        "kept_while_named": Part(
            TEXT, "A member that may not change while others of the same kind refer to this one.", members
        ),
        "by": Part(TEXT, "The member by which they do.", references),
        "name": NAME,
        "reason": REASON,
    },
    ("by", "name", "reason"),
    _kept_while_named,
)
DIFFERENT = RuleConstruct(
    "different",
    {
        "different": Part(
            TEXTS, "References that are not to the same resource; self is the resource itself.", _not_the_same
        ),
        "name": NAME,
        "reason": REASON,
    },
    ("reason",),
    _different,
)
