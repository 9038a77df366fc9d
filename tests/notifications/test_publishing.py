"""What clients write is told to subscribers as Open Klant 2.18 tells it, after the write and in its order."""

import datetime as dt
from uuid import UUID

import pytest

from tests import bodies
from tests.notifications.conftest import SOURCE, telling

SECRET = "Mevrouw De Vries, BSN 999990019"
GONE = "vanished"


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture(scope="module")
def tellers(deployments, one_subscriber):
    """Clients of two KlantBrugs: one that tells no text and no links, one that tells everything."""
    running, origin = deployments("openklant"), one_subscriber.origin
    with (
        running.another(telling(origin)) as silent,
        running.another(telling(origin, texts=True, cloud_events=True, source=SOURCE)) as open_,
    ):
        yield silent, open_


@pytest.fixture
def client(deployment, tellers, subscriber):
    return tellers[0]


@pytest.fixture
def talkative(deployment, tellers, subscriber):
    return tellers[1]


def checked(message):
    """A message without its moment, which is a moment ago."""
    made = dt.datetime.fromisoformat(message["aanmaakdatum"])
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - made < dt.timedelta(seconds=20)
    return {name: value for name, value in message.items() if name != "aanmaakdatum"}


def message(kanaal, resource, url, actie, **kenmerken):
    return {
        "kanaal": kanaal,
        "hoofdObject": url,
        "resource": resource,
        "resourceUrl": url,
        "actie": actie,
        "kenmerken": kenmerken,
    }


def test_the_life_of_a_partij(client, subscriber):
    made = client.post("partijen", bodies.persoon(nummer="0000000012", interneNotitie=SECRET))
    path = f"partijen/{made['uuid']}"
    client.patch(path, {"interneNotitie": "iets anders"})
    client.put(path, {**bodies.persoon(nummer="0000000013"), "voorkeurstaal": "nld"})
    client.delete(path)
    found = [checked(each) for each in subscriber.told(4)]
    assert found == [
        message(
            "partijen", "partij", made["url"], actie, nummer=nummer, soortPartij="persoon", interneNotitie=""
        )
        for actie, nummer in (
            ("create", "0000000012"),
            ("partial_update", "0000000012"),
            ("update", "0000000013"),
            ("destroy", "0000000013"),
        )
    ]


def test_an_interne_taak_with_its_texts_where_the_deployment_wants_them(client, talkative, subscriber):
    contact = client.post("klantcontacten", bodies.contact())
    taak = {
        "aanleidinggevendKlantcontact": bodies.ref(contact),
        "toegewezenAanActoren": [],
        "nummer": "0000000042",
        "gevraagdeHandeling": "Terugbellen",
        "toelichting": SECRET,
        "status": "te_verwerken",
    }
    made = client.post("internetaken", taak)
    url = f"{talkative.base}/internetaken/{made['uuid']}"
    talkative.patch(url, {"status": "verwerkt"})
    _, hidden, told = subscriber.told(3)
    kenmerken = {"nummer": "0000000042", "status": "te_verwerken"}
    texts = {"gevraagdeHandeling": "Terugbellen", "toelichting": SECRET}
    none = dict.fromkeys(texts, "")
    expected = message("internetaken", "internetaak", made["url"], "create", **kenmerken, **none)
    assert checked(hidden) == expected
    kenmerken["status"] = "verwerkt"
    expected = message("internetaken", "internetaak", url, "partial_update", **kenmerken, **texts)
    assert checked(told) == {**expected, "source": SOURCE}


def test_a_klantcontact_keeps_booleans_and_null(client, subscriber):
    type_ = "https://zaken.example/zaaktypen/1"
    first = client.post("klantcontacten", bodies.contact())
    client.post(
        "klantcontacten",
        bodies.contact(indicatieContactGelukt=False, verdereActieOndernomen=True, hoofdOnderwerpType=type_),
    )
    one, two = subscriber.told(2)
    empty = {"hoofdOnderwerpType": "", "indicatieContactGelukt": None, "verdereActieOndernomen": False}
    assert checked(one) == message("klantcontacten", "klantcontact", first["url"], "create", **empty)
    assert two["kenmerken"] == {
        "hoofdOnderwerpType": type_,
        "indicatieContactGelukt": False,
        "verdereActieOndernomen": True,
    }


def test_a_composed_create_is_one_notification(client, subscriber):
    whole = {"klantcontact": bodies.contact(), "betrokkene": {"rol": "klant", "initiator": True}}
    made = client.post("maak-klantcontact", whole)
    (found,) = subscriber.told(1)
    assert (found["kanaal"], found["actie"]) == ("klantcontacten", "create")
    assert found["resourceUrl"] == made["klantcontact"]["url"]


