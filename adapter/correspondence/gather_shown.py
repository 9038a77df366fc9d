"""Compile what a gathered record shows besides its pieces: what employees added to it, and its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from adapter.correspondence.compiling import OneFile
from adapter.correspondence.compiling_pairs import Content, Place
from adapter.correspondence.gathered import Along, Answer, Behind
from adapter.mapping.language.grammar import way_out
from adapter.mapping.source import NodePath


class Shown(OneFile):
    """Part of the compiler of a correspondence that gathers."""

    def _kind(self, name: str, path: NodePath) -> str:
        kinds = self.file.content["kinds"]
        if name not in kinds:
            raise self.file.error(path, f"there is no kind {name}{way_out(name, kinds)}")
        return name

    def _known(self, resource: str, path: NodePath) -> str:
        pieces = self.file.content["gather"]["pieces"]
        if resource not in pieces:
            raise self.file.error(path, f"{resource} is no piece{way_out(resource, pieces)}")
        return resource

    def _behind(self, nodes: Content, old: Place) -> Iterator[Behind]:
        for resource, node in nodes.items():
            path: NodePath = ("gather", "behind", resource)
            rows = self._rows(self._known(resource, path), path)
            member = self._there(rows, node["member"], (*path, "member"))
            each = self._there(old, node["each"], (*path, "each"))
            row = replace(old, below=(*old.below, *each, "0"))
            for name in (part.partition("}")[0] for part in node["line"].split("{")[1:]):
                self._there(row, name, (*path, "line"))
            longest = rows.found(member).facts.longest
            yield Behind(resource, member, node["rule"], each, node["line"], longest)

    def _answer(self, node: Content | None, old: Place, new: Place) -> Answer | None:
        if node is None:
            return None
        path: NodePath = ("gather", "answer")
        self._set(node["served"], (*path, "served"))
        resource, _, member = node["refers"].partition(".")
        refers: NodePath = (*path, "refers")
        said = self._there(new, node["new"], (*path, "new"))
        found = Answer(
            tuple(self._kind(each, (*path, "kinds")) for each in node["kinds"]),
            self._there(old, node["at"], (*path, "at")),
            said,
            self._there(new, node["number"], (*path, "number")),
            tuple(self._there(new, each, (*path, "same")) for each in node.get("same", ())),
            self._constants(node.get("make"), new, (*path, "make")),
            resource,
            self._there(self._rows(self._known(resource, refers), refers), member, refers),
            tuple(self._along(each, rule) for each, rule in node.get("along", {}).items()),
            new.found(said).facts.longest,
        )
        return found if self.settings.value(node["served"]) is True else None

    def _along(self, resource: str, node: Content) -> Along:
        path: NodePath = ("gather", "answer", "along", resource)
        rows = self._rows(self._known(resource, path), path)
        same = tuple(self._there(rows, each, (*path, "same")) for each in node["same"])
        return Along(resource, same, self._constants(node.get("make"), rows, (*path, "make")))
