"""Puts a deployment together from its configuration: registers, mappings, translation, HTTP face."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from adapter.configuration import Configuration, RegisterConfiguration
from adapter.configuration.model import read_data
from adapter.openapi import overlay
from adapter.openapi.document import read_yaml
from adapter.openapi.specifications import specification
from adapter.registers.client import Register
from adapter.registers.contract import Mode, contract_for
from adapter.registers.messages import Contract
from adapter.registers.services import build_service

EVERY_DIALECT = "*"


def open_registers(configuration: Configuration) -> dict[str, Register]:
    """The clients of all configured registers, by name; the caller closes them."""
    return {name: open_register(it, configuration) for name, it in configuration.registers.items()}


def open_register(register: RegisterConfiguration, configuration: Configuration) -> Register:
    """The client of one register, with its contract when the configuration wants it checked."""
    return Register(
        register.name,
        build_service(register.service, register.certificates),
        aliases=register.aliases,
        headers=read_data("registers.yaml")[register.name].get("headers"),
        limits=configuration.limits.register_limits(float(register.service["timeout"])),
        contract=_contract(register),
    )


def _contract(register: RegisterConfiguration) -> Contract | None:
    if register.contract is Mode.OFF or not (document := register_document(register.name, register.dialect)):
        return None
    return contract_for(register.name, document, register.contract)


@cache
def register_document(register: str, dialect: str) -> Mapping[str, Any] | None:
    """The specification of a register with what a dialect adds to it; None for one without a document."""
    facts = read_data("registers.yaml")[register]
    if "document" not in facts:
        return None
    document: dict[str, Any] = read_yaml(specification(facts["document"]))
    overlays = facts.get("overlays", {})
    for name in dict.fromkeys([overlays.get(EVERY_DIALECT), overlays.get(dialect)]):
        if name:
            document = overlay.apply(document, read_yaml(specification(f"overlays/{name}")))
    return document


def mappings_folder() -> Path:
    """Where the mappings are: beside the package in a checkout, inside it when it is installed."""
    package = Path(__file__).parent
    installed = package / "data" / "mappings"
    return installed if installed.exists() else package.parent / "mappings"
