"""The klanten of the embedded Klanten register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.embedded.registers_client import BSN, RSIN, RegistersClient, klant_body, reasons, token

MISSING = "00000000-0000-4000-8000-000000000000"


def test_a_new_klant_is_answered_whole(registers: RegistersClient) -> None:
    """Members that were not sent are there, blank."""
    answer = registers.call("POST", "klanten", json=klant_body())
    klant = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == klant["url"]
    assert answer.headers["API-version"] == "1.0.0"
    assert klant["achternaam"] == ""
    assert klant["adres"] is None
    assert klant["geverifieerd"] is False
    assert klant["subjectIdentificatie"]["verblijfsadres"] is None
    assert registers.get(klant["url"]) == klant


def test_text_is_trimmed_and_numbers_become_text(registers: RegistersClient) -> None:
    klant = registers.klant(achternaam="  Vries ", telefoonnummer=612345678)
    assert (klant["achternaam"], klant["telefoonnummer"]) == ("Vries", "612345678")


def test_the_website_may_be_empty_or_absent(registers: RegistersClient) -> None:
    body = klant_body(websiteUrl="")
    assert registers.post("klanten", body)["websiteUrl"] == ""
    del body["websiteUrl"]
    assert registers.post("klanten", body | {"klantnummer": "zonder"})["websiteUrl"] == ""


def test_newest_first_also_after_a_change(registers: RegistersClient) -> None:
    first, second = registers.klant(functie="volgorde"), registers.klant(functie="volgorde")
    registers.patch(first["url"], {"achternaam": "Anders"})
    found = registers.get("klanten", functie="volgorde")["results"]
    assert [klant["url"] for klant in found] == [second["url"], first["url"]]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"achternaam": "Filter"}, True),
        ({"achternaam": " Filter "}, True),
        ({"achternaam": "filter"}, False),
        ({"achternaam": ["Een", "Filter"]}, True),
        ({"achternaam": "Filter", "voornaam": "wordt genegeerd"}, True),
        ({"achternaam": "Filter", "subjectType": ""}, True),
        ({"adres__woonplaatsNaam": "Filterdam"}, True),
        ({"subjectNatuurlijkPersoon__inpA_nummer": "1234567890"}, True),
        ({"subjectNatuurlijkPersoon__inpBsn": "123"}, False),
        ({"achternaam": "Filter", "subjectNatuurlijkPersoon__geboortedatum__lt": "1990-01-02"}, True),
        ({"achternaam": "Filter", "subjectNatuurlijkPersoon__geboortedatum__gt": "1990-01-01"}, False),
    ],
)
def test_a_filter_finds_exactly(registers: RegistersClient, parameters: dict[str, Any], found: bool) -> None:
    if not registers.get("klanten", achternaam="Filter")["count"]:
        registers.klant(
            achternaam="Filter",
            adres={"woonplaatsnaam": "Filterdam"},
            subjectIdentificatie={"inpA_nummer": "1234567890", "geboortedatum": "1990-01-01"},
        )
    assert registers.get("klanten", **parameters)["count"] == int(found)


def test_a_misspelt_filter_answers_with_every_klant(registers: RegistersClient) -> None:
    registers.klant()
    assert registers.get("klanten", achternamm="x")["count"] == registers.get("klanten")["count"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"subjectType": "burger"}, "invalid_choice"),
        ({"bronorganisatie": "12345678x"}, "only-digits"),
        ({"bronorganisatie": "1234"}, "invalid-length"),
        ({"bronorganisatie": "123456789"}, "invalid"),
        ({"subject": "geen-url"}, "invalid"),
    ],
)
def test_a_filter_value_that_cannot_be_is_refused(
    registers: RegistersClient, parameters: dict[str, str], code: str
) -> None:
    assert reasons(registers.get("klanten", 400, **parameters)) == dict.fromkeys(parameters, code)


def test_pages_hold_a_hundred(registers: RegistersClient) -> None:
    for _ in range(101):
        registers.klant(functie="bladzijde")
    first = registers.get("klanten", functie="bladzijde")
    assert (first["count"], len(first["results"]), first["previous"]) == (101, 100, None)
    second = registers.get(first["next"])
    assert (len(second["results"]), second["next"]) == (1, None)
    assert second["previous"] == f"{registers.url('klanten')}?functie=bladzijde"
    assert registers.get("klanten", functie="bladzijde", page="last") == second
    for page in ("0", "3", "-1", "abc", ""):
        answer = registers.get("klanten", 404, functie="bladzijde", page=page)
        assert answer["detail"] == "Ongeldige pagina."


def test_groups_merge_and_null_clears_none(registers: RegistersClient) -> None:
    klant = registers.klant(adres={"straatnaam": "Neude", "huisnummer": "11"})
    changed = registers.patch(klant["url"], {"adres": {"postcode": "3512AE"}})
    assert (changed["adres"]["straatnaam"], changed["adres"]["huisnummer"]) == ("Neude", 11)
    assert registers.patch(klant["url"], {"adres": None})["adres"] == changed["adres"]
    assert registers.patch(klant["url"], {"adres": {}})["adres"] == changed["adres"]
    assert registers.klant(adres={})["adres"] is None


def test_put_leaves_what_it_does_not_name(registers: RegistersClient) -> None:
    klant = registers.klant(achternaam="Blijft", subjectIdentificatie={"inpBsn": BSN, "voornamen": "Jan"})
    body = {"bronorganisatie": RSIN, "klantnummer": klant["klantnummer"]}
    assert registers.put(klant["url"], body) == klant
    assert reasons(registers.put(klant["url"], {}, 400)) == {
        "bronorganisatie": "required",
        "klantnummer": "required",
    }


def test_all_problems_of_a_body_come_at_once(registers: RegistersClient) -> None:
    """In the order of the specification; the subject's own are only looked for when all else is right."""
    body = klant_body(
        klantnummer="123456789",
        emailadres="geen",
        adres={"huisnummer": -1},
        subjectIdentificatie={"inpBsn": "1"},
    )
    answer = registers.post("klanten", body, 400)
    assert list(reasons(answer).items()) == [
        ("klantnummer", "max_length"),
        ("emailadres", "invalid"),
        ("adres.huisnummer", "min_value"),
    ]
    subject = registers.post(
        "klanten", klant_body(subjectIdentificatie={"inpBsn": "1", "inpANummer": "0"}), 400
    )
    assert reasons(subject) == {
        "subjectIdentificatie.inpBsn": "invalid-length",
        "subjectIdentificatie.inpA_nummer": "a-nummer-incorrect-format",
    }


