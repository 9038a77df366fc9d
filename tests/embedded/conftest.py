from collections.abc import Iterator

import pytest
from adapter.embedded import klanten_contactmomenten, zaken

from tests.embedded.registers_client import RegistersClient
from tests.short_way import running


@pytest.fixture(scope="module")
def registers() -> Iterator[RegistersClient]:
    """Registers that behave as Open Klant 1.0, empty at the start of a test module."""
    with running(zaken.create_app()) as zaken_base:
        app = klanten_contactmomenten.create_app(zaken=[zaken_base])
        with running(app) as base:
            yield RegistersClient(base, zaken_base)


@pytest.fixture(scope="module")
def strict_registers() -> Iterator[RegistersClient]:
    """Registers that keep to the bare specifications, empty at the start of a test module."""
    with running(zaken.create_app()) as zaken_base:
        app = klanten_contactmomenten.create_app(lineage=("vng",), zaken=[zaken_base])
        with running(app) as base:
            yield RegistersClient(base, zaken_base)
