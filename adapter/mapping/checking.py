"""The static check of mappings: every mistake that can be seen without a register, all at once.

Pure but for reading files: the mappings, the shapes of objecttypes, and the overlays of the dialects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.dialects import Library
from adapter.mapping.check.coverage import coverage
from adapter.mapping.check.examples import examples
from adapter.mapping.check.filters import filters
from adapter.mapping.check.homes import homes
from adapter.mapping.check.language import kind_of
from adapter.mapping.check.lowered import lowered_words
from adapter.mapping.check.members import members
from adapter.mapping.check.offers import offers
from adapter.mapping.check.operations import operations
from adapter.mapping.check.pairs import pairs
from adapter.mapping.check.settings import own, settings
from adapter.mapping.check.twice import twice
from adapter.mapping.check.unreadable import without
from adapter.mapping.constructs import composition
from adapter.mapping.constructs.relation import relations
from adapter.mapping.constructs.rules import rules
from adapter.mapping.constructs.subjects import subjects
from adapter.mapping.constructs.tells import tells
from adapter.mapping.documents import overlaid, shape_documents, wrong_documents
from adapter.mapping.files import DIALECT, REGISTERS, Files, read_files, shown
from adapter.mapping.language.grammar import MEANT, Problem, way_out
from adapter.mapping.language.ground import Ground, View
from adapter.mapping.load import LACKING
from adapter.mapping.locating import located
from adapter.mapping.lowering_parts import strange_parts
from adapter.mapping.own_settings import own_settings
from adapter.mapping.slot_files import SlotCheck
from adapter.mapping.source import MappingError, Position, read
from adapter.openapi.document import Document, UnknownReference

# The name of a file without suffix, and what is wrong in it.
Told = tuple[str, Problem]

_CHECKS: tuple[Callable[[Ground, View], Iterator[Problem]], ...] = (
    members,
    relations,
    homes,
    pairs,
    tells,
    coverage,
    rules,
    filters,
    operations,
)


def check(
    library: Library, *, served: Document, registers: Mapping[str, Document], settings: Mapping[str, Any]
) -> list[MappingError]:
    """Every mistake in the dialects of the first folder of a library, by file and line; empty without one.

    Those are the municipality's own where it has any: what comes with KlantBrug is right. `registers` are the
    documents as their standards have them, by the name of the register: the overlay of a dialect is laid over
    them here. `settings` are the settings that a mapping may name.
    """
    mistakes, language, slot_check = _Mistakes(), _Language(), SlotCheck(library)
    told: dict[str, set[Told]] = {}
    for files in sorted(_readable(library, registers, mistakes), key=lambda each: len(each.chain)):
        found = dict.fromkeys(_Dialect(library, files, served, registers, settings, language).problems())
        told[files.dialect] = set(found)
        inherited = set().union(*(told.get(each, set()) for each in files.chain[1:]))
        for stem, problem in found:
            if (stem, problem) not in inherited:
                mistakes.add(located(files, stem, problem), files.dialect)
        # what a mapping that cannot be read needs is not known
        if not any(each[1].blocking or _is_misspelt(each) for each in found):
            for mistake in slot_check.mistakes(files):
                mistakes.add(mistake, files.dialect)
    return mistakes.all()


class _Mistakes:
    """What was found, each once, with the dialects in which it holds."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Position, str], list[str]] = {}

    def add(self, mistake: MappingError, dialect: str) -> None:
        """One more, or one that another dialect has as well."""
        key = (mistake.file, mistake.position, mistake.problem)
        self._found.setdefault(key, []).append(dialect)

    def all(self) -> list[MappingError]:
        """All of them, by file and line."""
        return [MappingError(*key, sorted(set(self._found[key]))) for key in sorted(self._found)]


def _readable(library: Library, registers: Mapping[str, Document], mistakes: _Mistakes) -> Iterator[Files]:
    """The dialects of which every file can be read; what is wrong with the others goes to `mistakes`."""
    names = sorted(each.name for each in library.folders[0].iterdir() if any(each.glob("*.yaml")))
    broken: set[str] = set()
    for name in sorted(names, key=lambda each: len(library.lineage(each))):
        wrong = list(_unreadable(library, name)) or list(wrong_documents(library, name, registers))
        try:
            files = None if wrong else read_files(library, name)
        except MappingError as mistake:
            wrong = [mistake]
        for each in wrong:
            mistakes.add(each, name)
        if wrong or broken & set(library.lineage(name)):
            broken.add(name)
        elif files is not None:
            yield files


def _unreadable(library: Library, name: str) -> Iterator[MappingError]:
    folder = library.folders[0] / name
    if any((other / name).is_dir() for other in library.folders[1:]):
        problem = f"there is a dialect {name} already, which comes with KlantBrug: give this one another name"
        yield MappingError(f"{library.folders[0].name}/{name}", (1, 1), problem)
    for path in sorted(folder.glob("*.yaml")):
        try:
            read(path, shown(path))
        except MappingError as mistake:
            yield mistake


