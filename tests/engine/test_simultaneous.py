"""Clients that write at the same moment lose nothing, and break no rule together."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from adapter.engine.transaction.steps import CHANGE, step_of
from adapter.state.locks import numbers
from adapter.state.opening import open_state

from tests import bodies
from tests.deployment import Client

pytestmark = pytest.mark.alternating

AT_ONCE = 8


@pytest.fixture
def actor(served):
    """An employee."""
    return served.post("actoren", bodies.actor("sanne", "Sanne"))


def statuses(answers):
    return sorted(each.status_code for each in answers)


def test_changes_of_one_task_all_arrive(served, together, contact, actor):
    """Different members of one object, changed at once, are all there afterwards."""
    task = served.post("internetaken", bodies.taak(contact, actor))
    changes = [
        {"toelichting": "Anders"},
        {"status": "verwerkt"},
        {"gevraagdeHandeling": "Schrijven"},
        {"nummer": "12"},
        {"referentienummer": "34"},
    ]
    path = f"internetaken/{task['uuid']}"
    assert statuses(together(*(("PATCH", path, each) for each in changes))) == [200] * len(changes)
    read = served.get(path)
    for change in changes:
        for name, value in change.items():
            assert read[name] == value


def test_changes_of_one_contact_all_arrive(served, together, contact):
    """What the register keeps and what stands beside it, changed at once, is all there afterwards."""
    changes = [
        {"inhoud": "Anders"},
        {"reactie": "r"},
        {"metadata": {"a": "b"}},
        {"onderwerp": "o"},
        {"kanaal": "post"},
    ]
    path = f"klantcontacten/{contact['uuid']}"
    assert statuses(together(*(("PATCH", path, each) for each in changes))) == [200] * len(changes)
    read = served.get(path)
    for change in changes:
        for name, value in change.items():
            assert read[name] == value


@pytest.mark.parametrize(
    ("collection", "body"),
    [
        ("klantcontacten", bodies.contact(nummer="0000000007")),
        ("partijen", bodies.persoon(nummer="0000000007")),
        ("partijen", bodies.persoon(nummer="7")),
    ],
)
def test_a_number_is_given_once(served, together, collection, body):
    """Of creates with one nummer at once, one is made and the others are told why not."""
    answers = together(*(("POST", collection, body) for _ in range(AT_ONCE)))
    assert statuses(answers) == [201] + [400] * (AT_ONCE - 1)
    assert served.get(collection, nummer=body["nummer"])["count"] == 1


def test_a_bsn_is_given_once(served, together):
    """Of partijen that claim one BSN at once, one gets it."""
    partijen = [served.post("partijen", bodies.persoon()) for _ in range(4)]
    answers = together(
        *(
            ("POST", "partij-identificatoren", bodies.identificator("bsn", bodies.BSN, each))
            for each in partijen
        )
    )
    assert statuses(answers) == [201] + [400] * 3
    assert served.get("partijen", partijIdentificator__objectId=bodies.BSN)["count"] == 1


@pytest.mark.parametrize("dialect", ["openklant", "klantenbundle"])
def test_one_standard_address_is_left(served, together, old, dialect):
    """Of addresses that become the standard at once one is it, and that one stands in the klant.

    Or all of them, where a klant has a list.
    """
    partij = served.post("partijen", bodies.persoon())
    answers = together(
        *(
            (
                "POST",
                "digitaleadressen",
                bodies.adres(f"a{n}@example.nl", partij=partij, isStandaardAdres=True),
            )
            for n in range(AT_ONCE)
        )
    )
    assert statuses(answers) == [201] * AT_ONCE
    found = served.get("digitaleadressen", verstrektDoorPartij__uuid=partij["uuid"])["results"]
    assert len(found) == AT_ONCE
    (standard,) = [each for each in found if each["isStandaardAdres"]]
    klant = old.klant_of(partij)
    if dialect == "klantenbundle":
        assert sorted(each["email"] for each in klant["emails"]) == sorted(each["adres"] for each in found)
    else:
        assert klant["emailadres"] == standard["adres"]


def test_addresses_of_a_caller_all_reach_the_old_client(served, together, old, contact, actor):
    """KISS posts addresses side by side: all of them stand in the contactverzoek."""
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact))
    task = served.post("internetaken", bodies.taak(contact, actor))
    wanted = [f"a{n}@example.nl" for n in range(AT_ONCE)]
    answers = together(
        *(("POST", "digitaleadressen", bodies.adres(each, betrokkene=betrokkene)) for each in wanted)
    )
    assert statuses(answers) == [201] * AT_ONCE
    assert sorted(each["adres"] for each in old.data(task)["betrokkene"]["digitaleAdressen"]) == wanted


def test_parts_of_one_contact_at_once(served, together, contact, actor):
    """A betrokkene, a task, an employee and a zaak that arrive together are all there, once."""
    link = {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)}
    answers = together(
        ("POST", "betrokkenen", bodies.betrokkene(contact)),
        ("POST", "internetaken", bodies.taak(contact, actor)),
        ("POST", "actorklantcontacten", link),
        ("POST", "onderwerpobjecten", bodies.onderwerp(contact)),
    )
    assert statuses(answers) == [201] * 4
    read = served.get(f"klantcontacten/{contact['uuid']}")
    for name in (
        "hadBetrokkenen",
        "leiddeTotInterneTaken",
        "hadBetrokkenActoren",
        "gingOverOnderwerpobjecten",
    ):
        assert len(read[name]) == 1, name


def test_two_deletes_of_one_contact(served, together, contact):
    """One of two is 204 and the other 404, and nothing is left."""
    served.post("betrokkenen", bodies.betrokkene(contact))
    path = f"klantcontacten/{contact['uuid']}"
    assert statuses(together(*(("DELETE", path, None) for _ in range(2)))) == [204, 404]
    assert served.get("betrokkenen")["count"] == 0
    assert served.get("klantcontacten")["count"] == 0


def test_replicas_keep_the_rules_together(deployment, served, tmp_path):
    """Two KlantBrugs with one state before the same registers give a number once."""
    state = str(tmp_path / "state.sqlite3")

    def replica(configuration):
        return replace(configuration, state=state)

    with deployment.another(replica) as one, deployment.another(replica) as two:

        def create(client):
            other = Client(client.base, Authorization="Token demo")
            with other.session:
                body = bodies.contact(nummer="0000000007")
                return other.call("POST", "klantcontacten", json=body)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(create, [one, two] * 3))
    assert statuses(answers) == [201] + [400] * 5
    assert served.get("klantcontacten", nummer="0000000007")["count"] == 1


@pytest.mark.parametrize("dialect", ["openklant"])
def test_what_a_dead_replica_left_is_undone_before_a_write_that_comes_upon_it(deployment, old, tmp_path):
    """A write that turns out to concern a klant goes on after that: what it writes is no longer undone."""
    address = str(tmp_path / "state.sqlite3")

    def alone(configuration):
        return replace(configuration, state=address, limits=replace(configuration.limits, sweep=1000))

    with deployment.another(alone) as client:
        partij = client.post("partijen", bodies.persoon())
        mail = client.post(
            "digitaleadressen", bodies.adres("een@example.nl", partij=partij, isStandaardAdres=True)
        )
        path = f"klanten/{partij['uuid']}"
        sent, former = {"emailadres": "twee@example.nl"}, {"emailadres": "een@example.nl"}
        dead = open_state(address)
        step = step_of(CHANGE, "klanten", path, sent=sent, former=former) | {"sure": True}
        dead.journal.begin("update partijen", numbers([partij["uuid"]]), [step])
        deployment.klanten.patch(path, sent)
        dead.close()
        # only by reading the address does the write find out that it concerns the klant
        client.patch(f"digitaleadressen/{mail['uuid']}", {"adres": "twee@example.nl"})
        state = open_state(address)
        try:
            assert state.journal.all() == []
        finally:
            state.close()
        assert client.get(f"digitaleadressen/{mail['uuid']}")["adres"] == "twee@example.nl"
        assert old.klant_of(partij)["emailadres"] == "twee@example.nl"
