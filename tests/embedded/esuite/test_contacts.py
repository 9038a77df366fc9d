"""The contacts of the embedded e-Suite: one POST, refusals, lists, and what employees do afterwards."""

import time

import pytest

from tests.embedded.esuite.client import ZAKEN, uuid_of

OPEN = {
    "tekst": "Wanneer is mijn paspoort klaar?",
    "type": "Contactverzoek",
    "kanaal": "telefoon",
    "registratiedatum": "2026-03-01T10:15:00Z",
    "behandelaar": {"gebruikersnaam": "fdevries"},
    "afdeling": "Burgerzaken",
    "toelichting": "Graag voor tienen bellen",
    "contactgegevens": {"emailadres": "anna@v.example", "telefoonnummer": "0201111111"},
    "medewerkerIdentificatie": {"identificatie": "jjansen"},
}
CLOSED = {"tekst": "Vraag", "status": "afgehandeld", "antwoord": "Ja", "afdeling": "Burgerzaken"}


def test_a_contactverzoek_reads_as_it_was_recorded(esuite):
    made = esuite.post("contactmomenten", OPEN)
    named = {"behandelaar": {"gebruikersnaam": "fdevries", "volledigeNaam": "F. de Vries"}}
    named |= {"medewerkerIdentificatie": {"identificatie": "jjansen", "achternaam": "J. Jansen"}}
    assert made.items() >= (OPEN | named | {"status": "nieuw", "onderwerp": "afd:Burgerzaken"}).items()
    assert made["identificatie"]
    assert made["voorlopigeAntwoorden"] == []
    assert esuite.get(made["url"]) == made


def test_a_contactmoment_is_closed_from_the_beginning(esuite):
    made = esuite.post("contactmomenten", CLOSED)
    assert (made["status"], made["antwoord"]) == ("afgehandeld", "Ja")


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ({"tekst": ""}, "tekst"),
        ({"tekst": None}, "tekst"),
        ({"status": "afgehandeld"}, "antwoord"),
        ({"status": "afgehandeld", "antwoord": ""}, "antwoord"),
        ({**CLOSED, "toelichting": "Intern"}, "toelichting"),
        ({**CLOSED, "behandelaar": {"gebruikersnaam": "fdevries"}}, "behandelaar"),
        ({"status": "open"}, "status"),
        ({"kanaal": "duif"}, "kanaal"),
        ({"kanaal": "Telefoon"}, "kanaal"),
        ({"type": "Gesprek"}, "type"),
        ({"afdeling": "Burgerzaak"}, "afdeling"),
        ({"afdeling": "Parkeren"}, "afdeling"),
        ({"groep": "Burgerzaken"}, "groep"),
        ({"onderwerp": "afd:Parkeren"}, "onderwerp"),
        ({"onderwerp": "grp:Burgerzaken"}, "onderwerp"),
        ({"onderwerp": "Paspoort"}, "onderwerp"),
        ({"behandelaar": {"gebruikersnaam": "f.devries@v.example"}}, "behandelaar.gebruikersnaam"),
        ({"behandelaar": {}}, "behandelaar.gebruikersnaam"),
        ({"medewerkerIdentificatie": {"identificatie": "onbekend"}}, "medewerkerIdentificatie.identificatie"),
        (
            {"contactgegevens": {"telefoonnummerAlternatief": "020"}},
            "contactgegevens.telefoonnummerAlternatief",
        ),
        ({"contactgegevens": {"emailadres": "geen"}}, "contactgegevens.emailadres"),
        ({"registratiedatum": "gisteren"}, "registratiedatum"),
        ({"afdeling": "x" * 129}, "afdeling"),
    ],
)
def test_a_contact_that_cannot_be(esuite, members, wrong):
    refused = esuite.post("contactmomenten", {"tekst": "Vraag", **members}, 400)
    assert refused["code"] == "VALIDATION"
    assert [each.partition(":")[0] for each in refused["detail"].split("; ")] == [wrong]
    esuite.looseness.mute = True
    silent = esuite.post("contactmomenten", {"tekst": "Vraag", **members}, 400)
    assert wrong not in silent["detail"].split(":")[0]


@pytest.mark.parametrize(
    ("onderwerp", "where"),
    [
        ("afd:Belastingen", {"afdeling": "Belastingen"}),
        ("grp:Parkeren", {"groep": "Parkeren"}),
        ("Belastingen", {"afdeling": "Belastingen"}),
        ("Parkeren", {"groep": "Parkeren"}),
    ],
)
def test_an_onderwerp_says_whom_a_contact_is_for(esuite, onderwerp, where):
    made = esuite.contact(onderwerp=onderwerp)
    (kind, name), *_ = where.items()
    assert made[kind] == name
    assert made["onderwerp"] == f"{ {'afdeling': 'afd', 'groep': 'grp'}[kind] }:{name}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["contactmomenten", "klantcontactmomenten", "objectcontactmomenten"])
