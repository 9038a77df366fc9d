"""Read mapping files: strict YAML of which every node's position is known.

Stricter than YAML 1.1: only `true` and `false` are booleans, dates stay text, a key that occurs twice and an
anchor are mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from adapter.mapping.unreadable import unreadable

Position = tuple[int, int]
NodePath = tuple[str | int, ...]


def in_dialects(dialects: Sequence[str]) -> str:
    """The end of a message that holds in these dialects."""
    if not dialects:
        return ""
    return f" (dialect{'s' if len(dialects) > 1 else ''} {', '.join(dialects)})"


class MappingError(Exception):
    """A mapping that cannot be used: file, line and column (from 1), what is wrong and the way out.

    `dialects` are those in which it holds, as far as that is known.
    """

    def __init__(self, file: str, position: Position, problem: str, dialects: Iterable[str] = ()) -> None:
        self.file, self.position, self.problem, self.dialects = file, position, problem, tuple(dialects)
        super().__init__(f"{file}:{position[0]}:{position[1]}: {problem}{in_dialects(self.dialects)}")


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one file and where each part of it stands."""

    file: str
    content: dict[str, Any]
    positions: dict[NodePath, Position] = field(default_factory=dict)

    def position(self, path: NodePath) -> Position:
        """Where the node at `path`, or else the nearest node around it, stands."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def error(self, path: NodePath, problem: str) -> MappingError:
        """A mistake at the node at `path`."""
        return MappingError(self.file, self.position(path), problem)


class _Loader(yaml.CSafeLoader):
    """Gives nodes as they are written: what a plain text means is for `_scalar` to say."""

    def resolve(self, *_: object) -> str:
        """No tag."""
        return ""

    def descend_resolver(self, *_: object) -> None:
        """Tags do not depend on the place."""

    def ascend_resolver(self) -> None:
        """Tags do not depend on the place."""


# Files of a dialect are read for each that extends it.
_FILES = 128
# Only a text with one of these can hold an anchor or an alias.
_MARKS = re.compile(r"(?:^|[\s\[\]{},:-])[&*]\S")
_BOOLEAN = {"true": True, "false": False}
_NULL = {"", "null", "~"}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")


def read(path: Path, name: str | None = None) -> Source:
    """The mapping in `path`; MappingError at the first part that is not strict YAML."""
    return read_text(path.read_text(encoding="utf-8"), name or str(path))


@lru_cache(maxsize=_FILES)
def read_text(text: str, file: str) -> Source:
    """The mapping in `text`, which nobody changes; `file` is how messages name it."""
    try:
        if _MARKS.search(text):
            _refuse_anchors(text, file)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        found = unreadable(error, text)
        raise MappingError(file, found.place, found.reason) from None
    positions: dict[NodePath, Position] = {}
    content = _build(root, (), file, positions) if root is not None else {}
    if not isinstance(content, dict):
        raise MappingError(file, (1, 1), "a mapping file holds names and values")
    return Source(file, content, positions)


def _refuse_anchors(text: str, file: str) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise MappingError(file, _position(event), "anchors are not allowed; write the part out")


def _position(node: Any) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _build(node: yaml.Node, path: NodePath, file: str, positions: dict[NodePath, Position]) -> Any:
    positions.setdefault(path, _position(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file, positions)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, number), file, positions) for number, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: NodePath, file: str, positions: dict[NodePath, Position]) -> Any:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise MappingError(file, _position(key_node), "a name is plain text")
        key = key_node.value
        if key in found:
            raise MappingError(file, _position(key_node), f"{key} occurs twice; keep one")
        positions[(*path, key)] = _position(key_node)
        found[key] = _build(value_node, (*path, key), file, positions)
    return found


def _scalar(node: Any) -> Any:
    value = node.value
    if node.style in ("'", '"', "|", ">"):
        return value
    if value in _NULL:
        return None
    if value in _BOOLEAN:
        return _BOOLEAN[value]
    if _INTEGER.match(value):
        return int(value)
    return value
