"""What the registers make of odd input, as Open Klant 1.0: lists, references, choices, blanks and NULs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.registers_client import RegistersClient, klant_body, moment_body

NUL = "null_characters_not_allowed"
LONG = "https://voorbeeld.example/" + "x" * 1000


def codes(answer: Any) -> dict[str, list[str]]:
    """The codes of the problems in an answer, by the member or parameter."""
    found: dict[str, list[str]] = {}
    for each in answer["invalidParams"]:
        found.setdefault(each["name"], []).append(each["code"])
    return found


def vestiging(**subject: Any) -> dict[str, Any]:
    return klant_body(
        subjectType="vestiging", subjectIdentificatie={"vestigingsNummer": "000012345678", **subject}
    )


@pytest.mark.parametrize(("names", "served"), [([""], [""]), (["De Hoek"], ["De Hoek"])])
def test_a_list_of_names_may_have_blanks(registers: RegistersClient, names: Any, served: Any) -> None:
    klant = registers.post("klanten", vestiging(handelsnaam=names))
    assert klant["subjectIdentificatie"]["handelsnaam"] == served


def test_a_list_of_names_may_be_left_out_and_may_not_be_empty(registers: RegistersClient) -> None:
    klant = registers.post("klanten", vestiging())
    assert klant["subjectIdentificatie"]["handelsnaam"] == []
    refused = registers.post("klanten", vestiging(handelsnaam=[]), 400)
    assert codes(refused) == {"subjectIdentificatie.handelsnaam": ["empty"]}
    empty = {"subjectType": "vestiging", "subjectIdentificatie": {"handelsnaam": []}}
    assert codes(registers.patch(klant["url"], empty, 400)) == codes(refused)


@pytest.mark.parametrize(
    ("kind", "code"), [("x", "invalid_choice"), ("vestiging", "wijzigen-niet-toegelaten")]
)
def test_a_type_that_is_none_is_no_change_of_type(registers: RegistersClient, kind: str, code: str) -> None:
    klant = registers.klant()
    assert codes(registers.patch(klant["url"], {"subjectType": kind}, 400)) == {"subjectType": [code]}


def test_a_number_is_fetched_as_the_text_that_it_is(registers: RegistersClient) -> None:
    klant = registers.klant()
    found = registers.patch(klant["url"], {"subject": 15}, 400)
    assert codes(found) == {"subject": ["bad-url", "invalid"]}


@pytest.mark.parametrize(("reference", "code"), [(LONG, "max_length"), (["x"], "incorrect_type")])
def test_a_reference_is_a_url_of_some_length(registers: RegistersClient, reference: Any, code: str) -> None:
    link = {"contactmoment": reference, "klant": registers.klant()["url"], "rol": "belanghebbende"}
    assert codes(registers.post("klantcontactmomenten", link, 400)) == {"contactmoment": [code]}


def test_a_contactmoment_that_precedes_itself_can_be_deleted(registers: RegistersClient) -> None:
    moment = registers.post("contactmomenten", moment_body())
    registers.patch(moment["url"], {"vorigContactmoment": moment["url"]})
    assert registers.call("DELETE", moment["url"]).status_code == 204


@pytest.mark.parametrize(
    ("path", "name", "value", "wanted"),
    [
        ("klanten", "klantnummer", " ", None),
        ("klanten", "klantnummer", "x\0", [NUL]),
        ("klanten", "adres__postcode", "\0", [NUL]),
        ("klanten", "subject", " ", None),
        ("klanten", "subject", "x\0", ["invalid", NUL]),
        ("klanten", "subject", "https://voorbeeld.example/\0", [NUL]),
        ("klanten", "bronorganisatie", "\0", ["only-digits", NUL]),
        ("klanten", "subjectType", " ", ["invalid_choice"]),
        ("klanten", "subjectType", "", None),
        ("contactmomenten", "registratiedatum__gt", " ", ["invalid"]),
        ("contactmomenten", "registratiedatum__gt", "", None),
        ("contactmomenten", "ordering", " registratiedatum", ["invalid_choice"]),
        ("contactmomenten", "vorigContactmoment", "", ["invalid"]),
        ("contactmomenten", "volgendContactmoment", "", ["invalid"]),
        ("contactmomenten", "klant", "", None),
        ("klantcontactmomenten", "contactmoment", " ", ["invalid"]),
        ("klantcontactmomenten", "klant", "", None),
        ("klantcontactmomenten", "rol", " ", ["invalid_choice"]),
        ("objectcontactmomenten", "object", "\0", ["invalid", NUL]),
    ],
)
def test_filters_tell_a_blank_from_nothing(
    registers: RegistersClient, path: str, name: str, value: str, wanted: list[str] | None
) -> None:
    """`wanted` are the codes of a 400; None for a page that this parameter does not filter."""
    found = registers.get(path, 200 if wanted is None else 400, **{name: value})
    if wanted is None:
        assert found["count"] == registers.get(path)["count"]
    else:
        assert codes(found) == {name: wanted}


def test_white_space_is_a_klant_that_no_contactmoment_has(registers: RegistersClient) -> None:
    registers.moment()
    assert registers.get("contactmomenten", klant=" ")["count"] == 0
