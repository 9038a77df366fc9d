"""The doctor finds what is not in order in the registers, and names it by uuids only."""

from dataclasses import replace

import pytest
from adapter.engine.maintenance.examination import examine
from adapter.main import prepare

from tests import bodies

pytestmark = pytest.mark.alternating

KINDS = [
    "duplicates",
    "references to unknown hosts",
    "dangling references",
    "supplements whose basis changed",
    "supplements without a record",
]


@pytest.fixture
def examined(deployment, tmp_path):
    """What the doctor finds now: what → lines."""
    found = prepare(replace(deployment.configuration, state=str(tmp_path / "state.sqlite3")))
    world = found.deployment(deployment.made)
    yield lambda: {each.what: list(each.lines) for each in examine(world)}
    found.close()


def test_registers_in_order_have_nothing(examined, served, old):
    """Records of new and old clients that agree are no findings."""
    partij = served.post("partijen", bodies.persoon(interneNotitie="n"))
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}, nummer="0000000001"))
    served.post("betrokkenen", bodies.betrokkene(contact, partij, organisatienaam="O"))
    served.post("digitaleadressen", bodies.adres("a@example.nl", partij=partij, isStandaardAdres=True))
    old.link(old.moment(), old.klant())
    assert examined() == {kind: [] for kind in KINDS}


def test_each_disorder_is_found_once(examined, deployment, served, old):
    """Two klanten with one BSN, a link to another host, a deleted klant, an edit by an old client."""
    partij = served.post("partijen", bodies.persoon(interneNotitie="n"))
    contact = served.post("klantcontacten", bodies.contact())
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, organisatienaam="O"))
    other = served.post("partijen", bodies.persoon())
    spokesman = served.post("betrokkenen", bodies.betrokkene(contact, other, rol="vertegenwoordiger"))
    one, two = old.klant(), old.klant()
    moment = old.moment()
    link = old.link(moment, one)
    with deployment.databases["klanten"] as database:
        elsewhere = "https://elders.example.nl/klanten/api/v1/klanten/" + partij["uuid"]
        database.execute(
            "UPDATE klantcontactmomenten SET data = json_set(data, '$.klant', ?) WHERE uuid = ?",
            (elsewhere, link["url"].rpartition("/")[2]),
        )
        database.execute(
            "UPDATE klantcontactmomenten SET data = json_set(data, '$.rol', 'belanghebbende') WHERE uuid = ?",
            (spokesman["uuid"],),
        )
        database.execute("DELETE FROM klanten WHERE uuid = ?", (partij["uuid"],))
    with deployment.databases["objects"] as database:
        statement = "UPDATE records SET data = json_set(data, '$.wasPartij', json(?)) WHERE uuid = ?"
        gone = f'{{"uuid": "{partij["uuid"]}"}}'
        database.execute(statement, (gone, betrokkene["uuid"]))
    found = examined()
    uuids = sorted(each["url"].rpartition("/")[2] for each in (one, two))
    assert any(all(uuid[:8] in line for uuid in uuids) for line in found["duplicates"])
    assert found["references to unknown hosts"] == [f"betrokkenen {link['url'].rpartition('/')[2]} klant"]
    assert f"betrokkenen {betrokkene['uuid']} wasPartij" in found["dangling references"]
    assert found["supplements whose basis changed"] == [f"betrokkenen {spokesman['uuid']} rol"]
    assert len(found["supplements without a record"]) == 1
    assert not any(value in str(found) for value in ("belanghebbende", "999990019", "elders", "Vries"))