def test_what_has_no_channel_and_what_is_refused_is_not_told(client, subscriber):
    contact = client.post("klantcontacten", bodies.contact())
    betrokkene = client.post("betrokkenen", bodies.betrokkene(contact))
    client.post("digitaleadressen", bodies.adres("a@voorbeeld.example", betrokkene=betrokkene))
    client.post("klantcontacten", bodies.contact(kanaal=""), 400)
    client.patch(f"klantcontacten/{UUID(int=4)}", {"kanaal": "brief"}, 404)
    client.delete(f"klantcontacten/{contact['uuid']}")
    assert [each["actie"] for each in subscriber.told(2)] == ["create", "destroy"]


def test_a_change_that_changes_nothing_is_told_as_open_klant_tells_it(client, subscriber):
    made = client.post("klantcontacten", bodies.contact())
    client.patch(f"klantcontacten/{made['uuid']}", {"kanaal": made["kanaal"]})
    assert [each["actie"] for each in subscriber.told(2)] == ["create", "partial_update"]


def test_a_todo_is_a_taak_of_which_subscribers_hear(client, subscriber):
    client.post("klantcontacten", bodies.contact(todo="Terugbellen"))
    assert {each["kanaal"] for each in subscriber.told(2)} == {"klantcontacten", "internetaken"}


def test_a_repeated_request_is_told_once(client, subscriber):
    headers = {"Idempotency-Key": "eenmalig"}
    for _ in range(2):
        answer = client.call("POST", "klantcontacten", json=bodies.contact(), headers=headers)
        assert answer.status_code == 201
    subscriber.told(1)


def zaak(contact, code="zaak", uuid=bodies.ZAAK):
    identificator = {
        "codeObjecttype": code,
        "codeRegister": "openzaak",
        "codeSoortObjectId": "uuid",
        "objectId": uuid,
    }
    return {
        "klantcontact": bodies.ref(contact),
        "wasKlantcontact": None,
        "onderwerpobjectidentificator": identificator,
    }


@pytest.mark.parametrize("code", ["zaak", pytest.param("zgw-Zaak", marks=pytest.mark.contract)])
def test_a_link_to_a_zaak_is_an_event_in_either_vocabulary(talkative, subscriber, code):
    contact = talkative.post("klantcontacten", bodies.contact(onderwerp="Verhuizing"))
    made = talkative.post("onderwerpobjecten", zaak(contact, code))
    talkative.put(f"onderwerpobjecten/{made['uuid']}", zaak(contact, code, bodies.OTHER_ZAAK))
    talkative.delete(f"onderwerpobjecten/{made['uuid']}")
    found = subscriber.told(4, events=True)
    kinds = [(each["type"].rpartition(".")[2], each["subject"]) for each in found]
    assert kinds == [
        ("zaak-gekoppeld", bodies.ZAAK),
        ("zaak-ontkoppeld", bodies.ZAAK),
        ("zaak-gekoppeld", bodies.OTHER_ZAAK),
        ("zaak-ontkoppeld", bodies.OTHER_ZAAK),
    ]
    first = found[0]
    assert UUID(first.pop("id"))
    assert first.pop("time").endswith("Z")
    assert first == {
        "specversion": "1.0",
        "type": "nl.overheid.zaken.zaak-gekoppeld",
        "source": SOURCE,
        "subject": bodies.ZAAK,
        "datacontenttype": "application/json",
        "data": {
            "zaak": f"urn:uuid:{bodies.ZAAK}",
            "linkTo": made["url"],
            "linkObjectType": "Onderwerpobject",
            "label": "Verhuizing",
        },
    }


def test_a_link_that_goes_along_is_ended_too(talkative, subscriber):
    whole = {
        "klantcontact": bodies.contact(),
        "betrokkene": {"rol": "klant", "initiator": True},
        "onderwerpobject": {
            "onderwerpobjectidentificator": zaak({"uuid": ""})["onderwerpobjectidentificator"]
        },
    }
    made = talkative.post("maak-klantcontact", whole)
    talkative.delete(f"klantcontacten/{made['klantcontact']['uuid']}")
    found = subscriber.told(2, events=True)
    assert [each["type"].rpartition("-")[2] for each in found] == ["gekoppeld", "ontkoppeld"]
    assert {each["data"]["linkTo"] for each in found} == {made["onderwerpobject"]["url"]}


def test_no_event_without_the_setting_and_for_no_other_object(client, talkative, subscriber):
    contact = client.post("klantcontacten", bodies.contact())
    client.post("onderwerpobjecten", zaak(contact))
    talkative.post("onderwerpobjecten", zaak(contact, "dossier"))
    talkative.post("onderwerpobjecten", zaak(contact, "zaak", "ZAAK-2024-17"))
    subscriber.told(1)
    subscriber.told(0, events=True)
