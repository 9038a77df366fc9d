"""The klanten of the embedded e-Suite."""

import pytest

from tests.embedded.esuite.client import bsn

BSN_PARAMETER = "subjectNatuurlijkPersoon__inpBsn"
KVK_PARAMETER = "subjectNietNatuurlijkPersoon__innNnpId"
BRANCH_PARAMETER = "subjectVestiging__vestigingsNummer"


@pytest.mark.parametrize(
    ("subject", "parameter", "kind"),
    [
        ({"inpBsn": "999990019"}, BSN_PARAMETER, "natuurlijk_persoon"),
        ({"innNnpId": "12345678"}, KVK_PARAMETER, "niet_natuurlijk_persoon"),
        ({"vestigingsNummer": "000012345678"}, BRANCH_PARAMETER, "vestiging"),
        ({"innNnpId": "23456789", "vestigingsNummer": "000023456789"}, BRANCH_PARAMETER, "vestiging"),
    ],
)
def test_a_klant_is_looked_up_by_its_number_and_found_by_it(esuite, subject, parameter, kind):
    made = esuite.post("klanten", {"subjectIdentificatie": subject, "achternaam": "Zelfbedacht"})
    assert made["subjectType"] == kind
    assert made["subjectIdentificatie"] == subject
    assert made.get("achternaam", made.get("bedrijfsnaam")) not in ("", "Zelfbedacht", None)
    number = subject.get("vestigingsNummer") or next(iter(subject.values()))
    found = esuite.get("klanten", **{parameter: number})
    assert found == {"count": 1, "results": [made]}
    assert esuite.get(made["url"]) == made


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"emailadres": "a@v.example"},
        {BSN_PARAMETER: "999990019", KVK_PARAMETER: "12345678"},
        {BSN_PARAMETER: ""},
    ],
)
def test_exactly_one_number_is_asked_for(esuite, parameters):
    assert esuite.get("klanten", 400, **parameters)["code"] == "VALIDATION"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "VALIDATION"),
        ({"subjectIdentificatie": {}}, 400, "VALIDATION"),
        ({"subjectIdentificatie": {"inpBsn": "123"}}, 400, "VALIDATION"),
        ({"subjectIdentificatie": {"innNnpId": "002220647"}}, 400, "VALIDATION"),
        ({"subjectIdentificatie": {"inpBsn": "999990019", "innNnpId": "12345678"}}, 400, "VALIDATION"),
        ({"subjectIdentificatie": {"inpBsn": "111222333"}}, 404, "NOT_FOUND"),
        ({"subjectIdentificatie": {"inpBsn": "123456789"}}, 404, "NOT_FOUND"),
        ({"subjectIdentificatie": {"innNnpId": "87654321"}}, 404, "NOT_FOUND"),
        ({"subjectIdentificatie": {"inpBsn": "999993653"}, "emailadres": "geen"}, 400, "VALIDATION"),
        (
            {"subjectIdentificatie": {"inpBsn": "999993653"}, "telefoonnummerAlternatief": "020"},
            400,
            "VALIDATION",
        ),
    ],
)
def test_a_klant_that_cannot_be(esuite, body, status, code):
    assert esuite.post("klanten", body, status)["code"] == code


def test_a_klant_that_is_there_already(esuite):
    number = {"subjectIdentificatie": {"inpBsn": bsn()}}
    made = esuite.post("klanten", number)
    assert esuite.post("klanten", number, 409)["code"] == "CONFLICT"
    esuite.looseness.known_klant_again = True
    assert esuite.post("klanten", number) == made


def test_how_a_klant_is_reached_is_all_that_changes(esuite):
    made = esuite.klant(emailadres="een@v.example", telefoonnummer="0201111111")
    change = {
        "emailadres": "twee@v.example",
        "telefoonnummerAlternatief": "0202222222",
        "toestemmingZaakNotificatiesAlleenDigitaal": True,
        "achternaam": "Anders",
        "klantnummer": "1",
        "subjectIdentificatie": {"inpBsn": "999990019"},
    }
    changed = esuite.patch(made["url"], change)
    taken = ("emailadres", "telefoonnummerAlternatief", "toestemmingZaakNotificatiesAlleenDigitaal")
    assert changed == made | {name: change[name] for name in taken}
    assert esuite.get(made["url"]) == changed


@pytest.mark.parametrize("empty", [None, ""])
def test_what_a_klant_is_not_reached_by_any_more(esuite, empty):
    made = esuite.klant(emailadres="een@v.example", telefoonnummer="0201111111")
    changed = esuite.patch(made["url"], {"emailadres": empty, "telefoonnummer": empty})
    assert (changed["emailadres"], changed["telefoonnummer"]) == (None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"emailadres": "geen adres"},
        {"telefoonnummer": None},
        {"telefoonnummer": ""},
        {"telefoonnummer": ["0201111111"]},
    ],
)
def test_a_change_of_a_klant_that_cannot_be(esuite, change):
    made = esuite.klant(telefoonnummer="0201111111", telefoonnummerAlternatief="0202222222")
    assert esuite.patch(made["url"], change, 400)["code"] == "VALIDATION"
    assert esuite.get(made["url"]) == made


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_klant_is_neither_replaced_nor_deleted(esuite, method):
    assert esuite.call(method, esuite.klant()["url"], json={}).status_code == 405


def test_a_klant_that_is_not_there(esuite):
    unknown = "klanten/0b0e2a0c-54a1-4b0e-9d1c-5e3f0a1b2c3d"
    assert esuite.get(unknown, 404)["code"] == "NOT_FOUND"
    assert esuite.patch(unknown, {}, 404)["code"] == "NOT_FOUND"
