"""The contactmomenten of the embedded Contactmomenten register, and their links."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.embedded.registers_client import RSIN, RegistersClient, moment_body, reasons

OTHER_ZAAK = "22222222-2222-4222-8222-222222222222"
MISSING = "00000000-0000-4000-8000-000000000000"


def texts(page: Any) -> list[str]:
    return [moment["tekst"] for moment in page["results"]]


def test_a_new_contactmoment_is_registered_now(registers: RegistersClient) -> None:
    moment = registers.moment()
    assert moment["registratiedatum"].endswith("Z")
    assert (moment["vorigContactmoment"], moment["volgendContactmoment"]) == (None, None)
    assert (moment["klantcontactmomenten"], moment["objectcontactmomenten"]) == ([], [])
    assert moment["initiatiefnemer"] == ""
    assert registers.get(moment["url"]) == moment


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2023-03-01T12:34:56+01:00", "2023-03-01T11:34:56Z"),
        ("2023-03-01T12:34", "2023-03-01T12:34:00Z"),
        ("2023-03-01T12:34:56.5Z", "2023-03-01T12:34:56.500000Z"),
    ],
)
def test_moments_are_answered_in_utc(registers: RegistersClient, sent: str, answered: str) -> None:
    assert registers.moment(registratiedatum=sent)["registratiedatum"] == answered


def test_a_day_is_no_moment(registers: RegistersClient) -> None:
    answer = registers.post("contactmomenten", moment_body(registratiedatum="2023-03-01"), 400)
    assert reasons(answer) == {"registratiedatum": "invalid"}
    assert reasons(registers.get("contactmomenten", 400, registratiedatum__gte="2023-03-01")) == {
        "registratiedatum__gte": "invalid"
    }


def test_the_list_is_ordered_by_moment(registers: RegistersClient) -> None:
    """Also between a whole second and its parts."""
    moments = {
        "b": "2001-01-01T10:00:00Z",
        "c": "2001-01-01T10:00:00.000001Z",
        "a": "2001-01-01T09:59:59.999Z",
    }
    for text, moment in moments.items():
        registers.moment(kanaal="volgorde", tekst=text, registratiedatum=moment)
    assert texts(registers.get("contactmomenten", kanaal="volgorde")) == ["c", "b", "a"]
    ascending = registers.get("contactmomenten", kanaal="volgorde", ordering="registratiedatum")
    assert texts(ascending) == ["a", "b", "c"]
    later = registers.get("contactmomenten", kanaal="volgorde", registratiedatum__gt="2001-01-01T10:00:00Z")
    assert texts(later) == ["c"]
    assert texts(registers.get("contactmomenten", kanaal="volgorde", ordering="-tekst")) == ["c", "b", "a"]


def test_an_ordering_that_is_not_there_is_refused(registers: RegistersClient) -> None:
    """`url` is in the specification, and breaks the register."""
    assert reasons(registers.get("contactmomenten", 400, ordering="onzin")) == {"ordering": "invalid_choice"}
    registers.get("contactmomenten", 500, ordering="url")


@pytest.mark.parametrize("collection", ["contactmomenten", "klantcontactmomenten", "objectcontactmomenten"])
def test_unknown_parameters_are_refused(registers: RegistersClient, collection: str) -> None:
    answer = registers.get(collection, 400, onzin=1, kanaaal=2)
    assert answer["invalidParams"] == [
        {
            "name": "nonFieldErrors",
            "code": "unknown-parameters",
            "reason": "Onbekende query parameters: onzin, kanaaal",
        }
    ]


def test_filters_count_for_one_record_too(registers: RegistersClient) -> None:
    moment = registers.moment(kanaal="telefoon")
    registers.get(moment["url"], kanaal="telefoon", onzin="1")
    registers.get(moment["url"], 404, kanaal="balie")


def test_contactmomenten_form_chains(registers: RegistersClient) -> None:
    first = registers.moment()
    second = registers.moment(vorigContactmoment=first["url"])
    assert registers.get(first["url"])["volgendContactmoment"] == second["url"]
    assert registers.get("contactmomenten", vorigContactmoment=first["url"])["count"] == 1
    assert registers.get("contactmomenten", volgendContactmoment=second["url"])["count"] == 1
    assert registers.get("contactmomenten", volgendContactmoment=first["url"])["count"] == 0
    registers.delete(first["url"], 500)
    assert registers.patch(second["url"], {"vorigContactmoment": None})["vorigContactmoment"] is None
    registers.delete(first["url"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/contactmomenten/api/v1/contactmomenten/{MISSING}", "does_not_exist"),
        (f"/klanten/api/v1/klanten/{MISSING}", "incorrect_match"),
        ("/contactmomenten/api/v1/contactmomenten", "incorrect_match"),
        ("/elders", "no_match"),
    ],
)
def test_a_predecessor_must_be_a_contactmoment(registers: RegistersClient, path: str, code: str) -> None:
    body = moment_body(vorigContactmoment=f"https://elders.example.nl{path}")
    assert reasons(registers.post("contactmomenten", body, 400)) == {"vorigContactmoment": code}


def test_a_contactmoment_has_one_successor(registers: RegistersClient) -> None:
    first = registers.moment()
    second = registers.moment(vorigContactmoment=first["url"])
    answer = registers.post("contactmomenten", moment_body(vorigContactmoment=first["url"]), 400)
    assert reasons(answer) == {"vorigContactmoment": "unique"}
    registers.patch(second["url"], {"vorigContactmoment": first["url"]})


@pytest.mark.parametrize(
    "members",
    [{}, {"medewerker": ""}, {"medewerkerIdentificatie": {}}, {"medewerkerIdentificatie": None}],
)
def test_somebody_had_the_contact(registers: RegistersClient, members: dict[str, Any]) -> None:
    answer = registers.post("contactmomenten", {"bronorganisatie": RSIN, **members}, 400)
    assert reasons(answer) == {"nonFieldErrors": "invalid-medewerker"}


def test_the_employee_is_filled_in_and_never_cleared(registers: RegistersClient) -> None:
    moment = registers.moment(medewerkerIdentificatie={"identificatie": "mw-1", "achternaam": "Berg"})
    for value in (None, {}):
        registers.patch(moment["url"], {"medewerkerIdentificatie": value})
    changed = registers.patch(moment["url"], {"medewerkerIdentificatie": {"voorletters": "S."}})
    assert changed["medewerkerIdentificatie"] == {
        "identificatie": "mw-1",
        "achternaam": "Berg",
        "voorletters": "S.",
        "voorvoegselAchternaam": "",
    }
    found = registers.get("contactmomenten", medewerkerIdentificatie__achternaam="Berg")
    assert found["count"] == 1


def test_expand_puts_links_in_place_of_their_urls(registers: RegistersClient) -> None:
    klant, moment = registers.klant(), registers.moment()
    links = [registers.link(moment, klant, rol) for rol in ("gesprekspartner", "belanghebbende")]
    bare = registers.get(moment["url"])["klantcontactmomenten"]
    assert bare == [link["url"] for link in reversed(links)]
    whole = registers.get(moment["url"], expand="klantcontactmomenten")["klantcontactmomenten"]
    assert whole == list(reversed(links))
    both = "klantcontactmomenten,objectcontactmomenten"
    assert reasons(registers.get(moment["url"], 400, expand=both)) == {"expand": "invalid_choice"}


def test_the_contacts_of_a_klant_come_once_per_role(registers: RegistersClient) -> None:
    klant, other, moment = registers.klant(), registers.klant(), registers.moment(tekst="dubbel")
    registers.link(moment, klant)
    registers.link(moment, klant, "belanghebbende")
    registers.link(moment, other)
    found = registers.get("contactmomenten", klant=klant["url"], bronorganisatie=RSIN)
    assert (found["count"], texts(found)) == (2, ["dubbel", "dubbel"])
    assert registers.get("contactmomenten", klant=f"{klant['url']},{other['url']}")["count"] == 3
    assert registers.get("contactmomenten", klant="geen-url")["count"] == 0


def test_a_link_is_unique_and_can_be_changed(registers: RegistersClient) -> None:
    klant, moment = registers.klant(), registers.moment()
    link = registers.link(moment, klant)
    body = {name: link[name] for name in ("contactmoment", "klant", "rol")}
    assert reasons(registers.post("klantcontactmomenten", body, 400)) == {"nonFieldErrors": "unique"}
    assert registers.patch(link["url"], {"gelezen": True}) == link | {"gelezen": True}
    changed = registers.put(link["url"], body | {"rol": "belanghebbende"})
    assert changed == link | {"gelezen": True, "rol": "belanghebbende"}


def test_links_are_found_by_the_registers_own_urls(registers: RegistersClient) -> None:
    """At another host name it is another register's contactmoment."""
    klant, moment = registers.klant(), registers.moment()
    link = registers.link(moment, klant)
    assert registers.get("klantcontactmomenten", contactmoment=moment["url"])["results"] == [link]
    assert registers.get("klantcontactmomenten", klant=klant["url"], rol="gesprekspartner")["results"] == [
        link
    ]
    elsewhere = moment["url"].replace(registers.base, "https://elders.example.nl")
    assert registers.get("klantcontactmomenten", contactmoment=elsewhere)["count"] == 0


