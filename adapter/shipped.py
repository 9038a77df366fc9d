"""The mappings and the registers' documents that come with KlantBrug, apart from any deployment.

Light on purpose: commands about mappings start without the HTTP face and the registers' clients.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adapter.dialects import lineage, mappings_folder
from adapter.mapping.checking import check
from adapter.mapping.examples.trial import Outcome, trial
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.load import dialects, load
from adapter.mapping.model import Mappings
from adapter.mapping.source import MappingError
from adapter.openapi import overlay
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.specifications import overlay_names, specification

SERVED = "klantinteracties"

_PACKAGE = Path(__file__).parent


@cache
def served_document() -> Document:
    """The specification that is served."""
    return Document.load(specification(SERVED))


@cache
def known_registers() -> Mapping[str, Any]:
    """What is known of each register, by name."""
    found: dict[str, Any] = read_yaml(_PACKAGE / "configuration" / "registers.yaml")
    return found


@cache
def standard(register: str) -> Mapping[str, Any] | None:
    """The specification of a register as its standard has it; None for one without a document."""
    name = known_registers()[register].get("document")
    return read_yaml(specification(name)) if name else None


@cache
def register_document(register: str, dialect: str) -> Mapping[str, Any] | None:
    """The specification of a register with what a dialect adds to it; None for one without a document."""
    document = standard(register)
    always = known_registers()[register].get("overlay")
    for name in [*([always] if always else []), *overlay_names(register, lineage(dialect))]:
        if document:
            document = overlay.apply(document, read_yaml(specification(f"overlays/{name}")))
    return document


@cache
def standard_documents() -> Mapping[str, Document]:
    """The specifications of all registers that have one, as their standards have them."""
    found = {name: standard(name) for name in known_registers()}
    return {name: Document(document) for name, document in found.items() if document}


def register_documents(dialect: str) -> dict[str, Document]:
    """The specifications of all registers that have one, as a dialect has them."""
    found = {name: register_document(name, dialect) for name in known_registers()}
    return {name: Document(document) for name, document in found.items() if document}


@cache
def known_settings() -> Mapping[str, Any]:
    """The JSON Schema of each setting that a mapping may name."""
    found: dict[str, Any] = read_yaml(_PACKAGE / "configuration" / "settings.yaml")["properties"]
    return found


def example_settings() -> dict[str, Any]:
    """The settings with which examples are run: the defaults, and an example of what has none."""
    return {
        name: each["default"] if "default" in each else each["examples"][0]
        for name, each in known_settings().items()
    }


def check_mappings(folder: Path | None = None) -> list[MappingError]:
    """Every mistake in the mappings of every dialect; empty when there is none."""
    return check(
        folder or mappings_folder(),
        served=served_document(),
        registers=standard_documents(),
        settings=known_settings(),
    )


def shipped_mappings(dialect: str, settings: Mapping[str, Any] | None = None) -> Mappings:
    """The mappings of a dialect with settings (else those) and URLs of examples: no register is needed."""
    return load(
        mappings_folder(),
        dialect,
        served=served_document(),
        registers=register_documents(dialect),
        settings=settings or example_settings(),
        links=ExampleLinks(),
    )


def try_mappings(folder: Path | None = None) -> dict[str, list[Outcome]]:
    """What came of every example in the mappings, by dialect. Raises MappingError."""
    found = folder or mappings_folder()
    return {
        dialect: list(
            trial(
                found,
                dialect,
                served=served_document(),
                registers=register_documents(dialect),
                settings=example_settings(),
            )
        )
        for dialect in dialects(found)
    }
