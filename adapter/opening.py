"""Opening what a configuration names: the clients of its registers, and its mappings."""

from collections.abc import Mapping

from adapter.configuration import Configuration, RegisterConfiguration
from adapter.counts import Counts
from adapter.dialects import USER_HEADER, Library
from adapter.engine.deployment import RegisterLinks
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.mapping.load import load
from adapter.mapping.model import Mappings
from adapter.openapi.document import Document
from adapter.registers.client import Register
from adapter.registers.messages import Contract, Mode
from adapter.registers.services import build_service
from adapter.shipped import (
    document_of,
    known_registers,
    register_document,
    register_documents,
    served_document,
)


def load_mappings(configuration: Configuration, registers: Mapping[str, Register]) -> Mappings:
    """The mappings of the configured dialect, compiled with the settings of the deployment."""
    dialects_of = {name: register.dialect for name, register in configuration.registers.items()}
    return _compiled(configuration, dialects_of, registers)


def _compiled(
    configuration: Configuration, register_dialects: Mapping[str, str], registers: Mapping[str, Register]
) -> Mappings:
    library = configuration.library
    found = register_documents(configuration.dialect, library)
    for name in found.keys() & register_dialects:
        found[name] = document_of(name, register_dialects[name], library) or Document({})
    return load(
        library,
        configuration.dialect,
        served=served_document(),
        registers=found,
        settings=configuration.settings,
        links=RegisterLinks(registers),
    )


def open_registers(configuration: Configuration, counts: Counts | None = None) -> dict[str, Register]:
    """The clients of all registers of the configuration, by name; the caller closes them."""
    return {name: open_register(it, configuration, counts) for name, it in configuration.registers.items()}


def open_register(
    register: RegisterConfiguration, configuration: Configuration, counts: Counts | None = None
) -> Register:
    """The client of one register, with its contract if that is to be checked; findings go to `counts`."""
    known = known_registers()[register.name]
    library = configuration.library
    said = library.facts(register.name, library.lineage(register.dialect))
    records = RECORDS_PER_PAGE if known.get("whole_pages") else 1
    return Register(
        register.name,
        build_service(register.service, register.certificates),
        aliases=register.aliases,
        headers=known.get("headers"),
        user_header=said.get(USER_HEADER, ""),
        reads=known.get("reads", ()),
        limits=configuration.limits.register_limits(float(register.service["timeout"]), records),
        contract=_contract(register, library, counts),
        contract_share=register.contract_share,
    )


def _contract(register: RegisterConfiguration, library: Library, counts: Counts | None) -> Contract | None:
    document = register_document(register.name, register.dialect, library)
    if register.contract is Mode.OFF or document is None:
        return None
    from adapter.registers.contract import contract_for  # noqa: PLC0415  (openapi-core: half a second)

    return contract_for(register.name, document, register.contract, counts)