def test_nothing_is_changed_after_the_post(esuite, method, kind):
    made = esuite.contact()
    if kind == "contactmomenten":
        assert esuite.call(method, made["url"], json={"tekst": "Anders"}).status_code == 405
    assert esuite.call(method, kind, json={"tekst": "Anders"}).status_code == 405
    assert esuite.get(made["url"]) == made


def test_the_contacts_of_a_klant_are_those_that_run(esuite):
    klant, other = esuite.klant(), esuite.klant()
    contacts = [esuite.contact(), esuite.contact(), esuite.contact(**CLOSED), esuite.contact()]
    for contact in contacts[:3]:
        link = esuite.post("klantcontactmomenten", {"klant": klant["url"], "contactmoment": contact["url"]})
        assert link["rol"] == "gesprekspartner"
    running, linked = (
        sorted(map(uuid_of, contacts[:2])),
        esuite.get("klantcontactmomenten", klant=klant["url"]),
    )
    assert esuite.found("contactmomenten", klant=klant["url"]) == running
    assert sorted(link["contactmoment"] for link in linked["results"]) == sorted(
        contact["url"] for contact in contacts[:3]
    )
    assert esuite.found("contactmomenten", klant=other["url"]) == []
    assert esuite.found("klantcontactmomenten", klant=other["url"]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("zoek.anna@v.example", True), ("ANNA@V", True), ("0301", True), ("0303", True), ("0399", False)],
)
def test_part_of_an_address_finds_contacts_without_klant(esuite, text, found):
    reached = {"telefoonnummer": "0301111111", "telefoonnummerAlternatief": "0303333333"}
    contact = esuite.contact(contactgegevens={"emailadres": "zoek.anna@v.example", **reached})
    assert (uuid_of(contact) in esuite.found("contactmomenten", telefoonnummerOfEmailadres=text)) == found
    link = {"klant": esuite.klant()["url"], "contactmoment": contact["url"]}
    esuite.post("klantcontactmomenten", link)
    assert uuid_of(contact) not in esuite.found("contactmomenten", telefoonnummerOfEmailadres=text)


def test_a_contact_is_found_by_its_number_and_contacts_by_their_types(esuite):
    report, call = esuite.contact(type="Melding"), esuite.contact(type="Terugbelverzoek")
    number = report["identificatie"]
    assert esuite.get("contactmomenten", identificatie=number)["results"] == [report]
    assert esuite.found("contactmomenten", type="Melding") == [uuid_of(report)]
    both = sorted(map(uuid_of, (report, call)))
    assert esuite.found("contactmomenten", type=["Melding", "Terugbelverzoek"]) == both
    assert esuite.found("contactmomenten", type="Melding", identificatie=call["identificatie"]) == []


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("contactmomenten", {}),
        ("contactmomenten", {"ordering": "-registratiedatum"}),
        ("contactmomenten", {"klant": "geen-url"}),
        ("contactmomenten", {"type": "Melding", "page": "0"}),
        ("klantcontactmomenten", {}),
        ("klantcontactmomenten", {"contactmoment": "https://x.example/y"}),
        ("objectcontactmomenten", {}),
        ("objectcontactmomenten", {"object": "geen-url"}),
    ],
)
def test_a_question_that_cannot_be_asked(esuite, path, parameters):
    assert esuite.get(path, 400, **parameters)["code"] == "VALIDATION"


def test_lists_have_pages_and_no_order(esuite):
    esuite.looseness.page_size = 10
    made = [uuid_of(esuite.contact(type="Contactmoment")) for _ in range(13)]
    page = esuite.get("contactmomenten", type="Contactmoment")
    assert (page["count"], len(page["results"]), page["previous"]) == (13, 10, None)
    assert esuite.found("contactmomenten", type="Contactmoment") == sorted(made)
    assert esuite.get("contactmomenten", type="Contactmoment", page=9)["results"] == []
    for order, first in (("newest", made[-1]), ("oldest", made[0])):
        esuite.looseness.order = order
        assert uuid_of(esuite.get("contactmomenten", type="Contactmoment")["results"][0]) == first


