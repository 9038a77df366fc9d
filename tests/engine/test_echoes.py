"""A zaak that changes is another record for old clients, and the same resource for new ones."""

from dataclasses import replace

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

ANOTHER = "77b7a1cf-0d6d-4f4a-8f0e-1f1a3c0d9e42"
UNKNOWN = "dead0000-0d6d-4f4a-8f0e-1f1a3c0d9e42"
OBJECT_ID = "onderwerpobjectidentificatorObjectId"


def change(served, link, **codes):
    """PATCH some of the codes of an onderwerpobject."""
    whole = {**link["onderwerpobjectidentificator"], **codes}
    return served.patch(f"onderwerpobjecten/{link['uuid']}", {"onderwerpobjectidentificator": whole})


def relations(deployment, contact, *zaken):
    """How many relations the Zaken API has of a contact with each of these zaken."""
    moment = deployment.contactmomenten.url(f"contactmomenten/{contact['uuid']}")
    urls = [deployment.zaken.url(f"zaken/{each}") for each in zaken]
    return [len(deployment.zaken.get("zaakcontactmomenten", zaak=url, contactmoment=moment)) for url in urls]


def test_old_clients_find_the_other_zaak(served, old, contact, deployment):
    """Both registers have the new zaak and not the old one, time and again; nothing is served twice."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    for zaak, before in ((bodies.OTHER_ZAAK, bodies.ZAAK), (ANOTHER, bodies.OTHER_ZAAK)):
        change(served, link, objectId=zaak)
        assert old.zaken_of(contact) == [zaak]
        assert relations(deployment, contact, before, zaak) == [0, 1]
        for filters in ({}, {OBJECT_ID: zaak}, {"klantcontact__uuid": contact["uuid"]}):
            found = served.get("onderwerpobjecten", **filters)
            assert [each["uuid"] for each in found["results"]] == [link["uuid"]]
        assert served.get("onderwerpobjecten", **{OBJECT_ID: before})["count"] == 0
        seen = served.get(f"klantcontacten/{contact['uuid']}")["gingOverOnderwerpobjecten"]
        assert [each["uuid"] for each in seen] == [link["uuid"]]
    served.delete(f"onderwerpobjecten/{link['uuid']}")
    assert old.zaken_of(contact) == []
    assert relations(deployment, contact, ANOTHER) == [0]


def test_other_words_for_the_same_zaak_make_no_other_record(served, old, contact, deployment):
    """What the register does not say is no reason to write there, before a change of zaak and after."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    for _ in range(2):
        with deployment.writes() as writes:
            change(served, link, codeRegister="elders")
            change(served, link, codeRegister="openzaak")
        assert not [each for each in writes if "contactmomenten" in each]
        link = change(served, link, objectId=bodies.OTHER_ZAAK)


def test_a_zaak_that_comes_and_goes(served, old, contact, deployment):
    """What was no zaak is one for old clients from then on, and is none any more when it is another thing."""
    other = {"codeObjecttype": "dossier", "objectId": "D-42"}
    body = bodies.onderwerp(contact)
    body["onderwerpobjectidentificator"] |= other
    link = served.post("onderwerpobjecten", body)
    change(served, link, codeObjecttype="zgw-Zaak", objectId=bodies.ZAAK)
    assert old.zaken_of(contact) == [bodies.ZAAK]
    assert served.get("onderwerpobjecten")["count"] == 1
    changed = change(served, link, **other)
    assert changed["onderwerpobjectidentificator"]["objectId"] == "D-42"
    assert old.zaken_of(contact) == []
    assert relations(deployment, contact, bodies.ZAAK) == [0]
    assert served.get("onderwerpobjecten")["count"] == 1


def test_a_zaak_of_another_contact(served, old, contact, deployment):
    """The link goes with it, from the one contact to the other."""
    other = served.post("klantcontacten", bodies.contact())
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    served.patch(f"onderwerpobjecten/{link['uuid']}", {"klantcontact": bodies.ref(other)})
    assert (old.zaken_of(contact), old.zaken_of(other)) == ([], [bodies.ZAAK])
    assert relations(deployment, contact, bodies.ZAAK) == [0]
    assert served.get("onderwerpobjecten", klantcontact__uuid=other["uuid"])["count"] == 1
    served.delete(f"klantcontacten/{other['uuid']}")
    assert served.get("onderwerpobjecten")["count"] == 0
    assert relations(deployment, other, bodies.ZAAK) == [0]


def test_a_zaak_that_the_register_does_not_take(served, old, contact, deployment):
    """It is served all the same; the old zaak has gone, and the next one is there again."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    assert change(served, link, objectId=UNKNOWN)["onderwerpobjectidentificator"]["objectId"] == UNKNOWN
    assert old.zaken_of(contact) == []
    assert relations(deployment, contact, bodies.ZAAK, UNKNOWN) == [0, 0]
    change(served, link, objectId=ANOTHER)
    assert old.zaken_of(contact) == [ANOTHER]


def test_an_old_client_removes_the_other_zaak(served, old, contact, deployment):
    """The link is gone for new clients, too."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    change(served, link, objectId=ANOTHER)
    old.not_about(contact, ANOTHER)
    assert served.call("GET", f"onderwerpobjecten/{link['uuid']}").status_code == 404
    for filters in ({}, {OBJECT_ID: ANOTHER}, {"klantcontact__uuid": contact["uuid"]}):
        assert served.get("onderwerpobjecten", **filters)["count"] == 0
    served.delete(f"klantcontacten/{contact['uuid']}")
    assert "Onderwerpobject" not in [each["type"] for each in old.objects.all("objects")]


def test_two_links_with_one_zaak(served, old, contact, deployment):
    """The register has room for one; each is served once."""
    made = [
        served.post("onderwerpobjecten", bodies.onderwerp(contact, each)) for each in (bodies.ZAAK, ANOTHER)
    ]
    change(served, made[0], objectId=ANOTHER)
    assert old.zaken_of(contact) == [ANOTHER]
    found = served.get("onderwerpobjecten", **{OBJECT_ID: ANOTHER})["results"]
    assert {each["uuid"] for each in found} == {each["uuid"] for each in made}


def test_without_zaken(deployment, served, contact):
    """A deployment that names no Zaken API keeps its zaken as objects."""

    def without(configuration):
        registers = {name: each for name, each in configuration.registers.items() if name != "zaken"}
        return replace(configuration, registers=registers)

    with deployment.another(without) as client:
        link = client.post("onderwerpobjecten", bodies.onderwerp(contact))
        change(client, link, objectId=ANOTHER)
        assert client.get("onderwerpobjecten")["count"] == 1
