"""Projections: what register clients look for in a record and the served side keeps elsewhere.

Who began a contact is one word there, and follows from its parties here; the person of a task is a group of
members there, and a resource of its own here. A projection is written, and not read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.mapping import codecs, schemas
from adapter.mapping.constructs.tells import fields
from adapter.mapping.constructs.tells.fields import Each, Field, Fields, Longest
from adapter.mapping.language.constants import served_constant
from adapter.mapping.language.grammar import (
    Problem,
    way_out,
)
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record, View, illegal
from adapter.mapping.paths import Conditions, meets
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Source:
    """Which resources are projected into a record.

    With `resource`, those of that kind whose reference `member` is to the owner of the record. Without it,
    those that the owner refers to by `member`; with `relation`, those that have this relation with what it
    refers to. A mapping writes `resource.member`, `member` or `member.relation`.
    """

    member: str
    resource: str = ""
    relation: str = ""

    @property
    def reference(self) -> str:
        """The reference of the owner that leads to them; nothing where they refer to the owner."""
        return "" if self.resource else self.member


@dataclass(frozen=True, slots=True)
class OneOfTwo:
    """The constant `then` when any of the resources meets `any`, or there is none; else `otherwise`."""

    any: Conditions
    then: Any
    otherwise: Any

    def of(self, resources: Sequence[Mapping[str, Any]]) -> Any:
        """What is written for resources with these values."""
        met = not resources or any(meets(values, self.any) for values in resources)
        return self.then if met else self.otherwise


@dataclass(frozen=True, slots=True)
class TextList:
    """A list with one text for each of the resources."""

    field: Field


@dataclass(frozen=True, slots=True)
class Group:
    """A group of `fields`, from the first resource that meets `first`, else from the first of all.

    With `last` the last made is the first. `beside` are more members of the group, from the first other
    resource that meets its conditions. `required` stands there in any case.
    """

    fields: Fields
    first: Conditions = ()
    last: bool = False
    beside: tuple[Conditions, Fields] | None = None
    required: Any = None


@dataclass(frozen=True, slots=True)
class Projection:
    """What is written at the member `at` of a record, from the resources of `source`."""

    at: str
    source: Source
    value: OneOfTwo | TextList | Group

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations of the resources from which something is written too."""
        listed = self.value.fields if isinstance(self.value, Group) else ()
        return tuple(field.relation for _, field in listed if isinstance(field, Each))


def compiled(
    at: str,
    node: Content,
    members: Mapping[str, Any],
    settings: Settings,
    links: codecs.Links,
    *,
    longest: Longest,
) -> Projection:
    """The projection at a member of a record, from a node that has passed the check.

    `members` are those of the resource that owns the record.
    """
    return Projection(at, _source_of(node["of"], members), _value(at, node, settings, links, longest))


def _source_of(text: str, members: Mapping[str, Any]) -> Source:
    first, _, rest = text.partition(".")
    return Source(first, relation=rest) if first in members else Source(rest, resource=first)


def _value(
    at: str, node: Content, settings: Settings, links: codecs.Links, longest: Longest
) -> OneOfTwo | TextList | Group:
    if "value" in node:
        value = node["value"]
        return OneOfTwo(settings.pairs_of(value["any"]), value["then"], value["else"])
    if "list" in node:
        return TextList(fields.field(node["list"], settings, links, longest, at))
    beside = node.get("beside")

    def group(nodes: Content) -> Fields:
        return fields.compiled(nodes, settings, links, longest, at)

    return Group(
        fields=group(node["fields"]),
        first=settings.pairs_of(node.get("first")),
        last=node.get("last", False),
        beside=(settings.pairs_of(beside["where"]), group(beside["fields"])) if beside else None,
        required=settings.filled_in(node.get("required") or {}),
    )


def problems(
    ground: Ground, view: View, record: Record | None, node: Content, here: NodePath
) -> Iterator[Problem]:
    """What is wrong with a node: the target is in the record, the source can be walked to, the text fits."""
    target = str(here[-1])
    try:
        resource = _source(ground, view, node["of"])
    except Nowhere as nowhere:
        yield Problem((*here, "of"), str(nowhere))
        return
    if record is not None:
        try:
            record.at(target)
        except Nowhere as nowhere:
            yield Problem(here, str(nowhere))
            return
    yield from _conditions(ground, resource, node, here)
    written, beside = fields.Check(ground, record, resource), node.get("beside", {})
    yield from written.problems(target, node.get("fields", {}), (*here, "fields"))
    yield from written.problems(target, beside.get("fields", {}), (*here, "beside", "fields"))
    if record is not None:
        if "list" in node:
            yield from _listed(ground, record, resource, node["list"], here)
        yield from _constants(record, target, node, here)


def _listed(
    ground: Ground, record: Record, resource: str, node: Content, here: NodePath
) -> Iterator[Problem]:
    """A list of texts: the target is one, and so is what each of the resources gives."""
    if "from" not in node:
        yield Problem((*here, "list"), "a list is told from a path")
        return
    try:
        record.at(f"{here[-1]}.0")
        end = ground.walk(resource, node["from"])
    except Nowhere as nowhere:
        yield Problem((*here, "list"), str(nowhere))
        return
    if end.facts is None or end.facts.kind != "text":
        yield Problem((*here, "list", "from"), f"{node['from']} is no text")


def _source(ground: Ground, view: View, text: str) -> str:
    """The resource that is told of: at the end of a path, or the one whose member refers here."""
    resource, _, member = text.partition(".")
    far = ground.views.get(resource)
    if far is not None and far.members.get(member, {}).get("to") == view.name:
        return resource
    if far is not None and resource not in view.members:
        pointing = [name for name, node in far.members.items() if node.get("to") == view.name]
        raise Nowhere(f"{member} of {resource} does not refer to {view.name}{way_out(member, pointing)}")
    end = ground.walk(view.name, text)
    if not end.resource:
        raise Nowhere(f"{text} is a value; told are the members of a resource")
    return end.resource


def _conditions(ground: Ground, resource: str, node: Content, here: NodePath) -> Iterator[Problem]:
    for path in (("first",), ("beside", "where"), ("value", "any")):
        below = node
        for part in path:
            below = below.get(part) or {}
        for member, value in below.items():
            yield from served_constant(ground, resource, member, value, (*here, *path, member))


def _constants(record: Record, target: str, node: Content, here: NodePath) -> Iterator[Problem]:
    for part in ("then", "else"):
        if part in node.get("value", {}):
            why = illegal(node["value"][part], schemas.facts(record.at(target)))
            if why:
                yield Problem((*here, "value", part), f"{target}: {why}")
    for name in node.get("required", {}):
        try:
            record.at(f"{target}.{name}")
        except Nowhere as nowhere:
            yield Problem((*here, "required", name), str(nowhere))
