"""The files of a dialect, laid over those of the dialects that it extends, name by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.dialects import CORRESPONDENCES, OBJECTTYPES, OVERLAYS, Library
from adapter.mapping.correspondence_parts import parts_of
from adapter.mapping.deriving import derived
from adapter.mapping.language.grammar import WITHOUT
from adapter.mapping.lowering import Lowered, lowered
from adapter.mapping.lowering_parts import homes_of_parts, named_parts
from adapter.mapping.slot_needs import needs_of, with_digits
from adapter.mapping.slots import SLOTS, SLOTS_FILE, Need, Pins, laid_over_pins, pins_in
from adapter.mapping.source import MappingError, Source, read

DIALECT = "dialect"
REGISTERS = "registers"
EXAMPLES = "examples"
SCENES = "scenes"
ALSO = "also"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a dialect by name without suffix, as they were read and merged."""

    dialect: str
    chain: tuple[str, ...]
    """The dialect and those that it extends, the most particular first."""
    contents: Mapping[str, dict[str, Any]]
    sources: Mapping[str, tuple[Source, ...]]
    written: Mapping[str, dict[str, Any]]
    """The contents without what is derived, which no author says."""
    parts: Sequence[str] = ()
    """The names of the parts that its homes may be."""
    needs: Sequence[Need] = ()
    """The homes in records, and parts of gathered ones, that need digits."""
    own_pins: Pins = field(default_factory=dict)
    """The digits that the dialect itself pins."""
    inherited: Pins = field(default_factory=dict)
    """Those that the dialects pin which it extends."""
    gathered: frozenset[str] = frozenset()
    """The collections of which a correspondence gathers the records, as `register/collection`."""

    @property
    def pins(self) -> Pins:
        """The digits of its homes."""
        return laid_over_pins([self.own_pins, self.inherited])


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one dialect of a chain has itself, by name without suffix."""

    mappings: Mapping[str, Source]
    correspondences: Mapping[str, Source]


def read_files(library: Library, name: str) -> Files:
    """The files of a dialect over those that it extends; MappingError when one cannot be read.

    What a correspondence says of a home stands below what the mapping files of the same dialect say of it.
    """
    chain: list[str] = []
    layers: list[_Layer] = []
    wanted: str | None = name
    while wanted is not None:
        chain.append(wanted)
        layers.append(_Layer(_sources(library, wanted), correspondences(library, wanted)))
        wanted = _extended(library, chain, layers[-1].mappings.get(DIALECT))
    found: dict[str, list[Source]] = {}
    for at, layer in enumerate(layers):
        for stem, source in layer.mappings.items():
            found.setdefault(stem, []).append(source)
        for each in _lowered(layers, at):
            found.setdefault(each.stem, []).append(each.source)
    written = {stem: laid_over(each) for stem, each in found.items()}
    chains = _chains([each.correspondences for each in layers])
    whole = {stem: laid_over(each) for stem, each in chains.items()}
    # the first of them is laid under the others
    for line in reversed([*derived(written, chains, whole)]):
        found[line.stem].append(line.source)
    contents = {stem: laid_over(each) for stem, each in found.items()}
    sources = {stem: tuple(each) for stem, each in found.items()}
    own, *others = (pinned(library, each) for each in chain)
    inherited = laid_over_pins(others)
    return Files(
        name,
        tuple(chain),
        with_digits(contents, laid_over_pins([own, inherited])),
        sources,
        written,
        tuple(parts_of(whole)),
        tuple(needs_of(contents, whole, sources, chains)),
        own,
        inherited,
        frozenset(str(each.get("old")) for each in whole.values() if "gather" in each),
    )


def pinned(library: Library, name: str) -> Pins:
    """The digits that a dialect itself pins. Raises MappingError for a file that cannot be right."""
    folder = library.folder(name)
    path = folder / SLOTS_FILE if folder else None
    return pins_in(read(path, shown(path))) if path is not None and path.is_file() else {}


def _lowered(layers: Sequence[_Layer], at: int) -> Iterator[Lowered]:
    """What correspondences say of the homes of one of the layers."""
    layer, here = layers[at], layers[at:]
    if not layer.correspondences and not any(
        any(named_parts(each.content)) for each in layer.mappings.values()
    ):
        return
    files = _laid([each.mappings for each in here])
    whole, below = (_laid([each.correspondences for each in those]) for those in (here, here[1:]))
    for stem, source in layer.correspondences.items():
        if (found := lowered(source, whole[stem], below.get(stem, {}), files)) is not None:
            yield found
    # A part is said whole where a home says that it is one, with what more particular dialects say of it.
    chains = _chains([each.correspondences for each in layers])
    parts = {stem: laid_over(each) for stem, each in chains.items()}
    yield from homes_of_parts(files, layer.mappings, chains, parts)


def _chains(layers: Sequence[Mapping[str, Source]]) -> dict[str, list[Source]]:
    names = dict.fromkeys(stem for each in layers for stem in each)
    return {stem: [each[stem] for each in layers if stem in each] for stem in names}


def _laid(layers: Sequence[Mapping[str, Source]]) -> dict[str, dict[str, Any]]:
    return {stem: laid_over(each) for stem, each in _chains(layers).items()}


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


def laid_over(sources: Sequence[Source]) -> dict[str, Any]:
    """The content of a file, of which the sources begin with the most particular dialect.

    It is laid over from the other end, for what a dialect has `also` is added to what is there by then.
    """
    *others, content = (each.content for each in sources)
    for over in reversed(others):
        content = merged(content, over)
    return content


def _sources(library: Library, name: str) -> dict[str, Source]:
    if (folder := library.folder(name)) is None:
        raise MappingError(
            name, (1, 1), f"there is no dialect {name}; there is {', '.join(library.dialects())}"
        )
    paths = (path for path in sorted(folder.glob("*.yaml")) if path.stem != SLOTS)
    return {path.stem: read(path, shown(path)) for path in paths}


def correspondences(library: Library, name: str) -> dict[str, Source]:
    """The correspondences of a dialect itself, by name without suffix; MappingError for what is no YAML."""
    folder = library.folder(name)
    found = sorted((folder / CORRESPONDENCES).glob("*.yaml")) if folder else ()
    return {path.stem: read(path, shown(path)) for path in found}


def shown(path: Path) -> str:
    """How messages name a file of a dialect: from the folder of mappings on, `mappings/vng/partijen.yaml`."""
    parts = path.parts
    return "/".join(parts[-4:] if parts[-2] in (OVERLAYS, OBJECTTYPES, CORRESPONDENCES) else parts[-3:])


def merged(base: Any, over: Any) -> Any:
    if isinstance(base, list) and isinstance(over, dict) and _changes_list(over):
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


def _changes_list(over: dict[str, Any]) -> bool:
    """Whether it says what a list is to be without, or has besides; what does not is told by the check."""
    lists = all(isinstance(each, list) for each in over.values())
    return bool(over) and set(over) <= {ALSO, WITHOUT} and lists


def _joined(base: list[Any], over: dict[str, Any]) -> list[Any]:
    """A list without those that the other is `without`, and with what it has `also`."""
    names = over.get(WITHOUT, ())
    # what there is not to be left out is for the check to tell
    unknown = [{WITHOUT: name} for name in names if name not in [named(each) for each in base]]
    return [*(each for each in base if named(each) not in names), *over.get(ALSO, ()), *unknown]


def _left(base: dict[str, Any], over: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what is extended without what the other is `without`, the other with the names that are not there)."""
    names = over.get(WITHOUT)
    if not isinstance(names, list) or not all(isinstance(each, str | int) for each in names):
        return base, over
    unknown = {WITHOUT: left} if (left := [name for name in names if name not in base]) else {}
    rest = {name: value for name, value in over.items() if name != WITHOUT}
    return {name: value for name, value in base.items() if name not in names}, {**rest, **unknown}
