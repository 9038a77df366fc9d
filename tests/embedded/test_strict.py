"""Registers that keep to the bare specifications, checked by the contract that the product checks with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from adapter.registers.contract import Finding

from tests.embedded.answer_contract import watch
from tests.embedded.registers_client import RegistersClient, klant_body, moment_body, reasons

Findings = list[Finding]


@pytest.fixture
def findings(strict_registers: RegistersClient) -> Iterator[Findings]:
    """Everything in the answers of one test that the specifications do not have."""
    found: Findings = []
    strict_registers.session.hooks["response"] = [watch(found, strict=True)]
    yield found
    strict_registers.session.hooks["response"] = []


def test_answers_are_valid_under_the_specification(
    strict_registers: RegistersClient, findings: Findings
) -> None:
    registers = strict_registers
    klant, moment = registers.klant(), registers.moment()
    full = registers.klant(
        adres={"straatnaam": "Neude"},
        emailadres="a@example.nl",
        subject=registers.zaak(),
        subjectIdentificatie={"inpBsn": "999990019", "geslachtsaanduiding": "v"},
    )
    registers.moment(vorigContactmoment=moment["url"], initiatiefnemer="klant", medewerker=registers.zaak())
    link = registers.link(moment, klant)
    body = {"contactmoment": moment["url"], "object": registers.zaak(), "objectType": "zaak"}
    registers.post("objectcontactmomenten", body)
    for collection in ("klanten", "contactmomenten", "klantcontactmomenten", "objectcontactmomenten"):
        assert registers.get(collection)["count"]
    registers.patch(klant["url"], {"achternaam": "Vries"})
    registers.put(full["url"], klant_body(klantnummer=full["klantnummer"]))
    registers.get("klanten/geen", 404)
    registers.post("klanten", {}, 400)
    registers.delete(link["url"])
    assert findings == []


def test_what_has_no_blank_is_left_out(strict_registers: RegistersClient) -> None:
    klant, moment = strict_registers.klant(), strict_registers.moment()
    assert klant.keys().isdisjoint({"emailadres", "subject", "geverifieerd", "aanmaakkanaal"})
    assert klant["subjectIdentificatie"].keys().isdisjoint({"geslachtsaanduiding", "verblijfsadres"})
    assert klant["achternaam"] == ""
    assert moment.keys().isdisjoint({"initiatiefnemer", "medewerker", "klantcontactmomenten"})


@pytest.mark.parametrize("member", ["websiteUrl", "emailadres", "subject"])
def test_a_blank_is_no_value_where_the_specification_has_a_format(
    strict_registers: RegistersClient, member: str
) -> None:
    body = klant_body(**{member: ""})
    assert reasons(strict_registers.post("klanten", body, 400)) == {member: "blank"}


def test_the_website_is_required(strict_registers: RegistersClient) -> None:
    body = klant_body()
    del body["websiteUrl"]
    assert reasons(strict_registers.post("klanten", body, 400)) == {"websiteUrl": "required"}


def test_an_initiative_is_somebodys(strict_registers: RegistersClient) -> None:
    body = moment_body(initiatiefnemer="")
    answer = strict_registers.post("contactmomenten", body, 400)
    assert reasons(answer) == {"initiatiefnemer": "invalid_choice"}


@pytest.mark.parametrize(
    "parameter",
    ["klant", "object", "expand", "medewerkerIdentificatie__identificatie"],
)
def test_additions_of_open_klant_are_unknown_parameters(
    strict_registers: RegistersClient, parameter: str
) -> None:
    answer = strict_registers.get("contactmomenten", 400, **{parameter: "x"})
    assert reasons(answer) == {"nonFieldErrors": "unknown-parameters"}


def test_links_cannot_be_changed(strict_registers: RegistersClient) -> None:
    link = strict_registers.link(strict_registers.moment(), strict_registers.klant())
    assert "gelezen" not in link
    strict_registers.patch(link["url"], {"rol": "belanghebbende"}, 405)
    strict_registers.put(link["url"], link, 405)


def test_past_the_last_page_is_an_empty_page(strict_registers: RegistersClient, findings: Findings) -> None:
    """The specification has no 404 for a list."""
    page = strict_registers.get("klanten", page=1000)
    assert page["results"] == []
    strict_registers.get("klanten", 400, page="abc")
    assert findings == []


def test_a_klant_of_no_type_is_about_a_url(strict_registers: RegistersClient) -> None:
    body = klant_body(subject=strict_registers.zaak())
    del body["subjectType"], body["subjectIdentificatie"]
    made = strict_registers.post("klanten", body)
    assert made["subjectType"] is None
    assert "subjectIdentificatie" not in made
