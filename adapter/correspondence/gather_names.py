"""Compile which members of a gathered record have names that its register must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapter.correspondence.compiling_pairs import Content, Place
from adapter.correspondence.gather_shown import Shown
from adapter.correspondence.gathered import Name
from adapter.correspondence.model import Pair
from adapter.mapping.paths import Path
from adapter.mapping.source import NodePath


class Names(Shown):
    """Part of the compiler of a correspondence that gathers."""

    def _names(self, nodes: Content, old: Place, pairs: Sequence[tuple[str, Pair]]) -> Iterator[Name]:
        for text, node in nodes.items():
            path: NodePath = ("gather", "names", text)
            member = self._there(old, text, path)
            given = node.get("known", ())
            self._set({"known": given}, path)
            known = _texts(self.settings.value(given))
            said = [*self._given(text), *self._asked_for(member, pairs), (given, known)]
            yield Name(
                member,
                self._there(old, node.get("asked", text), (*path, "asked")),
                frozenset(known),
                tuple(dict.fromkeys((_setting(given), each) for given, texts in said for each in texts)),
            )

    def _given(self, member: str) -> Iterator[tuple[Any, list[str]]]:
        """What records are given at a member, and the texts that it stands for."""
        content = self.file.content
        nodes = [each["make"] for each in content["kinds"].values()]
        nodes.append((content["gather"].get("fall_back") or {}).get("make") or {})
        for node in nodes:
            if member in node:
                yield node[member], _texts(self.settings.value(node[member]))

    def _asked_for(self, member: Path, pairs: Sequence[tuple[str, Pair]]) -> Iterator[tuple[Any, list[str]]]:
        """The conditions of `send` on what becomes a member."""
        names = {".".join(pair.left) for _, pair in pairs if pair.right == member}
        for rule in self.file.content["gather"]["send"]:
            for name, value in (rule.get("if") or {}).items():
                if name in names:
                    yield value, _texts(self.settings.value(value))


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list | tuple) else [value]
    return [each for each in found if isinstance(each, str) and each]


def _setting(node: Any) -> str:
    return str(node["setting"]) if isinstance(node, Mapping) else ""
