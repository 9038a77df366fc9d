"""What is left when an old client deletes a record goes a day later, and nothing else ever does."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from adapter.engine.maintenance.orphans import DAY, OrphanSweep
from adapter.errors import RegisterError
from adapter.main import prepare

from tests import bodies
from tests.engine.old_kiss import OldKiss
from tests.unreliable import BROKEN, PORTAL, Fault

pytestmark = pytest.mark.alternating

NOW = 1_700_000_000.0
REFUSED = Fault(403, b'{"code": "permission_denied"}', b"application/json")
FAULTS = {"403": REFUSED, "500": BROKEN, "a portal": PORTAL}


@contextmanager
def worlds(deployment, tmp_path, number=1, **changes):
    """KlantBrugs before the registers of the deployment, with one state of their own."""
    configuration = replace(deployment.configuration, state=str(tmp_path / "state.sqlite3"), **changes)
    found = [prepare(configuration) for _ in range(number)]
    try:
        yield [each.deployment(deployment.made) for each in found]
    finally:
        for each in found:
            each.close()


@pytest.fixture
def world(deployment, tmp_path):
    with worlds(deployment, tmp_path) as (found,):
        yield found


def swept(world, now):
    found = OrphanSweep(world, now).run()
    return found.waiting, found.removed


@pytest.fixture
def left(served, old):
    """What hangs on a klant and on a contact that an old client deletes, and one of each that stays."""
    found = {}
    for name in ("gone", "stays"):
        partij = served.post("partijen", bodies.persoon(interneNotitie="n"))
        contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}))
        served.post("digitaleadressen", bodies.adres(f"{name}@example.nl", partij=partij))
        served.post("betrokkenen", bodies.betrokkene(contact, organisatienaam="O"))
        found[name] = (partij, contact)
    partij, contact = found["gone"]
    old.klanten.delete(f"klanten/{partij['uuid']}")
    old.contactmomenten.delete(f"contactmomenten/{contact['uuid']}")
    return found


def uuids_of(old):
    return {each["uuid"] for each in old.objects.all("objects")}


def hanging_on(old, partij):
    return {each["uuid"] for each in old.objects.all("objects") if partij["uuid"] in str(each)}


def test_an_orphan_goes_when_its_owner_is_missing_for_a_day(world, served, old, left):
    """Its aanvulling, addresses and betrokkenen; not at once, and nothing of what has its owner."""
    before = uuids_of(old)
    assert swept(world, NOW) == (4, 0)
    assert swept(world, NOW + DAY - 1) == (4, 0)
    assert uuids_of(old) == before
    assert swept(world, NOW + DAY) == (0, 4)
    assert len(before - uuids_of(old)) == 4
    assert swept(world, NOW + 3 * DAY) == (0, 0)
    (address,) = served.all("digitaleadressen")
    assert address["adres"] == "stays@example.nl"
    assert served.get("betrokkenen")["count"] == 1
    partij, contact = left["stays"]
    assert served.get(f"partijen/{partij['uuid']}")["interneNotitie"] == "n"
    assert served.get(f"klantcontacten/{contact['uuid']}")["metadata"] == {"a": "b"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["/klanten", "/klanten/"])
def test_a_register_that_does_not_tell_proves_nothing(deployment, world, left, fault, path):
    """A day of refusals or failures, of the whole collection or of each record, removes nothing."""
    old, (partij, _) = OldKiss(deployment), left["gone"]
    before = hanging_on(old, partij)
    with deployment.faults["klanten"].failing(FAULTS[fault], path=path):
        for now in (NOW, NOW + 2 * DAY):
            try:
                swept(world, now)
            except RegisterError:
                continue
    deployment.findings.clear()
    assert len(before) == 2
    assert hanging_on(old, partij) == before


def test_an_owner_that_is_there_again_begins_anew(deployment, world, old, left):
    """Missing once, there the next day, missing again: that is not two answers a day apart."""
    keep = deployment.databases["klanten"]
    assert swept(world, NOW) == (4, 0)
    rows = [row[0] for row in keep.execute("SELECT uuid FROM klanten")]
    partij, _ = left["gone"]
    with keep:
        keep.execute("UPDATE klanten SET uuid = ? WHERE uuid = ?", (partij["uuid"], rows[0]))
    swept(world, NOW + DAY / 2)
    with keep:
        keep.execute("UPDATE klanten SET uuid = ? WHERE uuid = ?", (rows[0], partij["uuid"]))
    waiting, removed = swept(world, NOW + DAY + 1)
    assert (waiting, removed) == (2, 2)


def test_another_host_proves_nothing(deployment, tmp_path, old, left):
    """A register that has moved, without its old name among the aliases, knows none of the owners."""

    def elsewhere(register):
        return replace(register, aliases=("https://nieuw.example.nl/klanten/api/v1/",))

    registers = {**deployment.configuration.registers}
    for name in ("klanten", "contactmomenten"):
        service = {**registers[name].service}
        service["api_root"] = service["api_root"].replace("127.0.0.1", "localhost")
        registers[name] = replace(elsewhere(registers[name]), service=service)
    before = uuids_of(old)
    with worlds(deployment, tmp_path, registers=registers) as (world,):
        assert swept(world, NOW) == (0, 0)
        assert swept(world, NOW + 2 * DAY) == (0, 0)
    assert uuids_of(old) == before


def test_replicas_sweep_together(deployment, tmp_path, old, left):
    """Two at once remove everything once, and periodically it is the turn of one of them."""
    before = uuids_of(old)
    with worlds(deployment, tmp_path, 2) as both:
        assert swept(both[0], NOW) == (4, 0)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda world: swept(world, NOW + DAY), both))
        assert sum(removed for _, removed in found) >= 4
        assert len(before - uuids_of(old)) == 4
        with ThreadPoolExecutor(8) as pool:
            turns = list(pool.map(lambda it: both[it % 2].state.orphans.turn(NOW, DAY), range(8)))
        assert turns.count(True) == 1
