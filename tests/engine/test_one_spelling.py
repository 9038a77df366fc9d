"""An old record names another by a URL: read, searched, joined and compared in whatever spelling."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

# What one search can ask for of many records at once.
OFTEN = {
    "as it is": lambda base, collection, uuid: f"{base}{collection}/{uuid}",
    "a slash": lambda base, collection, uuid: f"{base}{collection}/{uuid}/",
    "capitals": lambda base, collection, uuid: f"{base}{collection}/{uuid.upper()}",
    "capitals and a slash": lambda base, collection, uuid: f"{base}{collection}/{uuid.upper()}/",
    "two slashes": lambda base, collection, uuid: f"{base}/{collection}/{uuid}",
    "scheme in capitals": lambda base, collection, uuid: (
        f"{base.replace('http', 'HTTP', 1)}{collection}/{uuid}"
    ),
}
SELDOM = {
    "some capitals": lambda base, collection, uuid: f"{base}{collection}/{uuid[:9].upper()}{uuid[9:]}",
    "a query": lambda base, collection, uuid: f"{base}{collection}/{uuid}?expand=klantcontactmomenten",
    "a fragment": lambda base, collection, uuid: f"{base}{collection}/{uuid}#top",
    "spaces": lambda base, collection, uuid: f" {base}{collection}/{uuid} ",
    "slashes": lambda base, collection, uuid: (
        f"{base.replace('/api', '//api')}/{collection}///{uuid.upper()}//"
    ),
}
ALL = {**OFTEN, **SELDOM}


@pytest.fixture(params=ALL.values(), ids=ALL)
def spell(request):
    """Spells the URL of a record, given its register's client."""
    return lambda client, record: request.param(
        client.url(""), *record["url"].removeprefix(client.url("")).split("/")
    )


@pytest.fixture
def taak(deployment, old):
    """An InterneTaak that no schema looked at."""

    def made(moment, **data):
        body = old.taak(moment)["record"]["data"] | data
        old.objects.delete(old.objects.get("objects")["results"][0]["url"])
        record = {"typeVersion": 0, "startAt": "2025-03-03", "data": body}
        return old.objects.post("objects", {"type": deployment.types["InterneTaak"], "record": record})

    return made


def uuids(answers):
    return [each["uuid"] for each in answers]


def of(record):
    return record["url"].rpartition("/")[2]


def test_a_task_is_that_of_its_contact(request, served, old, taak, spell):
    """In every filter, in both directions, with its caller; and it goes when its contact goes."""
    moment, other = old.moment(), old.moment()
    made = taak(moment, contactmoment=spell(old.contactmomenten, moment), betrokkene=CALLER)
    taak(other)
    contact = of(moment)
    read = served.get(f"internetaken/{made['uuid']}")
    assert read["aanleidinggevendKlantcontact"]["uuid"] == contact
    assert len(served.all("internetaken")) == 2
    for name in ("klantcontact__uuid", "aanleidinggevendKlantcontact__uuid"):
        assert uuids(served.all("internetaken", **{name: contact})) == [made["uuid"]]
    shown = served.get(f"klantcontacten/{contact}", expand="leiddeTotInterneTaken,hadBetrokkenen")
    assert uuids(shown["leiddeTotInterneTaken"]) == [made["uuid"]]
    (caller,) = shown["hadBetrokkenen"]
    assert uuids(served.all("betrokkenen", hadKlantcontact__uuid=contact)) == [caller["uuid"]]
    if request.node.callspec.params["spell"] in OFTEN.values():
        listed = {each["uuid"]: each for each in served.all("klantcontacten")}
        assert uuids(listed[contact]["leiddeTotInterneTaken"]) == [made["uuid"]]
        assert uuids(listed[contact]["hadBetrokkenen"]) == [caller["uuid"]]
    served.delete(f"klantcontacten/{contact}")
    served.get(f"internetaken/{made['uuid']}", 404)


CALLER = {"digitaleAdressen": [{"adres": "a@example.nl", "soortDigitaalAdres": "email", "omschrijving": "e"}]}


