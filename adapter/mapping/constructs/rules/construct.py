"""What every rule of the language has: its names, how it is compiled, and what is checked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.language.constants import served_constant
from adapter.mapping.language.grammar import TEXT, Described, Kind, Problem, Shape
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS, TEXTS
from adapter.mapping.schemas import Facts
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class At:
    """Where in a mapping a part of a rule stands."""

    rule: str
    ground: Ground
    view: View
    here: NodePath

    def facts(self, path: str) -> Facts | None:
        """What the specification says of a served path; None of one that ends at a resource, or nowhere."""
        try:
            return self.ground.walk(self.view.name, path).facts
        except Nowhere:
            return None


Check = Callable[[At, Any], Iterator[Problem]]


def anything(_: At, __: Any) -> Iterator[Problem]:
    """Nothing is wrong with it, whatever it says."""
    return iter(())


def members(at: At, value: Any) -> Iterator[Problem]:
    """Every path leads to something that is served."""
    for here, path in _paths(at, value):
        try:
            at.ground.walk(at.view.name, path)
        except Nowhere as nowhere:
            yield Problem(here, str(nowhere))


def texts(at: At, value: Any) -> Iterator[Problem]:
    """Every path leads to a text."""
    return _all(at, value, "text", lambda facts: facts.kind == "text")


def moments(at: At, value: Any) -> Iterator[Problem]:
    """Every path leads to a moment."""
    return _all(at, value, "moments", lambda facts: facts.format == "date-time")


def _all(at: At, value: Any, what: str, is_one: Callable[[Facts], bool]) -> Iterator[Problem]:
    yield from members(at, value)
    for here, path in _paths(at, value):
        facts = at.facts(path)
        if _exists(at, path) and not (facts and is_one(facts)):
            yield Problem(here, f"the rule {at.rule} is for {what}, and {path} is none")


def references(at: At, value: Any) -> Iterator[Problem]:
    """Every path leads to another resource."""
    yield from members(at, value)
    for here, path in _paths(at, value):
        if at.facts(path) is not None:
            yield Problem(here, f"the rule {at.rule} is for references, and {path} is none")


def conditions(at: At, value: Any) -> Iterator[Problem]:
    """Every `path: constant` can be true of a resource."""
    for path, constant in value.items():
        yield from served_constant(at.ground, at.view.name, path, constant, (*at.here, path))


def _paths(at: At, value: Any) -> Iterator[tuple[NodePath, str]]:
    if isinstance(value, str):
        yield at.here, value
    else:
        yield from (((*at.here, number), each) for number, each in enumerate(value))


def _exists(at: At, path: str) -> bool:
    try:
        at.ground.walk(at.view.name, path)
    except Nowhere:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """One name of a rule: what may stand there, what an editor shows of it, and what is checked of it."""

    kind: Kind
    says: str
    check: Check = anything


@dataclass(frozen=True, slots=True)
class RuleConstruct[Rule]:
    """A kind of rule; `name` is the first name of its node, and tells it.

    `compiled` takes a node that has passed the check. `check` looks at a node as a whole, beside what is
    checked of each of its parts.
    """

    name: str
    parts: Mapping[str, Part]
    required: tuple[str, ...]
    compiled: Callable[[Content, Settings], Rule]
    check: Check = anything
    former: Mapping[str, str] = field(default_factory=dict)
    """Parts that it had once, and what to do instead."""
    shape: Shape = field(init=False)

    def __post_init__(self) -> None:
        names = {name: Described(part.kind, part.says) for name, part in self.parts.items()}
        shape = Shape(f"the rule {self.name}", names, required=self.required, former=self.former)
        object.__setattr__(self, "shape", shape)

    def problems(self, ground: Ground, view: View, node: Content, here: NodePath) -> Iterator[Problem]:
        """What is wrong with a node, whose names are of the kinds that the language wants."""
        for name, part in self.parts.items():
            if name in node:
                yield from part.check(At(self.name, ground, view, (*here, name)), node[name])
        yield from self.check(At(self.name, ground, view, here), node)


IF = Part(CONSTANTS, "The rule holds only for records like this.", conditions)
NAME = Part(TEXT, "How the answer names the member.")
CODE = Part(TEXT, "The code of the mistake.")
REASON = Part(TEXT, "The sentence that a client reads.")
PER = Part(TEXT, "The members per whose value it counts.", members)
PER_MEMBERS = Part(TEXTS, "The members per whose value it counts.", members)
