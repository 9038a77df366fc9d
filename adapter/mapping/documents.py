"""The documents that a dialect's mappings are checked against: of its registers, and of its objecttypes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yaml import YAMLError

from adapter.dialects import DIALECT_FILE, DOCUMENT, OBJECTTYPES, OVERLAYS, Library, read_shape
from adapter.mapping.files import REGISTERS, shown
from adapter.mapping.source import MappingError, read
from adapter.openapi.document import Document, parse_yaml, read_yaml
from adapter.openapi.overlay import OverlayError, apply
from adapter.openapi.specifications import specification

_START = (1, 1)


def overlaid(library: Library, document: Document, register: str, chain: tuple[str, ...]) -> Document:
    """The document of a register as the dialect has it; the overlays of what it extends come first.

    `document` is that of the standard, instead of which the dialect may name another.
    """
    own = library.facts(register, chain).get(DOCUMENT)
    overlays = tuple(file.read_text(encoding="utf-8") for file in library.overlays(register, chain))
    if own is None and not overlays:
        return document
    if ("overlaid", own, overlays) not in document.kept:
        raw = read_yaml(specification(own)) if own else document.raw
        for overlay in overlays:
            raw = apply(raw, parse_yaml(overlay) or {})
        document.kept["overlaid", own, overlays] = Document(raw)
    made: Document = document.kept["overlaid", own, overlays]
    return made


def shape_documents(library: Library, chain: tuple[str, ...]) -> Mapping[str, Document]:
    """The shapes of the objecttypes that are not our own, each as a document with one schema."""
    shapes = library.shapes(chain).items()
    return {name: Document({"components": {"schemas": {name: schema}}}) for name, schema in shapes}


def wrong_documents(
    library: Library, dialect: str, registers: Mapping[str, Document]
) -> Iterator[MappingError]:
    """What is wrong with the overlays and the shapes of objecttypes in the folder of a dialect.

    `registers` are the documents as their standards have them; an overlay is tried on the one that it names,
    with the overlays of the dialects that this one extends.
    """
    folder, extended = library.folder(dialect), library.lineage(dialect)[1:]
    if folder and (wrong := list(_wrong_names(folder / DIALECT_FILE, registers))):
        yield from wrong
        return
    for path in sorted((folder / OVERLAYS).glob("*")) if folder else ():
        try:
            for name, each in registers.items():
                overlaid(library, each, name, extended)
        except (OverlayError, YAMLError):
            return  # told of the dialect that has it
        yield from _wrong_overlay(library, path, dialect, registers)
    for path in sorted((folder / OBJECTTYPES).glob("*")) if folder else ():
        yield from _wrong_shape(path)


def _wrong_names(path: Path, registers: Mapping[str, Document]) -> Iterator[MappingError]:
    """What is wrong with the registers of a `dialect.yaml`: their own names, and those of documents."""
    if not path.is_file():
        return
    source = read(path, shown(path))
    said = source.content.get(REGISTERS)
    for name, each in said.items() if isinstance(said, dict) else ():
        if name not in registers:
            problem = f"there is no register {name}; there is {', '.join(sorted(registers))}"
            yield source.error((REGISTERS, name), problem)
        own = each.get(DOCUMENT) if isinstance(each, dict) else None
        if isinstance(own, str) and not specification(own).is_file():
            yield source.error((REGISTERS, name, DOCUMENT), f"there is no specification {own}.yaml in specs/")


def _wrong_overlay(
    library: Library, path: Path, dialect: str, registers: Mapping[str, Document]
) -> Iterator[MappingError]:
    """What is wrong with an overlay of a dialect; those of the dialects that it extends are right."""
    if path.suffix != ".yaml" or path.stem not in registers:
        names = ", ".join(f"{name}.yaml" for name in sorted(registers))
        yield MappingError(shown(path), _START, f"is no overlay of a register: there can be {names}")
        return
    try:
        source = read(path, shown(path))
    except MappingError as mistake:
        yield mistake
        return
    try:
        overlaid(library, registers[path.stem], path.stem, library.lineage(dialect))
    except OverlayError as error:
        node = ("actions",) if error.position is None else ("actions", error.position)
        yield source.error(node, str(error))


def _wrong_shape(path: Path) -> Iterator[MappingError]:
    schema: Any = read_shape(path.read_bytes()) if path.suffix == ".json" else None
    if not isinstance(schema, dict):
        yield MappingError(shown(path), _START, "is no JSON Schema: a file NAME.json with one object in JSON")
    elif not isinstance(schema.get("title"), str) or not isinstance(schema.get("properties"), dict):
        problem = "needs a title, the name by which mappings call the objecttype, and properties"
        yield MappingError(shown(path), _START, problem)
