"""Compile what is written to a `Correspondence`, checked against the documents of both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.correspondence.compiling_pairs import Content, Ends, Place
from adapter.correspondence.compiling_parts import Parts
from adapter.correspondence.model import (
    CodeOf,
    Constant,
    Correspondence,
    DayOf,
    Filler,
    FirstLine,
    Pair,
    Told,
    When,
)
from adapter.correspondence.reading import File
from adapter.mapping.paths import Path, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath
from adapter.openapi.document import Document


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles correspondences. `new` is the document of the new API, `old` those of the old, by register."""

    new: Document
    old: Mapping[str, Document]
    settings: Settings

    def compiled(self, file: File) -> Correspondence:
        """A correspondence. Raises MappingError."""
        return OneFile(file, self.new, self.old, self.settings).compiled()


class OneFile(Parts):
    """Compiles one file."""

    def compiled(self) -> Correspondence:
        """The correspondence. Raises MappingError."""
        content = self.file.content
        left, right = self._record("new"), self._record("old")
        new, old = self._place("new", left.collection), self._place("old", right.collection)
        ends = Ends(new, old, right)
        fill, means = content.get("fill") or {}, content.get("means") or {}
        return Correspondence(
            name=self.file.name,
            left=left,
            right=right,
            pairs=tuple(self._all_pairs(ends)),
            parts=tuple(
                self._part(name, node, ends, ("parts", name)) for name, node in content["parts"].items()
            ),
            left_fill=self._fill(fill.get("new"), new, old, ("fill", "new")),
            right_fill=self._fill(fill.get("old"), old, new, ("fill", "old")),
            left_means=self._constants(means.get("new"), new, ("means", "new")),
            right_means=self._constants(means.get("old"), old, ("means", "old")),
        )

    def _all_pairs(self, ends: Ends) -> Iterator[Pair]:
        content = self.file.content
        yield from self._pairs(content.get("pairs"), ends, ("pairs",))
        for member, variants in content["by"].items():
            self._there(ends.new, member, ("by", member))
            for value, pairs in variants.items():
                when = When("left", parse(member), (value,))
                for pair in self._pairs(pairs, ends, ("by", member, value)):
                    yield replace(pair, when=(when,))

    def _fill(
        self, node: Content | None, place: Place, other: Place, path: NodePath
    ) -> tuple[tuple[Path, Filler], ...]:
        return tuple(
            (self._there(place, name, (*path, name)), self._filler(each, place, other, (*path, name)))
            for name, each in (node or {}).items()
        )

    def _filler(self, node: Any, place: Place, other: Place, path: NodePath) -> Filler:
        if isinstance(node, Mapping) and "code_of" in node:
            return CodeOf()
        if isinstance(node, Mapping) and "first_line_of" in node:
            of = self._there(place, node["first_line_of"], path)
            return FirstLine(of, node["else"], node["length"])
        if isinstance(node, Mapping) and "day_of" in node:
            return DayOf(self._there(place, node["day_of"], path))
        if isinstance(node, Mapping) and "of" in node:
            of = self._there(other, node["of"], path)
            return Told(of, parse(node["at"]), tuple((node.get("words") or {}).items()))
        self._set(node, path)
        return Constant(self.settings.filled_in(node))
