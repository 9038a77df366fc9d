"""A pair stands once: what a correspondence says already, the home in the mapping file does not say again."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator
from typing import Any

from adapter.dialects import CORRESPONDENCES, Library
from adapter.mapping.files import Files, laid_over
from adapter.mapping.language.grammar import Problem
from adapter.mapping.lowering import pair_at
from adapter.mapping.source import NodePath, Source


def twice(library: Library, files: Files) -> Iterator[tuple[str, Problem]]:
    """A mistake for each line of the dialect's own that a correspondence has, by the name of its file."""
    for stem, path, said in repeated(library, files):
        text = (
            f"{path[-1]} stands in {said.file} already: a pair stands once. Leave out at, or the whole line "
            "where it says no more than that; klantbrug convert does so with what has lines of its own"
        )
        yield stem, Problem(path, text)


def repeated(library: Library, files: Files) -> Iterator[tuple[str, NodePath, Source]]:
    """The lines of a dialect's own mapping files that a correspondence has: file, line, and who says it.

    A line that says only what the correspondence does not is no such line, nor is one of another path.
    """
    for stem, (own, *others) in files.sources.items():
        if not own.file.endswith(f"/{files.dialect}/{stem}.yaml"):
            continue
        below = laid_over(others) if others else {}
        for path in _lines(own.content):
            at = pair_at(own.content, path)
            again = at is not None and pair_at(below, path) == at
            said = next((each for each in others if again and _says(each, path, at)), None)
            if said is not None and _speaks(library, files, said, files.contents[stem]["homes"].get(path[1])):
                yield stem, path, said


def _lines(content: Any) -> Iterator[NodePath]:
    """The lines of homes, those that hold for one variant included."""
    for name, home in _items(content, "homes"):
        yield from (("homes", name, "fields", line) for line, _ in _items(home, "fields"))
        for member, variants in _items(home, "by"):
            for value, lines in variants.items() if isinstance(variants, dict) else ():
                named = lines if isinstance(lines, dict) else ()
                yield from (("homes", name, "by", member, value, line) for line in named)


def _items(node: Any, name: str) -> ItemsView[str, Any]:
    found = node.get(name) if isinstance(node, dict) else None
    return (found if isinstance(found, dict) else {}).items()


def _says(source: Source, path: NodePath, at: str | None) -> bool:
    return _is_correspondence(source) and pair_at(source.content, path) == at


def _is_correspondence(source: Source) -> bool:
    return source.file.split("/")[-2] == CORRESPONDENCES


def _speaks(library: Library, files: Files, said: Source, home: Any) -> bool:
    """Whether the correspondence is about the register as this dialect has it."""
    dialect = said.file.split("/")[-3]
    return dialect in library.speaking(_record(files, home).partition("/")[0], files.chain)


def _record(files: Files, home: Any) -> str:
    """The record that a home is, or in which it is; nothing for an object."""
    if not isinstance(home, dict):
        return ""
    resource, _, name = str(home.get("inside", "")).partition(".")
    owners = [each for each in files.contents.values() if each.get("resource") == resource]
    owner = (owners[0].get("homes") or {}).get(name) if owners else None
    return _record(files, owner) if owner is not None else str(home.get("record", ""))