class _Language:
    """What is wrong in the language of a file, looked for once however many dialects have it as it is."""

    def __init__(self) -> None:
        # A content is kept with its problems, so that its id stays its own.
        self._found: dict[int, tuple[Any, list[Problem]]] = {}

    def problems(self, stem: str, content: dict[str, Any]) -> list[Problem]:
        """Those of the file of that name."""
        if id(content) not in self._found:
            self._found[id(content)] = content, list(kind_of(stem, content).problems(content, ()))
        return self._found[id(content)][1]


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One dialect of a library with those that it extends."""

    library: Library
    files: Files
    served: Document
    registers: Mapping[str, Document]
    settings: Mapping[str, Any]
    language: _Language

    def problems(self) -> Iterator[Told]:
        """All problems, those of the language first; what follows from a misspelt name would only hide it."""
        if REGISTERS not in self.files.contents:
            yield next(iter(self.files.contents)), Problem((), LACKING)
            return
        contents = self.files.written.items()
        found = [(stem, each) for stem, content in contents for each in self.language.problems(stem, content)]
        found += lowered_words(self.files)
        if misspelt := [told for told in found if _is_misspelt(told)]:
            yield from misspelt
            return
        yield from found
        broken = {stem for stem, problem in found if problem.blocking}
        if not {REGISTERS, DIALECT} & broken:
            meant = list(self._meaning(broken))
            first = [told for told in meant if _is_misspelt(told) or told[1].blocking]
            yield from first or meant

    def _meaning(self, broken: set[str]) -> Iterator[Told]:
        views: dict[str, View] = {}
        compositions: dict[str, Any] = {}
        stems: dict[str, str] = {}
        for stem, content in self.files.contents.items():
            name = content.get("resource")
            if stem in (DIALECT, REGISTERS) or not isinstance(name, str):
                continue
            if name in stems:
                yield stem, Problem(("resource",), f"{name} has a mapping already, in {stems[name]}.yaml")
            stems[name] = stem
            if "parts" in content:
                compositions[name] = content
            else:
                views[name] = self._view(name, stem, content, readable=stem not in broken)
        ground = self._ground(views, compositions)
        yield from self._unmapped(stems)
        yield from self._problems(ground, stems, broken)

    def _view(self, name: str, stem: str, content: dict[str, Any], *, readable: bool) -> View:
        written = self.files.written[stem]
        sound = content if readable else without(content, self.language.problems(stem, written))
        return View(name, stem, sound, str(content.get("schema", "")), readable)

    def _ground(self, views: Mapping[str, View], compositions: Mapping[str, Any]) -> Ground:
        return Ground(
            served=self.served,
            documents={
                name: overlaid(self.library, document, name, self.files.chain)
                for name, document in self.registers.items()
            },
            types=shape_documents(self.library, self.files.chain),
            settings={**own_settings(self.files.contents.get(DIALECT, {})), **self.settings},
            views=views,
            parts=compositions,
            registers=self.files.contents[REGISTERS],
            gathered=self.files.gathered,
        )

    def _problems(self, ground: Ground, stems: Mapping[str, str], broken: set[str]) -> Iterator[Told]:
        for problem in own(self.files.contents.get(DIALECT, {}), self.settings):
            yield DIALECT, problem
        for problem in offers(ground):
            yield REGISTERS, problem
        yield from twice(self.library, self.files)
        for stem, (source, *_) in self.files.sources.items():
            yield from ((stem, problem) for problem in strange_parts(source.content, self.files.parts))
        for name in self._unused_shapes(ground):
            yield DIALECT, Problem((), f"there is a schema of {name} in objecttypes, which no home uses")
        for name, content in ground.parts.items():
            if stems[name] not in broken:
                yield from ((stems[name], problem) for problem in composition.problems(ground, content))
        for view in ground.views.values():
            if view.readable:
                yield from ((view.stem, problem) for problem in _of_one(ground, view))

    def _unused_shapes(self, ground: Ground) -> set[str]:
        """The objecttypes of which this dialect itself has a schema for nothing."""
        chain = self.files.chain
        added = self.library.shapes(chain).keys() - self.library.shapes(chain[1:]).keys()
        return added - {home.get("object") for view in ground.views.values() for home in view.homes.values()}

    def _unmapped(self, stems: Mapping[str, str]) -> Iterator[Told]:
        for operation in self.served.operations:
            if operation.method == "post" and operation.collection not in stems:
                text = f"there is no mapping for {operation.collection} of the specification"
                yield REGISTERS, Problem((), text)


def _is_misspelt(told: Told) -> bool:
    """Whether it is a name that looks like a right one: what follows from it would hide it."""
    return MEANT in told[1].text


def _of_one(ground: Ground, view: View) -> Iterator[Problem]:
    yield from settings(ground, view.content)
    try:
        ground.served.schema(view.schema)
    except UnknownReference:
        known = ground.served.raw["components"]["schemas"]
        yield Problem(("schema",), f"there is no schema {view.schema}{way_out(view.schema, known)}")
        return
    found = [problem for each in _CHECKS for problem in each(ground, view)]
    # Data subjects are at the end of paths that others say, and examples name what the rest of the file does:
    # its mistakes would be told twice.
    yield from found or [*subjects(ground, view), *examples(ground, view)]
