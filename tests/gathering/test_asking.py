"""What is known here is not asked of the registers."""

from collections import Counter
from contextlib import contextmanager

import pytest
from adapter.registers.client import Register

from tests.gathering.service import served, suite
from tests.gathering.test_service import actor, task, whole


@pytest.fixture(scope="module")
def desk():
    with suite() as town, served(town) as client:
        yield client


@pytest.fixture
def asked(monkeypatch):
    """Counts the calls of registers, by register and method, within a block."""
    call, counts = Register.call, Counter()

    def counted(self, method, *given, **named):
        counts[f"{self.name} {method}"] += 1
        return call(self, method, *given, **named)

    monkeypatch.setattr(Register, "call", counted)

    @contextmanager
    def block():
        counts.clear()
        yield counts

    return block


def test_a_contact_that_is_held_is_read_without_the_e_suite(desk, asked):
    """And one that was sent with one call, of its record, for every piece of it and for all together."""
    pieces = whole(desk)
    made = pieces["klantcontacten"]
    together = {"expand": "hadBetrokkenen.digitaleAdressen,hadBetrokkenen,gingOverOnderwerpobjecten"}
    for kind, each in pieces.items():
        with asked() as calls:
            desk.get(f"{kind}/{each['uuid']}", **(together if each is made else {}))
        assert calls["contactmomenten GET"] == 0, (kind, calls)
    pieces["internetaken"] = task(desk, made, actor(desk, "Frontoffice"))
    together["expand"] += ",leiddeTotInterneTaken"
    for kind, each in pieces.items():
        with asked() as calls:
            desk.get(f"{kind}/{each['uuid']}", **(together if each is made else {}))
        assert calls["contactmomenten GET"] == 1, (kind, calls)
