"""Load the mapping files of a dialect.

A dialect is a folder of mappings; its `dialect.yaml` may name another that it extends, whose files it
overrides name by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


def dialects(folder: Path) -> list[str]:
    """The dialects that a folder of mappings holds."""
    return sorted(each.name for each in folder.iterdir() if (each / f"{REGISTERS}.yaml").exists())


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a dialect by name without suffix, as they were read and merged."""

    dialect: str
    chain: tuple[str, ...]
    """The dialect and those that it extends, the most particular first."""
    contents: Mapping[str, dict[str, Any]]
    sources: Mapping[str, tuple[Source, ...]]


def read_files(folder: Path, name: str) -> Files:
    """The files of a dialect over those that it extends; MappingError when one cannot be read."""
    chain, sources = [name], _sources(folder, name)
    contents: dict[str, dict[str, Any]] = {}
    found: dict[str, tuple[Source, ...]] = {}
    while True:
        for stem, source in sources.items():
            contents[stem] = merged(source.content, contents[stem]) if stem in contents else source.content
            found[stem] = (*found.get(stem, ()), source)
        parent = sources[DIALECT].content.get("extends") if DIALECT in sources else None
        if parent is None:
            return Files(name, tuple(chain), contents, found)
        if parent in chain:
            raise sources[DIALECT].error(("extends",), f"{parent} extends itself; break the circle")
        if not (folder / parent).is_dir():
            problem = f"there is no dialect {parent}; there is {', '.join(dialects(folder))}"
            raise sources[DIALECT].error(("extends",), problem)
        chain.append(parent)
        sources = _sources(folder, parent)


def read_dialect(folder: Path, name: str) -> Dialect:
    """The merged files of a dialect; MappingError when one cannot be read or there is no such dialect."""
    read = read_files(folder, name)
    contents = {stem: content for stem, content in read.contents.items() if stem != DIALECT}
    if REGISTERS not in contents:
        raise MappingError(f"{folder.name}/{name}", (1, 1), f"a dialect needs {REGISTERS}.yaml")
    registers = contents.pop(REGISTERS)
    for stem, content in contents.items():
        if "resource" not in content:
            raise read.sources[stem][0].error((), "a mapping needs resource")
    files = {content["resource"]: content for content in contents.values()}
    placed = {each: _placed(content, files) for each, content in files.items()}
    own = defaults(own_settings(read.contents.get(DIALECT, {})))
    return Dialect(name, read.chain, placed, registers, read.sources, own)


def load(
    folder: Path,
    name: str,
    *,
    served: Document,
    registers: Mapping[str, Document],
    settings: Mapping[str, Any],
    links: Links,
) -> Mappings:
    """The compiled mappings of a dialect. Raises MappingError for files that cannot be read."""
    dialect = read_dialect(folder, name)
    settings = {**dialect.settings, **settings}
    compiler = Compiler(served, settings, links, Lengths(served, registers))
    mappings = compiler.mappings(dialect.files, dialect.registers)
    # Who serves has no use for the files any more.
    read_text.cache_clear()
    return mappings


def _sources(folder: Path, name: str) -> dict[str, Source]:
    if not (folder / name).is_dir():
        raise MappingError(
            str(folder / name), (1, 1), f"there is no dialect {name}; there is {dialects(folder)}"
        )
    return {
        path.stem: read(path, f"{folder.name}/{name}/{path.name}")
        for path in sorted((folder / name).glob("*.yaml"))
    }


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
