"""Load the mapping files of a dialect.

Its `dialect.yaml` may name another that it extends, whose files it overrides name by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.dialects import Library
from adapter.mapping.codecs import Links
from adapter.mapping.compiling import Compiler
from adapter.mapping.files import DIALECT, REGISTERS, read_files
from adapter.mapping.lengths import Lengths
from adapter.mapping.model import Mappings
from adapter.mapping.own_settings import defaults, own_settings
from adapter.mapping.slots import unpinned
from adapter.mapping.source import MappingError, Source
from adapter.openapi.document import Document

LACKING = f"a dialect needs {REGISTERS}.yaml, or a {DIALECT}.yaml that names another: extends: openklant"


@dataclass(frozen=True, slots=True)
class Dialect:
    """The files of a dialect, those of the dialects that it extends merged in."""

    name: str
    chain: tuple[str, ...]
    """The dialect and those that it extends, the most particular first."""
    files: Mapping[str, dict[str, Any]]
    """Resource → the content of its mapping."""
    registers: dict[str, Any]
    sources: Mapping[str, tuple[Source, ...]]
    """File name without suffix → where its parts stand, the most particular dialect first."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What its own settings are where a deployment decides nothing."""
    shapes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The JSON Schema of each objecttype that is not KlantBrug's own, by its name."""


def read_dialect(library: Library, name: str) -> Dialect:
    """The merged files of a dialect; MappingError when one cannot be read or there is no such dialect.

    Also when a home in a record has no digits: uuids would differ from those of tomorrow.
    """
    read = read_files(library, name)
    contents = {stem: content for stem, content in read.contents.items() if stem != DIALECT}
    if REGISTERS not in contents:
        raise MappingError(name, (1, 1), LACKING)
    registers = contents.pop(REGISTERS)
    for stem, content in contents.items():
        if "resource" not in content:
            raise read.sources[stem][0].error((), "a mapping needs resource")
    for mistake in unpinned(read.needs, read.pins):
        raise mistake
    files = {content["resource"]: content for content in contents.values()}
    placed = {each: _placed(content, files) for each, content in files.items()}
    own = defaults(own_settings(read.contents.get(DIALECT, {})))
    return Dialect(name, read.chain, placed, registers, read.sources, own, library.shapes(read.chain))


def load(
    library: Library,
    name: str,
    *,
    served: Document,
    registers: Mapping[str, Document],
    settings: Mapping[str, Any],
    links: Links,
) -> Mappings:
    """The compiled mappings of a dialect. Raises MappingError for files that cannot be read."""
    dialect = read_dialect(library, name)
    settings = {**dialect.settings, **settings}
    compiler = Compiler(served, settings, links, Lengths(served, registers))
    return compiler.mappings(dialect.files, dialect.registers, dialect.shapes)


def _placed(content: dict[str, Any], files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The content, in which each home knows its schema and the collection that it stands in."""
    if "homes" not in content:
        return content
    homes = {}
    for name, home in content["homes"].items():
        resource, _, inside = home.get("inside", "").partition(".")
        owner = files.get(resource, {}).get("homes", {}).get(inside, {})
        homes[name] = {**home, "schema": content["schema"], "inside_record": owner.get("record", "")}
    return {**content, "homes": homes}