@pytest.mark.parametrize("klant", ["geen-url", "http://127.0.0.1:1/klanten/api/v1/klanten/x"])
def test_a_klant_must_answer(registers: RegistersClient, klant: str) -> None:
    body = {"contactmoment": registers.moment()["url"], "klant": klant, "rol": "gesprekspartner"}
    problem = registers.post("klantcontactmomenten", body, 400)["invalidParams"][0]
    assert (problem["name"], problem["code"]) == ("klant", "bad-url")
    assert problem["reason"].startswith(f"De URL {klant} kon niet opgehaald worden. Foutmelding: ")


def test_a_contactmoment_takes_its_links_along(registers: RegistersClient) -> None:
    klant, moment = registers.klant(), registers.moment()
    links = [registers.link(moment, klant), object_link(registers, moment)]
    registers.delete(moment["url"])
    for link in links:
        registers.get(link["url"], 404)
    registers.get(klant["url"])


def object_link(registers: RegistersClient, moment: Any, **members: Any) -> Any:
    body = {"contactmoment": moment["url"], "object": registers.zaak(), "objectType": "zaak", **members}
    return registers.post("objectcontactmomenten", body)


def test_the_contacts_of_a_zaak_are_found(registers: RegistersClient) -> None:
    moment = registers.moment()
    link = object_link(registers, moment, object=registers.zaak(OTHER_ZAAK))
    zaak = registers.zaak(OTHER_ZAAK)
    assert registers.get("objectcontactmomenten", object=zaak)["results"] == [link]
    found = registers.get("contactmomenten", object=zaak, expand="objectcontactmomenten")["results"]
    assert found[0]["objectcontactmomenten"] == [link]