def test_the_same_link_twice_is_a_conflict(esuite):
    contact, klant = esuite.contact()["url"], esuite.klant()["url"]
    for path, body in (
        ("klantcontactmomenten", {"klant": klant, "contactmoment": contact, "verzendBevestigingsmail": True}),
        ("objectcontactmomenten", {"object": f"{ZAKEN}/1", "contactmoment": contact, "objectType": "zaak"}),
    ):
        esuite.post(path, body)
        again = esuite.call("POST", path, json=body)
        assert (again.status_code, again.json()["code"]) == (409, "CONFLICT")
        assert again.headers["Content-Type"] == "application/json"
    found = esuite.get("objectcontactmomenten", object=f"{ZAKEN}/1")["results"]
    assert found == esuite.get("objectcontactmomenten", contactmoment=contact)["results"]
    assert [each["contactmoment"] for each in found] == [contact]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("klantcontactmomenten", {"klant": "https://elders.example/klanten/1"}),
        ("klantcontactmomenten", {"klant": "klant"}),
        ("klantcontactmomenten", {}),
        ("objectcontactmomenten", {"object": "https://elders.example/zaken/1", "objectType": "zaak"}),
        ("objectcontactmomenten", {"object": "https://esuite.example/x", "objectType": "besluit"}),
        ("objectcontactmomenten", {"objectType": "zaak"}),
    ],
)
def test_a_link_with_what_is_not_there(esuite, path, body):
    contact = esuite.contact()["url"]
    assert esuite.post(path, {"contactmoment": contact, **body}, 400)["code"] == "VALIDATION"
    assert esuite.post(path, {**body, "contactmoment": contact[:-1]}, 400)["code"] == "VALIDATION"


def test_what_employees_do_is_what_clients_read(esuite):
    made = esuite.post("contactmomenten", OPEN)
    esuite.office(made, status="in_behandeling", behandelaar={"gebruikersnaam": "abouma"})
    assert esuite.get(made["url"])["status"] == "in_behandeling"
    answers = f"kantoor/contacten/{uuid_of(made)}/antwoorden"
    esuite.post(answers, {"antwoord": "Morgen"})
    esuite.post(answers, {"antwoord": "Overmorgen"})
    read = esuite.get(made["url"])
    assert [each["antwoord"] for each in read["voorlopigeAntwoorden"]] == ["Overmorgen", "Morgen"]
    listed = esuite.get("contactmomenten", telefoonnummerOfEmailadres="anna@v")["results"]
    (row,) = [each for each in listed if each["url"] == made["url"]]
    assert row["recentsteVoorlopigAntwoord"]["antwoord"] == "Overmorgen"
    assert "voorlopigeAntwoorden" not in row
    assert (
        esuite.call("PATCH", f"kantoor/contacten/{uuid_of(made)}", json={"status": "afgehandeld"}).status_code
        == 400
    )
    esuite.office(
        made, status="afgehandeld", antwoord="Vandaag", toelichting=None, groep="Parkeren", afdeling=""
    )
    read = esuite.get(made["url"])
    assert (read["status"], read["antwoord"], read["onderwerp"]) == ("afgehandeld", "Vandaag", "grp:Parkeren")
    assert "toelichting" not in read
    copy = esuite.post(f"kantoor/contacten/{uuid_of(made)}/kopie", {})
    assert copy["identificatie"] != made["identificatie"]
    assert copy["antwoord"] == "Vandaag"


def test_an_answer_that_is_lost_or_late(esuite):
    question = {"telefoonnummerOfEmailadres": "verloren@v.example"}
    body = {"tekst": "Vraag", "contactgegevens": {"emailadres": "verloren@v.example"}}
    esuite.looseness.lost = 1
    assert esuite.call("POST", "contactmomenten", json=body).status_code == 504
    assert len(esuite.found("contactmomenten", **question)) == 1
    esuite.looseness.late = 0.05
    assert esuite.call("POST", "contactmomenten", json=body).status_code == 504
    assert len(esuite.found("contactmomenten", **question)) == 1
    until = time.monotonic() + 5
    while len(esuite.found("contactmomenten", **question)) == 1 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(esuite.found("contactmomenten", **question)) == 2


def test_a_conflict_is_not_recorded(esuite):
    esuite.looseness.conflicts = 1
    body = {"tekst": "Vraag", "contactgegevens": {"emailadres": "botsing@v.example"}}
    assert esuite.post("contactmomenten", body, 409)["code"] == "CONFLICT"
    assert esuite.found("contactmomenten", telefoonnummerOfEmailadres="botsing@v.example") == []
    esuite.post("contactmomenten", body)


@pytest.mark.parametrize(("trims", "kept"), [(False, " Vraag \r\n"), (True, "Vraag")])
def test_white_space_around_a_text_may_be_lost(esuite, trims, kept):
    esuite.looseness.trims = trims
    assert esuite.contact(tekst=" Vraag \r\n")["tekst"] == kept
