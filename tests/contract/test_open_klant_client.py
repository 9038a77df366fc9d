"""open-klant-client, with which Open Inwoner and Open Forms call the API, works unchanged.

For every resource that it knows: create, retrieve, list, go through all pages, filter, change what it can.
"""

import pytest
from ape_pie.exceptions import InvalidURLError
from openklant_client.client import OpenKlantClient
from openklant_client.exceptions import BadRequest, NotFound, Unauthorized

pytestmark = pytest.mark.alternating

BSN = "999993653"
UNKNOWN = "99999999-9999-4999-8999-999999999999"
PAGE = {"pageSize": 2}
NAME = {"voorletters": "S.", "voornaam": "Sanne", "voorvoegselAchternaam": "de", "achternaam": "Boer"}
PARTIJ = {
    "digitaleAdressen": [],
    "voorkeursDigitaalAdres": None,
    "rekeningnummers": [],
    "voorkeursRekeningnummer": None,
    "indicatieGeheimhouding": False,
    "indicatieActief": True,
    "voorkeurstaal": "nld",
}
CONTACT = {"kanaal": "telefoon", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": False}
ZAAK = {
    "objectId": "1f0d1b1c-3a5e-4b26-8e7a-3f6a4a3c7a11",
    "codeObjecttype": "zgw-Zaak",
    "codeRegister": "openzaak",
    "codeSoortObjectId": "uuid",
}


@pytest.fixture
def client(deployment):
    with OpenKlantClient(deployment.served.base, token="demo") as client:
        yield client


def persoon(client, voornaam="Sanne"):
    name = {"contactnaam": {**NAME, "voornaam": voornaam}}
    return client.partij.create_persoon(
        data={**PARTIJ, "soortPartij": "persoon", "partijIdentificatie": name}
    )


def contact(client, **members):
    return client.klant_contact.create(data={**CONTACT, **members})


def reference(record):
    return {"uuid": record["uuid"]}


def found(resource, **filters):
    """The uuids of all pages, two records at a time."""
    return [each["uuid"] for each in resource.list_iter(params={**PAGE, **filters})]


def test_partijen(client):
    people = [persoon(client, name) for name in ("Anna", "Bram", "Chris")]
    firm = client.partij.create_organisatie(
        data={**PARTIJ, "soortPartij": "organisatie", "partijIdentificatie": {"naam": "Bakkerij"}}
    )
    works_for = {"contactnaam": NAME, "werkteVoorPartij": reference(firm)}
    baker = client.partij.create_contactpersoon(
        data={**PARTIJ, "soortPartij": "contactpersoon", "partijIdentificatie": works_for}
    )
    assert baker["partijIdentificatie"]["werkteVoorPartij"]["uuid"] == firm["uuid"]
    newest_first = [each["uuid"] for each in (baker, firm, *reversed(people))]
    assert found(client.partij) == newest_first
    assert found(client.partij, soortPartij="organisatie") == [firm["uuid"]]
    assert client.partij.list(params=PAGE)["count"] == 5

    changed = client.partij.partial_update(
        firm["uuid"], data={"soortPartij": "organisatie", "partijIdentificatie": {"naam": "Bakkerij Bol"}}
    )
    assert changed["partijIdentificatie"]["naam"] == "Bakkerij Bol"
    expanded = client.partij.retrieve(firm["uuid"], params={"expand": ["digitaleAdressen", "betrokkenen"]})
    assert expanded == {**changed, "_expand": {"digitaleAdressen": [], "betrokkenen": []}}


def test_partij_identificatoren(client):
    citizen = persoon(client)
    bsn = {
        "objectId": BSN,
        "codeObjecttype": "natuurlijk_persoon",
        "codeRegister": "brp",
        "codeSoortObjectId": "bsn",
    }
    made = client.partij_identificator.create(
        data={"identificeerdePartij": reference(citizen), "partijIdentificator": bsn}
    )
    assert client.partij_identificator.retrieve(made["uuid"]) == made
    assert found(client.partij_identificator) == [made["uuid"]]
    assert found(client.partij, partijIdentificator__objectId=BSN) == [citizen["uuid"]]


def test_digitale_adressen(client):
    citizen = persoon(client)
    address = {
        "verstrektDoorPartij": reference(citizen),
        "verstrektDoorBetrokkene": None,
        "soortDigitaalAdres": "email",
        "omschrijving": "privé",
    }
    made = [
        client.digitaal_adres.create(data={**address, "adres": f"sanne{number}@example.nl"})
        for number in range(3)
    ]
    assert found(client.digitaal_adres) == [each["uuid"] for each in reversed(made)]
    assert found(client.digitaal_adres, verstrektDoorPartij__uuid=citizen["uuid"], adres="sanne1@example.nl")
    changed = client.digitaal_adres.partial_update(made[0]["uuid"], data={"adres": "sanne@example.nl"})
    assert changed == {**made[0], "adres": "sanne@example.nl"}
    assert client.digitaal_adres.retrieve(made[0]["uuid"])["adres"] == "sanne@example.nl"
    client.digitaal_adres.delete(made[2]["uuid"])
    with pytest.raises(NotFound):
        client.digitaal_adres.retrieve(made[2]["uuid"])


def test_klantcontacten(client):
    made = [contact(client, plaatsgevondenOp=f"2025-01-0{day}T09:00:00Z") for day in range(1, 6)]
    assert found(client.klant_contact) == [each["uuid"] for each in reversed(made)]
    assert found(client.klant_contact, kanaal="brief") == []
    expand = ["hadBetrokkenen", "hadBetrokkenen.wasPartij", "leiddeTotInterneTaken"]
    expanded = client.klant_contact.retrieve(made[0]["uuid"], params={"expand": expand})
    assert expanded["_expand"] == {"hadBetrokkenen": [], "leiddeTotInterneTaken": []}


def test_betrokkenen(client):
    call, citizen = contact(client), persoon(client)
    made = [
        client.betrokkene.create(
            data={
                "hadKlantcontact": reference(call),
                "wasPartij": partij,
                "contactnaam": NAME,
                "rol": "klant",
                "organisatienaam": "",
                "initiator": True,
            }
        )
        for partij in (reference(citizen), None, None)
    ]
    assert client.betrokkene.retrieve(made[1]["uuid"])["volledigeNaam"] == "Sanne de Boer"
    assert set(found(client.betrokkene)) == {each["uuid"] for each in made}
    assert found(client.betrokkene, wasPartij__uuid=citizen["uuid"]) == [made[0]["uuid"]]
    assert found(client.klant_contact, hadBetrokkene__wasPartij__uuid=citizen["uuid"]) == [call["uuid"]]


def test_onderwerpobjecten(client):
    question = contact(client)
    answers = [contact(client) for _ in range(3)]
    made = [
        client.onderwerp_object.create(
            data={"klantcontact": reference(answer), "wasKlantcontact": reference(question)}
        )
        for answer in answers
    ]
    about = client.onderwerp_object.create(
        data={
            "klantcontact": reference(question),
            "wasKlantcontact": None,
            "onderwerpobjectidentificator": ZAAK,
        }
    )
    assert about["onderwerpobjectidentificator"] == ZAAK
    assert client.onderwerp_object.retrieve(made[0]["uuid"]) == made[0]
    assert set(found(client.onderwerp_object)) == {each["uuid"] for each in (*made, about)}
    related = found(client.onderwerp_object, wasKlantcontact__uuid=question["uuid"])
    assert set(related) == {each["uuid"] for each in made}
    filters = {
        f"onderwerpobject__onderwerpobjectidentificator{key[0].upper()}{key[1:]}": ZAAK[key] for key in ZAAK
    }
    assert found(client.klant_contact, **filters) == [question["uuid"]]


def test_actoren(client):
    made = [client.actor.create(data={"naam": name, "soortActor": "medewerker"}) for name in ("A", "B", "C")]
    assert found(client.actor) == [each["uuid"] for each in reversed(made)]
    assert found(client.actor, naam="B") == [made[1]["uuid"]]
    assert client.actor.retrieve(made[0]["uuid"]) == made[0]


def test_interne_taken(client):
    call = contact(client)
    employee = client.actor.create(data={"naam": "Anna", "soortActor": "medewerker"})
    task = {
        "gevraagdeHandeling": "Terugbellen",
        "aanleidinggevendKlantcontact": reference(call),
        "toegewezenAanActor": reference(employee),
        "status": "te_verwerken",
    }
    made = [client.interne_taak.create(data={**task, "toelichting": str(number)}) for number in range(3)]
    assert client.interne_taak.retrieve(made[0]["uuid"]) == made[0]
    assert found(client.interne_taak) == [each["uuid"] for each in reversed(made)]
    assert len(found(client.interne_taak, toegewezenAanActor__uuid=employee["uuid"])) == 3
    assert found(client.interne_taak, status="verwerkt") == []


def test_maak_klantcontact(client):
    made = client.methods.maak_klant_contact(
        data={
            "klantcontact": CONTACT,
            "betrokkene": {"rol": "klant", "organisatienaam": "", "initiator": True, "contactnaam": NAME},
            "onderwerpobject": {"onderwerpobjectidentificator": ZAAK},
        }
    )
    assert found(client.betrokkene) == [made["betrokkene"]["uuid"]]
    assert found(client.onderwerp_object) == [made["onderwerpobject"]["uuid"]]
    assert client.klant_contact.retrieve(made["klantcontact"]["uuid"])["hadBetrokkenen"][0]["uuid"]


def test_errors_are_understood(client, deployment):
    with pytest.raises(BadRequest) as refused:
        client.klant_contact.create(data={"kanaal": "telefoon"})
    names = {each["name"] for each in refused.value.invalidParams}
    assert names == {"onderwerp", "taal", "vertrouwelijk"}
    with pytest.raises(NotFound):
        client.partij.retrieve(UNKNOWN)
    with OpenKlantClient(deployment.served.base, token="wrong") as stranger, pytest.raises(Unauthorized):
        stranger.partij.list()


def test_links_stay_below_the_base_that_the_client_knows(client):
    """The client refuses a `next` that leads elsewhere."""
    for _ in range(3):
        contact(client)
    first = client.klant_contact.list(params=PAGE)
    assert first["next"].startswith(client.base_url)
    assert client.get(first["next"]).json()["previous"].startswith(client.base_url)
    with pytest.raises(InvalidURLError):
        client.get("https://elders.example/klantcontacten")
