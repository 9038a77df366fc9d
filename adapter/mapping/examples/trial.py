"""Run the examples of all mappings of a dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.dialects import Library
from adapter.mapping.compiling import Compiler
from adapter.mapping.examples.run import Difference, run
from adapter.mapping.examples.written import ExampleLinks, example
from adapter.mapping.files import ALSO, EXAMPLES, named
from adapter.mapping.language.grammar import WITHOUT
from adapter.mapping.lengths import Lengths
from adapter.mapping.load import Dialect, read_dialect
from adapter.mapping.source import NodePath, Source
from adapter.openapi.document import Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example: where it stands, and in what it differs from what the mapping does."""

    resource: str
    home: str
    name: str
    source: Source
    path: NodePath
    differences: tuple[Difference, ...]

    def line(self, path: NodePath = ()) -> int:
        """The line in the file of a part of the example, or of the nearest around it."""
        return self.source.position((*self.path, *path))[0]


def trial(
    library: Library,
    dialect: str,
    *,
    served: Document,
    registers: Mapping[str, Document],
    settings: Mapping[str, Any],
) -> Iterator[Outcome]:
    """The outcome of every example, mapping by mapping. Raises MappingError for files that cannot be read.

    The mappings have passed the check: what it finds is not looked for again.
    """
    read = read_dialect(library, dialect)
    compiler = Compiler(served, {**read.settings, **settings}, ExampleLinks(), Lengths(served, registers))
    compiled = compiler.mappings(read.files, read.registers, read.shapes)
    for name, content in read.files.items():
        resource = compiled.resources.get(name)
        nodes = content.get(EXAMPLES) or () if resource is not None else ()
        for node, (source, path) in zip(nodes, standing(read, name, EXAMPLES), strict=False):
            assert resource is not None
            each = example(node, next(iter(resource.homes)))
            yield Outcome(name, each.home, each.name, source, path, tuple(run(resource, each)))


def standing(dialect: Dialect, resource: str, part: str) -> list[tuple[Source, NodePath]]:
    """Where each item of a list of a mapping stands, with those that a dialect adds behind the others."""
    found: list[tuple[Source, NodePath]] = []
    for chain in dialect.sources.values():
        if chain[-1].content.get("resource") != resource:
            continue
        for source in reversed(chain):
            nodes = source.content.get(part)
            if isinstance(nodes, list):
                found = [(source, (part, number)) for number in range(len(nodes))]
            elif nodes:
                left = nodes.get(WITHOUT, ())
                found = [each for each in found if named(_node(*each)) not in left]
                found += [(source, (part, ALSO, number)) for number in range(len(nodes.get(ALSO, ())))]
    return found


def _node(source: Source, path: NodePath) -> Any:
    found: Any = source.content
    for part in path:
        found = found[part]
    return found
