"""The mappings and API documents that come with KlantBrug, and a municipality's own; of no deployment.

It imports neither the HTTP face nor the clients of registers, so that commands about mappings start quickly.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adapter.correspondence import gather_compiling
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.gathered import Gathered
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import CORRESPONDENCES, DIALECT_FILE, DOCUMENT, OBJECTTYPES, OVERLAYS, SHIPPED, Library
from adapter.mapping.checking import check
from adapter.mapping.examples.trial import Outcome, trial
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.files import DIALECT, read_files
from adapter.mapping.load import load
from adapter.mapping.model import Mappings
from adapter.mapping.own_settings import defaults, own_settings
from adapter.mapping.settings import Settings
from adapter.mapping.source import MappingError
from adapter.openapi import overlay
from adapter.openapi.blanks import with_blanks
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.specifications import specification

SERVED = "klantinteracties"

_PACKAGE = Path(__file__).parent


@cache
def served_document() -> Document:
    """The specification of the Klantinteracties API."""
    return Document.load(specification(SERVED))


@cache
def expands() -> Mapping[str, tuple[str, ...]]:
    """The names that each list of the Klantinteracties API can expand, by the first segment of its path."""
    raw = read_yaml(specification(SERVED))
    found = {}
    for path, operations in raw["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            name = str(parameter.get("$ref", "")).rpartition("/")[2]
            known = raw["components"]["parameters"].get(name, parameter)
            if known.get("name") == "expand" and path.count("/") == 1:
                found[path.strip("/")] = tuple(known["schema"]["items"]["enum"])
    return found


@cache
def known_registers() -> Mapping[str, Any]:
    """The facts about each register in `configuration/registers.yaml`, by its name."""
    found: dict[str, Any] = read_yaml(_PACKAGE / "configuration" / "registers.yaml")
    return found


@cache
def standard(register: str) -> Mapping[str, Any] | None:
    """The standard's specification of a register; None for a register without one."""
    name = known_registers()[register].get("document")
    return read_yaml(specification(name)) if name else None


@cache
def register_document(register: str, dialect: str, library: Library = SHIPPED) -> Mapping[str, Any] | None:
    """The specification of a register with the overlays of a dialect; None for a register without one."""
    lineage = library.lineage(dialect)
    own = library.facts(register, lineage).get(DOCUMENT)
    document = read_yaml(specification(own)) if own else standard(register)
    always = known_registers()[register].get("overlay")
    of_all = [specification(f"overlays/{always}")] if always else []
    for file in [*of_all, *library.overlays(register, lineage)]:
        if document:
            document = overlay.apply(document, read_yaml(file))
    return with_blanks(document) if known_registers()[register].get("blanks") else document


@cache
def standard_documents() -> Mapping[str, Document]:
    """The standards' specifications of all registers behind the served API that have one, by name."""
    found = {name: standard(name) for name in _behind()}
    return {name: Document(document) for name, document in found.items() if document}


def register_documents(dialect: str, library: Library = SHIPPED) -> dict[str, Document]:
    """The same with the overlays of a dialect."""
    found = {name: document_of(name, dialect, library) for name in _behind()}
    return {name: document for name, document in found.items() if document is not None}


@cache
def document_of(register: str, dialect: str, library: Library = SHIPPED) -> Document | None:
    """`register_document` as a document, which keeps what is derived from it."""
    found = register_document(register, dialect, library)
    return Document(found) if found else None


def _behind() -> list[str]:
    """The registers from which the Klantinteracties API is served."""
    return [name for name, known in known_registers().items() if SERVED in known["serves"]]


@cache
def known_settings() -> Mapping[str, Any]:
    """The JSON Schema of each setting that mappings may use, by its name."""
    found: dict[str, Any] = read_yaml(_PACKAGE / "configuration" / "settings.yaml")["properties"]
    return found


def example_settings() -> dict[str, Any]:
    """The settings for examples: the default of each, or the first example of one without a default."""
    return {
        name: each["default"] if "default" in each else each["examples"][0]
        for name, each in known_settings().items()
    }


def check_mappings(library: Library = SHIPPED) -> list[MappingError]:
    """All mistakes in the dialects of a library, the shipped ones only where it has no others."""
    found = check(
        library,
        served=served_document(),
        registers=standard_documents(),
        settings=known_settings(),
    )
    # Without the documents of its registers, nothing can be said of a correspondence.
    if any({OVERLAYS, OBJECTTYPES, DIALECT_FILE} & {*each.file.split("/")} for each in found):
        return found
    # What is wrong in a correspondence may make its homes wrong as well, which would hide it.
    wrong = dict.fromkeys(_check_correspondences(library))
    told = [each for each in wrong if not found or each.file.split("/")[-2] == CORRESPONDENCES]
    return told or found


def gathered(dialect: str, settings: Mapping[str, Any], library: Library = SHIPPED) -> Gathered | None:
    """What a dialect gathers, compiled with the settings of a deployment; None when it gathers nothing."""
    files = read_correspondences(library, dialect).values() if library.gathers(dialect) else ()
    compiler = Compiler(served_document(), register_documents(dialect, library), Settings(settings))
    found = (gather_compiling.compiled(compiler, each) for each in files if gather_compiling.gathers(each))
    return next(found, None)


def _check_correspondences(library: Library) -> Iterator[MappingError]:
    """The first mistake in the correspondences of each dialect, of unfinished ones too."""
    for dialect in library.tried():
        try:
            old = register_documents(dialect, library)
            settings = Settings({**_own_settings(library, dialect), **example_settings()})
            compiler = Compiler(served_document(), old, settings)
            for file in read_correspondences(library, dialect).values():
                if gather_compiling.gathers(file):
                    gather_compiling.compiled(compiler, file)
                else:
                    compiler.compiled(file)
        except MappingError as error:
            yield error


def _own_settings(library: Library, dialect: str) -> dict[str, Any]:
    """What the settings of a dialect's own are by default; its mappings may have mistakes."""
    return defaults(own_settings(read_files(library, dialect).contents.get(DIALECT, {})))


def shipped_mappings(
    dialect: str, settings: Mapping[str, Any] | None = None, library: Library = SHIPPED
) -> Mappings:
    """The compiled mappings of a dialect, with example URLs, so that no register is needed.

    `settings` are by default those for examples.
    """
    if library is SHIPPED and not settings:
        return _with_examples(dialect)
    return _compiled(dialect, settings or example_settings(), library)


@cache
def _with_examples(dialect: str) -> Mappings:
    return _compiled(dialect, example_settings(), SHIPPED)


def _compiled(dialect: str, settings: Mapping[str, Any], library: Library) -> Mappings:
    return load(
        library,
        dialect,
        served=served_document(),
        registers=register_documents(dialect, library),
        settings=settings,
        links=ExampleLinks(),
    )


def try_mappings(library: Library = SHIPPED) -> dict[str, list[Outcome]]:
    """The outcome of every example of the dialects that `check_mappings` checks, by dialect.

    Raises MappingError.
    """
    return {
        dialect: list(
            trial(
                library,
                dialect,
                served=served_document(),
                registers=register_documents(dialect, library),
                settings=example_settings(),
            )
        )
        for dialect in library.tried()
    }
