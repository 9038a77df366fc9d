"""Whenever KlantBrug dies, the registers hold all of a write or nothing of it."""

import sqlite3
import time

import pytest
import requests
from adapter.state.opening import open_database

from tests import bodies
from tests.journal.killing import site

LONGEST_WRITE = 20


@pytest.fixture(scope="module", params=[("vng", False), ("openklant", True)], ids=["before", "after"])
def killed(request, tmp_path_factory):
    """A KlantBrug that can be killed, its folder, and whether that is after the register did a write."""
    dialect, after = request.param
    folder = tmp_path_factory.mktemp(f"killed-{dialect}")
    with site(folder, dialect, str(folder / "state.sqlite3")) as found:
        yield found, folder, after


def contents(folder):
    """Everything in the registers, apart from how often and when it was written."""
    found = {}
    for name, tables in {
        "klanten": ("klanten", "contactmomenten", "klantcontactmomenten", "objectcontactmomenten"),
    }.items():
        with sqlite3.connect(folder / f"{name}.sqlite3") as database:
            for table in tables:
                found[table] = sorted(map(repr, database.execute(f"SELECT * FROM {table}")))
    return found


def objects_of(served, killed):
    """The data of all objects, by uuid."""
    place = killed.places["objects"]
    session = requests.Session()
    session.trust_env = False
    headers = {"Authorization": "Token demo"}
    answer = session.get(f"{place.origin}/api/v2/objects?pageSize=500", headers=headers, timeout=10)
    return {each["uuid"]: each["record"]["data"] for each in answer.json()["results"]}


def everything(killed, folder):
    return contents(folder), objects_of(killed.served, killed)


def journal_is_empty(killed):
    """Wait until the sweep has closed everything."""
    until = time.monotonic() + 15
    database = open_database(killed.configuration.state)
    try:
        while time.monotonic() < until:
            with database.transaction() as transaction:
                if not transaction.run("SELECT 1 FROM writes"):
                    return True
            time.sleep(0.05)
    finally:
        database.close()
    return False


def a_form(it):
    onderwerp = {k: v for k, v in bodies.onderwerp(it["contact"]).items() if k != "klantcontact"}
    return (
        "POST",
        "maak-klantcontact",
        {
            "klantcontact": bodies.contact(metadata={"a": "b"}),
            "betrokkene": {
                "rol": "klant",
                "initiator": False,
                "wasPartij": bodies.ref(it["partij"]),
                "organisatienaam": "O",
            },
            "onderwerpobject": onderwerp,
        },
    )


def a_partij(it):
    nested = bodies.identificator("bsn", it["bsn"])
    del nested["identificeerdePartij"]
    body = bodies.persoon(interneNotitie="n", rekeningnummers=[], partijIdentificatoren=[nested])
    return "POST", "partijen", body


def an_address(it):
    body = bodies.adres("p@example.nl", partij=it["partij"], isStandaardAdres=True)
    return "POST", "digitaleadressen", body


def a_delete(it):
    return "DELETE", f"klantcontacten/{it['going']['uuid']}", None


WRITES = [a_form, a_partij, an_address, a_delete]


def known(served):
    contact = served.post("klantcontacten", bodies.contact())
    going = served.post("klantcontacten", bodies.contact(metadata={"c": "d"}, todo="Bel"))
    partij = served.post("partijen", bodies.persoon(interneNotitie="x"))
    served.post("betrokkenen", bodies.betrokkene(going, partij, organisatienaam="O"))
    return {"contact": contact, "partij": partij, "going": going, "bsn": bodies.OTHER_BSN}


@pytest.mark.parametrize("write", WRITES, ids=lambda it: it.__name__)
def test_a_write_is_done_or_not_done(killed, write):
    """Killed before or after any register write: after the restart all of it is there or none of it."""
    killed, folder, after = killed
    it = known(killed.served)
    method, path, body = write(it)
    steps = 0
    for step in range(LONGEST_WRITE):
        before = everything(killed, folder)
        killed.killer.order(step, after=after)
        try:
            answer = killed.served.call(method, path, json=body)
        except requests.ConnectionError:
            answer = None
        killed.killer.order(None)
        if answer is not None:
            assert answer.status_code < 300, answer.text
            break
        steps += 1
        killed.kill()
        killed.start()
        assert journal_is_empty(killed), f"killed at write {step}"
        if method == "DELETE" and killed.served.call("GET", path).status_code == 404:
            gone(killed, folder, it)
            break
        assert everything(killed, folder) == before, f"killed at write {step}"
    assert steps > 1


def gone(killed, folder, it):
    """Nothing of the contact is left anywhere."""
    records, data = everything(killed, folder)
    assert it["going"]["uuid"] not in repr(records)
    assert it["going"]["uuid"] not in repr(data)