def test_a_caller_is_its_klant(served, old, taak, spell):
    """Found by the partij, and shown there."""
    moment, klant = old.moment(), old.klant()
    taak(moment, betrokkene={"klant": spell(old.klanten, klant), "digitaleAdressen": []})
    (caller,) = served.all("betrokkenen", wasPartij__uuid=of(klant))
    assert caller["wasPartij"]["uuid"] == of(klant)
    assert uuids(served.get(f"partijen/{of(klant)}")["betrokkenen"]) == [caller["uuid"]]
    found = served.all("klantcontacten", hadBetrokkene__wasPartij__uuid=of(klant))
    assert uuids(found) == [of(moment)]


def test_a_caller_is_not_doubled(served, old, taak, spell):
    """When the task names the klant of a klantcontactmoment in another way."""
    moment, klant = old.moment(), old.klant()
    link = old.link(moment, klant)
    taak(
        moment,
        contactmoment=spell(old.contactmomenten, moment),
        betrokkene={"klant": spell(old.klanten, klant), "digitaleAdressen": []},
    )
    assert uuids(served.all("betrokkenen")) == [of(link)]
    assert uuids(served.get(f"klantcontacten/{of(moment)}")["hadBetrokkenen"]) == [of(link)]
    assert uuids(served.get(f"partijen/{of(klant)}")["betrokkenen"]) == [of(link)]


ZAKEN = ["{base}zaken/{uuid}", "{base}zaken/{upper}"]


@pytest.mark.parametrize("text", ZAKEN)
def test_a_link_to_a_zaak_is_found_by_the_zaak(deployment, served, old, text):
    """However the old client wrote it."""
    moment, base = old.moment(), deployment.zaken.url("")
    url = text.format(base=base, uuid=bodies.ZAAK, upper=bodies.ZAAK.upper())
    deployment.zaken.post("zaakcontactmomenten", {"contactmoment": moment["url"], "zaak": url})
    body = {"contactmoment": moment["url"], "object": url, "objectType": "zaak"}
    link = old.contactmomenten.post("objectcontactmomenten", body)
    found = served.all("onderwerpobjecten", onderwerpobjectidentificatorObjectId=bodies.ZAAK)
    assert uuids(found) == [of(link)]
    assert found[0]["onderwerpobjectidentificator"]["objectId"] == bodies.ZAAK
    name = "onderwerpobject__onderwerpobjectidentificatorObjectId"
    assert uuids(served.all("klantcontacten", **{name: bodies.ZAAK})) == [of(moment)]


@pytest.mark.parametrize("text", ["HTTP{rest}klanten/{uuid}", "http{rest}klanten/{uuid}?x=1"])
def test_a_klant_of_a_link_is_found_in_the_spellings_that_were_seen(deployment, served, old, text):
    """A register can be asked for whole texts only."""
    moment, klant = old.moment(), old.klant()
    url = text.format(rest=deployment.klanten.url("").removeprefix("http"), uuid=of(klant))
    link = old.link(moment, {"url": url})
    (caller,) = served.get(f"klantcontacten/{of(moment)}", expand="hadBetrokkenen")["_expand"][
        "hadBetrokkenen"
    ]
    assert (caller["uuid"], caller["wasPartij"]["uuid"]) == (of(link), of(klant))
    assert uuids(served.all("betrokkenen", wasPartij__uuid=of(klant))) == [of(link)]
    assert uuids(served.get(f"partijen/{of(klant)}")["betrokkenen"]) == [of(link)]
    other = old.klant()
    assert served.all("betrokkenen", wasPartij__uuid=of(other)) == []


def test_a_contact_of_another_register_is_named_and_found_by_its_uuid(served, old, taak):
    """Nobody knows the host, but a task that is shown with a contact is found by it."""
    moment = old.moment()
    made = taak(moment, contactmoment=f"https://elders.example/contactmomenten/{of(moment)}")
    assert uuids(served.all("internetaken", klantcontact__uuid=of(moment))) == [made["uuid"]]
    assert uuids(served.get(f"klantcontacten/{of(moment)}")["leiddeTotInterneTaken"]) == [made["uuid"]]
