"""Deployments for tests whose every exchange with a register is checked against the register's contract."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from adapter.demo.orders import Orders
from adapter.demo.places import REGISTERS, find_places
from adapter.demo.registers import serve
from adapter.demo.settings import demo_configuration
from adapter.errors import RegisterAnswer
from adapter.main import Adapter, prepare
from adapter.registers.contract import Finding
from adapter.shipped import register_document

from tests.checked_once import CheckedOnce
from tests.short_way import running


def check_exchanges(adapter: Adapter) -> list[Finding]:
    """Checks every exchange from now on; what breaks a contract ends its request and is in the list."""
    findings: list[Finding] = []

    def refuse(finding: Finding) -> None:
        findings.append(finding)
        raise RegisterAnswer(finding.register)

    for name, register in adapter.registers.items():
        document = register_document(name, adapter.configuration.registers[name].dialect)
        if document:
            register.contract = CheckedOnce(name, document, refuse)
    return findings


@contextmanager
def demo_deployment(dialect: str, *, fill: bool) -> Iterator[Adapter]:
    """A deployment before the registers of a demonstration, its objecttypes made."""
    places = find_places(None)
    orders = Orders({name: places[name] for name in REGISTERS}, dialect, fill=fill)
    with ExitStack() as stack, patch("adapter.demo.registers.running", running):
        serve(orders, stack)
        adapter = prepare(demo_configuration(places, dialect, ":memory:"))
        stack.callback(adapter.close)
        list(adapter.set_up())
        yield adapter
