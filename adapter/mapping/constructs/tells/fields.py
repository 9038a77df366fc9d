"""The members that a projection writes: what each takes from the resource that is projected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import codecs, schemas
from adapter.mapping.constructs.pairs.words import words
from adapter.mapping.language.grammar import (
    NUMBER,
    TEXT,
    Described,
    Kind,
    Problem,
    Shape,
    Table,
    Word,
    way_out,
)
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record
from adapter.mapping.language.places import known_place
from adapter.mapping.language.values import CONSTANT, WORDS
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

_NAMES: dict[str, Kind] = {
    "from": Described(TEXT, "The path that the value is taken from."),
    "too_long": Described(Word(("cut",)), "cut writes the beginning."),
    "length": Described(NUMBER, "The most characters."),
    "words": Described(WORDS, "Left the served word, right the register's."),
    "to": Described(TEXT, "The collection of the record whose URL is written."),
    "known_by": Described(TEXT, "The key that is written."),
    "else": Described(CONSTANT, "The constant without one."),
    "each": Described(TEXT, "The relation of which every one becomes a group."),
}
FIELD = Shape("a told value", _NAMES, one_of=("from", "known_by", "each"))
_NAMES["fields"] = Described(Table(FIELD), "The members of such a group.")


def compiled(nodes: Content, settings: Settings, links: codecs.Links) -> Fields:
    """The members under `fields` of a node that has passed the check."""
    return tuple((parse(at), field(node, settings, links)) for at, node in nodes.items())


def field(node: Content, settings: Settings, links: codecs.Links) -> Field:
    """One member."""
    if "known_by" in node:
        return Key(settings.value(node.get("else")))
    if "each" in node:
        return Each(node["each"], compiled(node["fields"], settings, links))
    convert: codecs.Convert = codecs.same
    if "words" in node:
        convert = words(node["words"]).write
    elif "to" in node:
        _, convert = codecs.reference(links, place(node["to"]))
    elif "length" in node:
        convert = codecs.cut(node["length"])
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
    if right.longest is not None and node.get("length", right.longest) > right.longest:
        yield Problem((*here, "length"), f"{target} takes at most {right.longest} characters")
    if "too_long" in node and "length" not in node:
        yield Problem((*here, "too_long"), "say with length at how many characters the text is cut")
    longer = right.longest is not None and (left.longest is None or left.longest > right.longest)
    if longer and "too_long" not in node:
        text = f"{target} takes at most {right.longest} characters: say too_long: cut with that length"
        yield Problem(here, text)
