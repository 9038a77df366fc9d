"""Kinds of values of which a language in YAML is made: each tells what is wrong with a node of a file.

A problem is the path of a node and a sentence. A `blocking` one leaves a node that later checks cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from adapter.mapping.source import NodePath

# The name under which a dialect lists what does not hold of the one that it extends.
WITHOUT = "without"
# How the way out begins of a name that looks like a right one.
MEANT = "; did you mean "


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the node at `path` of a file, and the way out."""

    path: NodePath
    text: str
    blocking: bool = False


class Kind(Protocol):
    """What a node may be."""

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        """Everything that is wrong with the node."""


def way_out(name: Any, names: Iterable[str]) -> str:
    """The end of a sentence about a name that does not exist: the nearest right one, else the right ones."""
    known = sorted({str(each) for each in names})
    near = get_close_matches(str(name), known, n=1) or [
        each for each in known if each.lower() == str(name).lower()
    ]
    if near:
        return f"{MEANT}{near[0]}?"
    if not known:
        return ""
    return f"; there is {', '.join(known[:12])}{' and more' if len(known) > 12 else ''}"


def broken_expression(text: str) -> str:
    """What is wrong with a regular expression, and where; nothing when it is right."""
    try:
        re.compile(text)
    except (re.error, OverflowError) as error:
        at = getattr(error, "pos", None)
        place = "" if at is None else f", at its character {at + 1}"
        return f"this is no regular expression: {getattr(error, 'msg', error)}{place}"
    return ""


@dataclass(frozen=True, slots=True)
class Plain:
    """A value without parts, of one of some types."""

    types: tuple[type, ...]
    wanted: str
    blank: bool = False

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        if type(node) not in self.types or (node == "" and not self.blank):
            yield Problem(path, f"{_named(path)} wants {self.wanted}", blocking=True)


TEXT = Plain((str,), "text")
FLAG = Plain((bool,), "true or false")
NUMBER = Plain((int,), "a whole number")
SCALAR = Plain((str, int, bool, type(None)), "a single value", blank=True)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever there is."""

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        return iter(())


ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words."""

    words: tuple[str, ...]

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        if node not in self.words:
            text = f"{_named(path)} cannot be {_shown(node)}{way_out(node, self.words)}"
            yield Problem(path, text, blocking=True)


@dataclass(frozen=True, slots=True)
class Every:
    """A list of nodes of one kind."""

    item: Kind

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        if not isinstance(node, list):
            yield Problem(path, f"{_named(path)} wants a list", blocking=True)
            return
        names = [each["name"] for each in node if isinstance(each, dict) and "name" in each]
        for number, each in enumerate(node):
            if is_left_out(each):
                yield _not_there([each[WITHOUT]], names, path)
            else:
                yield from self.item.problems(each, (*path, number))


@dataclass(frozen=True, slots=True)
class Table:
    """Free names, each with a node of one kind."""

    item: Kind

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        if not isinstance(node, dict):
            wanted = f"{_named(path)} wants names and values; write {{}} for none"
            yield Problem(path, wanted, blocking=True)
            return
        for name, each in node.items():
            if name == WITHOUT:
                yield _not_there(each, node, path)
            else:
                yield from self.item.problems(each, (*path, name))


@dataclass(frozen=True, slots=True)
class Shape:
    """Names that the language knows; `one_of` are groups of names of which exactly one is wanted."""

    noun: str
    names: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    most_one_of: tuple[str, ...] = field(default=())
    lowered: frozenset[str] = frozenset()
    """Names that correspondences give it, and no file."""
    former: Mapping[str, str] = field(default_factory=dict)
    """Names that it had once, and what to do instead."""

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        if not isinstance(node, dict):
            yield Problem(path, f"{_named(path)} wants the names of {self.noun}", blocking=True)
            return
        for name, each in node.items():
            if name == WITHOUT:
                yield _not_there(each, node, path)
            elif name in self.names:
                yield from self.names[name].problems(each, (*path, name))
            else:
                former = name in self.former
                more = f" any more; {self.former[name]}" if former else way_out(name, self.names)
                yield Problem((*path, name), f"{name} is no construct of {self.noun}{more}", blocking=former)
        if self.former.keys().isdisjoint(node):
            yield from self._numbers(node, path)

    def _numbers(self, node: Mapping[str, Any], path: NodePath) -> Iterator[Problem]:
        for name in self.required:
            if name not in node:
                yield Problem(path, f"{self.noun} needs {name}", blocking=True)
        if self.one_of and sum(name in node for name in self.one_of) != 1:
            yield Problem(path, f"{self.noun} needs exactly one of {', '.join(self.one_of)}", blocking=True)
        if sum(name in node for name in self.most_one_of) > 1:
            yield Problem(path, f"{self.noun} takes only one of {', '.join(self.most_one_of)}", blocking=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that follows from the node itself."""

    of: Callable[[Any], Kind]

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        yield from self.of(node).problems(node, path)


@dataclass(frozen=True, slots=True)
class Described:
    """A kind, and what an editor shows of the name that it stands under."""

    kind: Kind
    text: str

    def problems(self, node: Any, path: NodePath) -> Iterator[Problem]:
        yield from self.kind.problems(node, path)


def text_or(kind: Kind) -> Choice:
    """Text, or else that kind."""
    return Choice(lambda node: TEXT if isinstance(node, str) else kind)


def null_or(kind: Kind) -> Choice:
    """Nothing, or else that kind."""
    return Choice(lambda node: SCALAR if node is None else kind)


def is_left_out(item: Any) -> bool:
    """Whether an item of a list stands for one that was to be left out, and that is not there."""
    return isinstance(item, dict) and set(item) == {WITHOUT}


def _not_there(missing: Any, names: Iterable[str], path: NodePath) -> Problem:
    """What a dialect is without, and what it extends has not; or that this is no list of names."""
    names_alone = isinstance(missing, list) and all(isinstance(each, str | int) for each in missing)
    if not names_alone or not missing:
        return Problem((*path, WITHOUT), f"{WITHOUT} wants a list of names", blocking=True)
    first, known = missing[0], [each for each in names if each != WITHOUT]
    return Problem(
        (*path, WITHOUT), f"{first} is not there to be left out{way_out(first, known)}", blocking=True
    )


def _named(path: NodePath) -> str:
    names = [each for each in path if isinstance(each, str)]
    return names[-1] if names else "the file"


def _shown(node: Any) -> str:
    return node if isinstance(node, str) else type(node).__name__
