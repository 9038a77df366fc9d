"""Read the correspondences of a dialect: files in `<dialect>/correspondences`, over those that it extends.

Those of a dialect that it extends are left out where their register has another specification there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.correspondence.gather_language import BY_KIND, GATHERED, SLOTS
from adapter.correspondence.language import BY, CORRESPONDENCE, PARTS
from adapter.dialects import Library
from adapter.mapping.files import correspondences, laid_over, read_files
from adapter.mapping.language.grammar import Table, way_out
from adapter.mapping.source import MappingError, NodePath, Source

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A correspondence as it is written, `same_as` filled in, and where its parts stand."""

    name: str
    content: dict[str, Any]
    sources: tuple[Source, ...]
    digits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of one that gathers: the slot digits of rows, by part.resource."""

    def error(self, path: NodePath, problem: str) -> MappingError:
        """A mistake at a node: in the most particular file that has it."""
        source = next((each for each in self.sources if path in each.positions), self.sources[0])
        return source.error(path, problem)


def read_correspondences(library: Library, dialect: str) -> dict[str, File]:
    """The correspondences of a dialect, by name. Raises MappingError at the first mistake."""
    found: dict[str, list[Source]] = {}
    files = read_files(library, dialect)
    chain, pins = files.chain, files.pins
    layers = {each: correspondences(library, each) for each in chain}
    for stem in dict.fromkeys(stem for layer in layers.values() for stem in layer):
        sources = {each: layer[stem] for each, layer in layers.items() if stem in layer}
        whole = laid_over([*sources.values()])
        speaking = library.speaking(str(whole.get("old", "")).partition("/")[0], chain)
        spoken = [source for each, source in sources.items() if each in speaking]
        # what is only laid over one that is left out is left out as well
        if any("old" in source.content for source in spoken) or "old" not in whole:
            found[stem] = spoken
    return {
        file.name: replace(
            file, digits={name: each for (record, name), each in pins.items() if record == file.name}
        )
        for file in map(_file, found.values())
    }


def _file(sources: list[Source]) -> File:
    content = laid_over(sources)
    file = File(content.get("correspondence", ""), content, tuple(sources))
    gathers = "gather" in content
    for problem in (GATHERED if gathers else CORRESPONDENCE).problems(content, ()):
        raise file.error(problem.path, problem.text)
    written = {**content, "parts": _same(file, "parts", content.get("parts") or {})}
    written["by"] = {
        member: _same(file, f"by.{member}", variants)
        for member, variants in (content.get("by") or {}).items()
    }
    for name, kind in (
        (("parts", SLOTS), ("by", Table(BY_KIND))) if gathers else (("parts", PARTS), ("by", BY))
    ):
        for problem in kind.problems(written[name], (name,)):
            raise file.error(problem.path, problem.text)
    return File(file.name, written, file.sources)


def _same(file: File, place: str, nodes: Content) -> dict[str, Any]:
    """The nodes with what they are the same as filled in."""
    return {name: dict(_resolved(file, place, nodes, name, ())) for name in nodes}


def _resolved(
    file: File, place: str, nodes: Content, name: str, seen: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    node = nodes[name] or {}
    other = node.get("same_as")
    at: NodePath = (*place.split(".", 1), name, "same_as")
    if other is not None:
        if not isinstance(other, str) or other not in nodes:
            raise file.error(at, f"there is no {other} to be the same as{way_out(other, nodes)}")
        if other in (*seen, name):
            raise file.error(at, f"{other} is the same as itself; break the circle")
        yield from _resolved(file, place, nodes, other, (*seen, name))
    yield from ((key, value) for key, value in node.items() if key != "same_as")
