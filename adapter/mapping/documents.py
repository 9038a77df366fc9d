"""The documents that a dialect's mappings are checked against: of its registers, and of its objecttypes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yaml import YAMLError

from adapter.dialects import OBJECTTYPES, OVERLAYS, Library, read_shape
from adapter.mapping.load import shown
from adapter.mapping.source import MappingError, read
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.overlay import OverlayError, apply

_START = (1, 1)


def overlaid(library: Library, document: Document, register: str, chain: tuple[str, ...]) -> Document:
    """The document of a register as the dialect has it; the overlays of what it extends come first."""
    if not (files := tuple(library.overlays(register, chain))):
        return document
    if ("overlaid", files) not in document.kept:
        raw = document.raw
        for file in files:
            raw = apply(raw, read_yaml(file))
        document.kept["overlaid", files] = Document(raw)
    made: Document = document.kept["overlaid", files]
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
    for path in sorted((folder / OVERLAYS).glob("*")) if folder else ():
        try:
            before = {name: overlaid(library, each, name, extended) for name, each in registers.items()}
        except (OverlayError, YAMLError):
            return  # told of the dialect that has it
        yield from _wrong_overlay(path, before)
    for path in sorted((folder / OBJECTTYPES).glob("*")) if folder else ():
        yield from _wrong_shape(path)


def _wrong_overlay(path: Path, registers: Mapping[str, Document]) -> Iterator[MappingError]:
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
        apply(registers[path.stem].raw, source.content)
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
