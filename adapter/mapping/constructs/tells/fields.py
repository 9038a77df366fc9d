"""The members that a projection writes: what each takes from the resource that is projected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import codecs, schemas
from adapter.mapping.constructs.pairs.words import words
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record
from adapter.mapping.language.places import known_place
from adapter.mapping.language.wording import missing_words, strange_words
from adapter.mapping.paths import Path, get, parse
from adapter.mapping.places import place
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Taken:
    """The value at `path`, in the form of the register: its words, a URL, or no more than fits."""

    path: Path
    convert: codecs.Convert

    def of(self, values: Mapping[str, Any]) -> Any:
        """What is written; None of a value that the register has nothing for."""
        try:
            return self.convert(get(values, self.path))
        except codecs.DoesNotFit:
            return None


@dataclass(frozen=True, slots=True)
class Key:
    """The key by which old records know the resource; `otherwise` where there is none."""

    otherwise: Any = None


@dataclass(frozen=True, slots=True)
class Each:
    """A list with a group of `fields` for each resource of a relation, the last made first."""

    relation: str
    fields: Fields


Field = Taken | Key | Each
Fields = tuple[tuple[Path, Field], ...]
"""Path in the group that is written → what stands there."""

Longest = Callable[[str], int | None]
"""The longest text that the record takes at a path; None where there is no limit."""


def compiled(
    nodes: Content, settings: Settings, links: codecs.Links, longest: Longest, target: str
) -> Fields:
    """The members of a group at the path `target`, of nodes that have passed the check."""
    return tuple(
        (parse(at), field(node, settings, links, longest, f"{target}.{at}")) for at, node in nodes.items()
    )


def field(node: Content, settings: Settings, links: codecs.Links, longest: Longest, target: str) -> Field:
    """The member at the path `target`."""
    if "known_by" in node:
        return Key(settings.value(node.get("else")))
    if "each" in node:
        return Each(node["each"], compiled(node["fields"], settings, links, longest, f"{target}.0"))
    convert: codecs.Convert = codecs.same
    if "words" in node:
        convert = words(node["words"]).write
    elif "to" in node:
        _, convert = codecs.reference(links, place(node["to"]))
    elif "too_long" in node and (length := longest(target)) is not None:
        convert = codecs.cut(length)
    return Taken(parse(node["from"]), convert)


@dataclass(frozen=True, slots=True)
class Check:
    """Checks what is written into a record (None: nothing is known of it) from resources of one kind."""

    ground: Ground
    record: Record | None
    resource: str

    def problems(self, target: str, nodes: Content, here: NodePath) -> Iterator[Problem]:
        """What is wrong with the members that are written under a target of the record."""
        for name, node in nodes.items():
            yield from self._one(f"{target}.{name}" if target else name, node, (*here, name))

    def _one(self, target: str, node: Content, here: NodePath) -> Iterator[Problem]:
        try:
            found = self.record.at(target) if self.record else []
        except Nowhere as nowhere:
            yield Problem(here, str(nowhere))
            return
        if "each" in node:
            yield from self._each(target, node, here)
            return
        if "known_by" in node:
            known = self.ground.views[self.resource].content.get("known_by") or {}
            if node["known_by"] not in known:
                text = f"{self.resource} is not known by {node['known_by']}{way_out(node['known_by'], known)}"
                yield Problem((*here, "known_by"), text)
            return
        try:
            end = self.ground.walk(self.resource, node["from"])
        except Nowhere as nowhere:
            yield Problem((*here, "from"), str(nowhere))
            return
        if end.resource:
            yield from _reference(self.ground, end.resource, node, here)
        elif found:
            yield from _value(schemas.facts(end.value), schemas.facts(found), target, node, here)

    def _each(self, target: str, node: Content, here: NodePath) -> Iterator[Problem]:
        try:
            end = self.ground.walk(self.resource, node["each"])
            item = self.record.item(target) if self.record else None
        except Nowhere as nowhere:
            yield Problem((*here, "each"), str(nowhere))
            return
        if not end.resource:
            yield Problem((*here, "each"), f"{node['each']} is a value; each wants a relation")
            return
        below = Check(self.ground, item, end.resource)
        yield from below.problems("", node.get("fields", {}), (*here, "fields"))


def _reference(ground: Ground, resource: str, node: Content, here: NodePath) -> Iterator[Problem]:
    if "to" not in node:
        yield Problem(here, f"{node['from']} is a reference; say with to which URL is told")
        return
    yield from known_place(ground, node["to"], (*here, "to"))
    homes = ground.views[resource].homes.values()
    if all(home.get("record") != node["to"] for home in homes):
        yield Problem((*here, "to"), f"{resource} have no home in {node['to']}")


def _value(
    left: schemas.Facts, right: schemas.Facts, target: str, node: Content, here: NodePath
) -> Iterator[Problem]:
    if "words" in node:
        words = (*here, "words")
        yield from strange_words(node["words"], left, right, words, writes=True, reads=False)
        return
    if left.kind != right.kind:
        yield Problem(here, f"{node['from']} is a {left.kind} and {target} a {right.kind}")
        return
    if right.choices:
        yield from missing_words(left, right, here, node["from"], target)
    longer = right.longest is not None and (left.longest is None or left.longest > right.longest)
    if longer and "too_long" not in node:
        text = f"{target} takes at most {right.longest} characters: say too_long: cut"
        yield Problem(here, text)
