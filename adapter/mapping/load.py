"""Load the mapping files of a dialect.

Its `dialect.yaml` may name another that it extends, whose files it overrides name by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.dialects import CORRESPONDENCES, OBJECTTYPES, OVERLAYS, Library
from adapter.mapping.codecs import Links
from adapter.mapping.compiling import Compiler
from adapter.mapping.language.grammar import WITHOUT
from adapter.mapping.lengths import Lengths
from adapter.mapping.model import Mappings
from adapter.mapping.own_settings import defaults, own_settings
from adapter.mapping.source import MappingError, Source, read, read_text
from adapter.openapi.document import Document

DIALECT = "dialect"
REGISTERS = "registers"
ALSO = "also"
EXAMPLES = "examples"
SCENES = "scenes"
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


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a dialect by name without suffix, as they were read and merged."""

    dialect: str
    chain: tuple[str, ...]
    """The dialect and those that it extends, the most particular first."""
    contents: Mapping[str, dict[str, Any]]
    sources: Mapping[str, tuple[Source, ...]]


def read_files(library: Library, name: str) -> Files:
    """The files of a dialect over those that it extends; MappingError when one cannot be read."""
    chain: list[str] = []
    found: dict[str, tuple[Source, ...]] = {}
    wanted: str | None = name
    while wanted is not None:
        chain.append(wanted)
        sources = _sources(library, wanted)
        for stem, source in sources.items():
            found[stem] = (*found.get(stem, ()), source)
        wanted = _extended(library, chain, sources.get(DIALECT))
    return Files(name, tuple(chain), {stem: _laid_over(each) for stem, each in found.items()}, found)


def _extended(library: Library, chain: list[str], source: Source | None) -> str | None:
    """The dialect that the last of the chain extends, which `source` says; None when it extends none."""
    parent = source.content.get("extends") if source else None
    if source is None or parent is None:
        return None
    if parent in chain:
        raise source.error(("extends",), f"{parent} extends itself; break the circle")
    if not isinstance(parent, str) or library.folder(parent) is None:
        problem = f"there is no dialect {parent}; there is {', '.join(library.dialects())}"
        raise source.error(("extends",), problem)
    return parent


def _laid_over(sources: Sequence[Source]) -> dict[str, Any]:
    """The content of a file, of which the sources begin with the most particular dialect.

    It is laid over from the other end, for what a dialect has `also` is added to what is there by then.
    """
    *others, content = (each.content for each in sources)
    for over in reversed(others):
        content = merged(content, over)
    return content


def read_dialect(library: Library, name: str) -> Dialect:
    """The merged files of a dialect; MappingError when one cannot be read or there is no such dialect."""
    read = read_files(library, name)
    contents = {stem: content for stem, content in read.contents.items() if stem != DIALECT}
    if REGISTERS not in contents:
        raise MappingError(name, (1, 1), LACKING)
    registers = contents.pop(REGISTERS)
    for stem, content in contents.items():
        if "resource" not in content:
            raise read.sources[stem][0].error((), "a mapping needs resource")
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
    mappings = compiler.mappings(dialect.files, dialect.registers, dialect.shapes)
    # Who serves has no use for the files any more.
    read_text.cache_clear()
    return mappings


def _sources(library: Library, name: str) -> dict[str, Source]:
    if (folder := library.folder(name)) is None:
        raise MappingError(
            name, (1, 1), f"there is no dialect {name}; there is {', '.join(library.dialects())}"
        )
    return {path.stem: read(path, shown(path)) for path in sorted(folder.glob("*.yaml"))}


def shown(path: Path) -> str:
    """How messages name a file of a dialect: from the folder of mappings on, `mappings/vng/partijen.yaml`."""
    within = (OVERLAYS, OBJECTTYPES, CORRESPONDENCES)
    dialect = path.parents[1] if path.parent.name in within else path.parent
    return str(path.relative_to(dialect.parents[1]))


def merged(base: Any, over: Any) -> Any:
    if isinstance(base, list) and isinstance(over, dict) and over and set(over) <= {ALSO, WITHOUT}:
        return _joined(base, over)
    if isinstance(base, dict) and isinstance(over, dict):
        base, over = _left(base, over)
        return {
            **base,
            **{key: merged(base[key], value) if key in base else value for key, value in over.items()},
        }
    return over


def named(item: Any) -> Any:
    """The name of an item of a list, by which a dialect leaves it out."""
    return item.get("name") if isinstance(item, dict) else item


def replacement(dialect: str, file: str, part: str, name: str) -> str:
    """The end of a sentence about an item that a dialect has from the one that it extends."""
    return (
        f"; it comes from the dialect that {dialect} extends: where it holds no longer, replace it with "
        f'{part}: {{without: ["{name}"], also: [...]}} in {dialect}/{file}'
    )


def _joined(base: list[Any], over: dict[str, Any]) -> list[Any]:
    """A list without those that the other is `without`, and with what it has `also`."""
    names = over.get(WITHOUT, ())
    # what there is not to be left out is for the check to tell
    unknown = [{WITHOUT: name} for name in names if name not in {named(each) for each in base}]
    return [*(each for each in base if named(each) not in names), *over.get(ALSO, ()), *unknown]


def _left(base: dict[str, Any], over: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what is extended without what the other is `without`, the other with the names that are not there)."""
    names = over.get(WITHOUT)
    if not isinstance(names, list):
        return base, over
    unknown = {WITHOUT: left} if (left := [name for name in names if name not in base]) else {}
    rest = {name: value for name, value in over.items() if name != WITHOUT}
    return {name: value for name, value in base.items() if name not in names}, {**rest, **unknown}


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
