"""NotifyNL OMC and Valtimo over the chain: they read what they wrote, and new clients see it."""

from __future__ import annotations

import pytest

from tests.reverse.chain import Chain
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant

BSN = {"subjectNatuurlijkPersoon__inpBsn": "999993653"}
# What the reader of OMC refuses to do without.
READ_BY_OMC = {"url", "voornaam", "achternaam", "aanmaakkanaal", "telefoonnummer", "emailadres"}


def test_omc_tells_a_citizen_and_records_that_it_did(chain: Chain) -> None:
    """Its first workflow: an RSIN that is a number, a moment without zone, members that nobody knows."""
    old, new = chain.old, chain.running.served
    subject = {"subjectIdentificatie": {"inpBsn": "999993653"}}
    person = old.post(KLANTEN, klant(**subject, emailadres="anna@example.nl", telefoonnummer="0612345678"))
    assert old.get(KLANTEN)["count"] == 1
    found = old.get(KLANTEN, **BSN)
    assert found["count"] == 1
    assert found["results"][-1]["url"] == person["url"]
    assert set(found["results"][-1]) >= READ_BY_OMC
    assert old.get(person["url"]) == person

    told = {
        "bronorganisatie": 823288444,
        "registratiedatum": "2024-03-01T10:15:00",
        "kanaal": "email",
        "tekst": "U hebt een nieuw bericht over uw zaak.",
        "initiatief": "gemeente",
    }
    employee = {
        "identificatie": "omc",
        "achternaam": "omc",
        "voorletters": "omc",
        "voorvoegselAchternaam": "omc",
    }
    moment = old.post(MOMENTEN, {**told, "medewerkerIdentificatie": employee})
    link = old.post(LINKS, {"contactmoment": moment["url"], "klant": person["url"], "rol": "belanghebbende"})

    read = old.get(moment["url"])
    assert read == {**moment, "klantcontactmomenten": [link["url"]]}
    assert read["medewerkerIdentificatie"] == employee
    assert (read["bronorganisatie"], read["tekst"]) == ("823288444", told["tekst"])
    assert old.get(LINKS, klant=person["url"])["results"] == [link]
    contact = new.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}")
    assert (contact["kanaal"], contact["inhoud"]) == ("email", told["tekst"])
    assert [each["naam"] for each in contact["hadBetrokkenActoren"]] == ["omc omc omc"]


@pytest.mark.contract
def test_valtimo_records_whole_contacts_and_lists_them(chain: Chain) -> None:
    """It sends every member that it has a value for, and one contact for each mail that it sends."""
    old, new = chain.old, chain.running.served
    person = old.post(KLANTEN, klant(subjectIdentificatie={"inpBsn": "999993653"}))
    assert old.get(KLANTEN, klantnummer=person["klantnummer"], page=1)["results"] == [person]
    assert old.get(KLANTEN, **BSN)["results"] == [person]
    assert old.get(KLANTEN, subjectNietNatuurlijkPersoon__innNnpId="123456782")["results"] == []

    first = old.post(
        MOMENTEN,
        {
            "bronorganisatie": "002220647",
            "registratiedatum": "2024-03-01T10:15:00Z",
            "kanaal": "MAIL",
            "tekst": "Uw aanvraag",
            "medewerkerIdentificatie": {"identificatie": "valtimo"},
        },
    )
    whole = {
        "vorigContactmoment": first["url"],
        "bronorganisatie": "002220647",
        "registratiedatum": "2024-03-02T10:15:00Z",
        "kanaal": "balie",
        "voorkeurskanaal": "telefoon",
        "voorkeurstaal": "eng",
        "tekst": "Vraag over uw aanvraag",
        "onderwerpLinks": ["https://voorbeeld.example/onderwerp"],
        "initiatiefnemer": "klant",
        "medewerker": "https://voorbeeld.example/medewerkers/1",
        "medewerkerIdentificatie": {
            "identificatie": "jdevries",
            "achternaam": "Vries",
            "voorletters": "J.",
            "voorvoegselAchternaam": "de",
        },
    }
    second = old.post(MOMENTEN, whole)
    assert {name: second[name] for name in whole} == whole
    listed = old.get(MOMENTEN, ordering="-registratiedatum", page=1)["results"]
    assert [each["url"] for each in listed] == [second["url"], first["url"]]
    assert {name: listed[0][name] for name in whole} == whole

    contact = new.get(
        f"klantcontacten/{second['url'].rpartition('/')[2]}", expand="gingOverOnderwerpobjecten"
    )
    assert (contact["taal"], contact["inhoud"]) == ("eng", whole["tekst"])
    (before,) = contact["_expand"]["gingOverOnderwerpobjecten"]
    assert before["wasKlantcontact"]["uuid"] == first["url"].rpartition("/")[2]
    new.patch(f"klantcontacten/{contact['uuid']}", {"inhoud": "Vraag beantwoord"})
    assert old.get(second["url"]) == {**second, "tekst": "Vraag beantwoord"}