@pytest.mark.parametrize("bsn", ["000000000", "999990019", "999990020"])
def test_a_number_that_passes_the_11_test_may_occur_twice(registers: RegistersClient, bsn: str) -> None:
    for _ in range(2):
        registers.klant(subjectIdentificatie={"inpBsn": bsn})


def test_a_klantnummer_is_unique_within_its_organisation(registers: RegistersClient) -> None:
    klant = registers.klant()
    other = registers.klant()
    double = klant_body(klantnummer=klant["klantnummer"])
    assert reasons(registers.post("klanten", double, 400)) == {"nonFieldErrors": "unique"}
    registers.post("klanten", double | {"bronorganisatie": "823807071"})
    changed = registers.patch(other["url"], {"klantnummer": klant["klantnummer"]}, 400)
    assert reasons(changed) == {"nonFieldErrors": "unique"}


@pytest.mark.parametrize(
    "subject",
    [{}, {"vestigingsNummer": "000012345678"}],
    ids=["empty", "of another type"],
)
def test_a_klant_is_about_somebody(registers: RegistersClient, subject: dict[str, str]) -> None:
    answer = registers.post("klanten", klant_body(subjectIdentificatie=subject), 400)
    assert reasons(answer) == {"nonFieldErrors": "invalid-subject"}


def test_a_subject_must_answer_without_a_token(registers: RegistersClient) -> None:
    """A klant of the register itself does not."""
    klant = registers.klant()
    body = klant_body()
    del body["subjectIdentificatie"]
    refused = registers.post("klanten", body | {"subject": klant["url"]}, 400)
    assert refused["invalidParams"][0]["reason"].endswith(
        "gaf als antwoord HTTP 403. Geef een geldige URL op."
    )
    made = registers.post("klanten", body | {"subject": registers.zaak()})
    assert (made["subject"], made["subjectIdentificatie"]) == (registers.zaak(), None)


def test_the_type_of_subject_never_changes(registers: RegistersClient) -> None:
    klant = registers.klant()
    answer = registers.patch(klant["url"], {"subjectType": "vestiging"}, 400)
    assert reasons(answer) == {"subjectType": "wijzigen-niet-toegelaten"}
    registers.patch(klant["url"], {"subjectType": "natuurlijk_persoon"})


def test_without_a_type_of_subject_the_register_breaks(registers: RegistersClient) -> None:
    body = klant_body()
    del body["subjectType"]
    assert registers.post("klanten", body, 500)["code"] == "error"


def test_a_deleted_klant_is_gone_and_its_links_stay(registers: RegistersClient) -> None:
    klant = registers.klant()
    link = registers.link(registers.moment(), klant)
    registers.delete(klant["url"])
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert registers.call(method, klant["url"]).status_code == 404
    assert registers.get(link["url"])["klant"] == klant["url"]
    assert reasons(registers.put(link["url"], link, 400)) == {"klant": "bad-url"}


@pytest.mark.parametrize("path", ["klanten/geen-uuid", f"klanten/{MISSING}"])
def test_what_is_not_there_is_404(registers: RegistersClient, path: str) -> None:
    assert registers.get(path, 404)["code"] == "not_found"


def test_one_of_many_at_once_gets_the_klantnummer(registers: RegistersClient) -> None:
    body = klant_body()

    def create(_: int) -> int:
        headers = {"Authorization": token()}
        return requests.post(registers.url("klanten"), json=body, headers=headers, timeout=10).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(16))) == [201] + [400] * 15
