"""What old clients left out of an interne taak, or wrote in another way, is read all the same."""

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR

pytestmark = pytest.mark.alternating

NOBODY = {"naam": "", "identificatie": "", "naamOrganisatorischeEenheid": ""}
NAMELESS = {**ACTOR, "naamOrganisatorischeEenheid": "", "identificatieOrganisatorischeEenheid": ""}


def actoren(served, uuid):
    """The actoren of a taak."""
    links = served.get(f"internetaken/{uuid}")["toegewezenAanActoren"]
    return [served.get(f"actoren/{each['uuid']}") for each in links]


def test_an_actor_of_which_only_the_name_is_known(served, old):
    """It is an actor by that name, with no identification, and is found by it."""
    taak = old.taak(old.moment(), actor={**NAMELESS, "naam": "Sanne de Boer", "identificatie": ""})
    old.taak(old.moment(), actor={**ACTOR, **NOBODY})
    (found,) = actoren(served, taak["uuid"])
    assert (found["naam"], found["soortActor"]) == ("Sanne de Boer", "medewerker")
    assert found["actoridentificator"]["objectId"] == ""
    rows = served.get("internetaken", actoren__naam="Sanne de Boer")["results"]
    assert [each["uuid"] for each in rows] == [taak["uuid"]]
    rows = served.get("internetaken", toegewezenAanActor__uuid=found["uuid"])["results"]
    assert [each["uuid"] for each in rows] == [taak["uuid"]]


def test_an_actor_without_a_name_and_without_a_key(served, old):
    """That is nobody."""
    taak = old.taak(old.moment(), actor={**ACTOR, **NOBODY})
    assert actoren(served, taak["uuid"]) == []


NAME = "Publieke Dienst"
PLACES = {
    "medewerker": {**NAMELESS, "naam": f" {NAME} "},
    "afdeling": {**NAMELESS, "soortActor": "organisatorische eenheid", "naam": f"\t{NAME}\n"},
    "afdeling of a medewerker": {**ACTOR, "naamOrganisatorischeEenheid": f"{NAME} "},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_with_spaces_around_it(served, old, place):
    """The spaces of a filter do not count, and so those do not either."""
    taak = old.taak(old.moment(), actor=PLACES[place])
    old.taak(old.moment(), actor={**ACTOR, "naam": f"{NAME}verlening"})
    for name in (NAME, f" {NAME}"):
        rows = served.get("internetaken", actoren__naam=name)["results"]
        assert [each["uuid"] for each in rows] == [taak["uuid"]]
        rows = served.get("internetaken", actoren__naam=name, status="te_verwerken")["results"]
        assert [each["uuid"] for each in rows] == [taak["uuid"]]
    assert NAME in [each["naam"].strip() for each in actoren(served, taak["uuid"])]


DIRECTORY = {
    "Medewerker": {
        "volledigeNaam": f" {NAME} ",
        "identificatie": " PD",
        "afdelingen": [],
        "groepen": [],
        "functie": "",
    },
    "Afdeling": {"naam": f"{NAME}\t", "identificatie": "PD\n"},
    "Groep": {"naam": f" {NAME}", "identificatie": " PD ", "afdelingId": "1"},
}


@pytest.mark.parametrize("dialect", ["vng"])
@pytest.mark.parametrize("kind", DIRECTORY)
def test_spaces_in_a_directory(served, old, kind):
    """What the municipality's own registration has around a text does not count either."""
    one = old.object(kind, **DIRECTORY[kind])
    longer = {"volledigeNaam": f"{NAME}en", "naam": f"{NAME}en", "identificatie": "PDA"}
    contact = served.post("klantcontacten", bodies.contact())
    taken = [
        served.post("internetaken", bodies.taak(contact, actor))
        for actor in (one, old.object(kind, **{**DIRECTORY[kind], **longer}))
    ]
    for objectid in ("PD", " PD "):
        rows = served.get("actoren", actoridentificatorObjectId=objectid)["results"]
        assert [each["uuid"] for each in rows] == [one["uuid"]]
    for filters in ({}, {"status": "te_verwerken"}):
        rows = served.get("internetaken", actoren__naam=NAME, **filters)["results"]
        assert [each["uuid"] for each in rows] == [taken[0]["uuid"]]


SOORTEN = [
    ("Email", "email"),
    ("E-MAILADRES", "email"),
    ("Telefoonnummer", "telefoonnummer"),
    ("TELEFOONNUMMER", "telefoonnummer"),
    ("Mastodon", "overig"),
]


@pytest.mark.parametrize(("written", "read"), SOORTEN)
def test_the_soort_of_an_address_in_any_case(served, old, written, read):
    """It is read and found as that soort."""
    adres = "0201234567" if read == "telefoonnummer" else "anna@voorbeeld.example"
    address = {"adres": adres, "omschrijving": "", "soortDigitaalAdres": written}
    old.taak(old.moment(), betrokkene={"persoonsnaam": {"achternaam": "B"}, "digitaleAdressen": [address]})
    (found,) = served.get("digitaleadressen")["results"]
    assert (found["adres"], found["soortDigitaalAdres"]) == (adres, read)
    assert served.get("digitaleadressen", soortDigitaalAdres=read)["count"] == 1
    others = {"email", "telefoonnummer", "overig"} - {read}
    assert [served.get("digitaleadressen", soortDigitaalAdres=each)["count"] for each in others] == [0, 0]