@pytest.mark.parametrize(
    ("zaak", "code"),
    [
        ("dead1111-1111-4111-8111-111111111111", "bad-url"),
        ("11111111-1111-1111-8111-111111111111", "bad-url"),
    ],
)
def test_an_object_must_be_a_zaak(registers: RegistersClient, zaak: str, code: str) -> None:
    body = {
        "contactmoment": registers.moment()["url"],
        "object": registers.zaak(zaak),
        "objectType": "zaak",
    }
    assert reasons(registers.post("objectcontactmomenten", body, 400)) == {"object": code}


def test_something_else_than_a_zaak_is_refused(registers: RegistersClient) -> None:
    relation = f"{registers.zaken}/zaakcontactmomenten?zaak=a&contactmoment=b"
    body = {"contactmoment": registers.moment()["url"], "object": relation, "objectType": "zaak"}
    assert reasons(registers.post("objectcontactmomenten", body, 400)) == {"object": "invalid-resource"}


def test_the_zaak_lets_go_first(registers: RegistersClient) -> None:
    moment = registers.moment()
    link = object_link(registers, moment)
    assert reasons(registers.delete(link["url"], 400)) == {"nonFieldErrors": "remote-relation-exists"}
    pair = {"zaak": registers.zaak(), "contactmoment": moment["url"]}
    relations = f"{registers.zaken}/zaakcontactmomenten"
    assert requests.delete(relations, params=pair, timeout=5).status_code == 204
    registers.delete(link["url"])
    body = {"contactmoment": moment["url"], "object": registers.zaak(), "objectType": "zaak"}
    refused = registers.post("objectcontactmomenten", body, 400)
    assert reasons(refused) == {"nonFieldErrors": "inconsistent-relation"}
    made = requests.post(relations, json=pair, timeout=5)
    assert made.status_code == 201
    registers.post("objectcontactmomenten", body)
    assert requests.delete(made.json()["url"], timeout=5).status_code == 204


def test_a_zaak_is_linked_once_and_never_changed(registers: RegistersClient) -> None:
    link = object_link(registers, registers.moment())
    body = {name: link[name] for name in ("contactmoment", "object", "objectType")}
    registers.post("objectcontactmomenten", body, 500)
    registers.put(link["url"], body, 405)
    registers.patch(link["url"], {}, 405)
