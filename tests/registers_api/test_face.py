"""What the face of the old APIs does whatever the record: methods, tokens, addresses, limits, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests
from adapter.collection import CannotAnswer, MemberRefused

from tests.embedded.registers_client import RegistersClient, klant_body, moment_body, reasons, token
from tests.registers_api.faces import Tables, face

OLD_HOST = "https://oud.example.nl/openklant"


@pytest.fixture(scope="module")
def keeper() -> Tables:
    """What the face serves."""
    return Tables()


@pytest.fixture(scope="module")
def client(keeper: Tables) -> Iterator[RegistersClient]:
    """A client of the face, which knows records by the address of an earlier register too."""
    with face(keeper, aliases=(OLD_HOST,), body_limit=5_000) as url:
        yield RegistersClient(url, "http://127.0.0.1:1")


def test_all_methods_are_answered(client: RegistersClient) -> None:
    klant = client.klant()
    head = client.call("HEAD", klant["url"])
    assert (head.status_code, head.content) == (200, b"")
    assert client.call("OPTIONS", "klanten").headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    wrong = client.call("DELETE", "klanten")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, POST")
    assert client.call("PUT", "objectcontactmomenten/x").status_code == 405
    assert client.call("GET", f"{klant['url']}/").status_code == 404
    client.delete(klant["url"])
    client.get(klant["url"], 404)


def test_the_audit_trail_is_not_served(client: RegistersClient) -> None:
    """It is in the specification, and a register Klantinteracties has none."""
    klant = client.klant()
    assert client.call("GET", f"{klant['url']}/audittrail").status_code == 404


@pytest.mark.parametrize("path", ["klanten", "klanten/x", "contactmomenten", "klantcontactmomenten"])
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "permission_denied"),
        ("Token onbekend", "permission_denied"),
        ("Bearer geen.jwt", "jwt-decode-error"),
        (token(client_id=None), "missing-client-identifier"),
        (token(client_id="onbekend"), "invalid-client-identifier"),
        (token(secret="x" * 40), "invalid-jwt-signature"),
        (token(exp=1), "invalid-jwt-signature"),
    ],
)
def test_a_wrong_token_is_never_401(client: RegistersClient, path: str, header: Any, code: str) -> None:
    answer = client.call("GET", path, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_a_token_has_the_operations_that_it_is_given(client: RegistersClient) -> None:
    klant = client.klant()
    reader = {"Authorization": "Token lezer"}
    assert client.call("GET", klant["url"], headers=reader).status_code == 200
    assert client.call("DELETE", klant["url"], headers=reader).status_code == 403


def test_a_second_question_mark_is_no_part_of_a_parameter(client: RegistersClient) -> None:
    """The proxy of KISS sends `klanten??klantnummer=…`."""
    klant = client.klant()
    url = f"{client.url('klanten')}??klantnummer={klant['klantnummer']}"
    assert [each["url"] for each in client.get(url)["results"]] == [klant["url"]]


def test_a_record_is_known_by_the_address_of_an_earlier_register(client: RegistersClient) -> None:
    """And is answered with its present address."""
    klant, moment = client.klant(), client.moment()
    old = {name: each["url"].replace(client.base, OLD_HOST) for name, each in (("k", klant), ("m", moment))}
    link = client.post(
        "klantcontactmomenten", {"klant": old["k"], "contactmoment": old["m"], "rol": "gesprekspartner"}
    )
    assert (link["klant"], link["contactmoment"]) == (klant["url"], moment["url"])
    there = f"https://elders.example.nl/klanten/api/v1/klanten/{klant['url'][-36:]}"
    body = {"klant": there, "contactmoment": moment["url"], "rol": "belanghebbende"}
    assert reasons(client.post("klantcontactmomenten", body, 400)) == {"klant": "bad-url"}


@pytest.mark.parametrize("text", ["..", "x", "%2e%2e", "..;", "a%3Fb", "a%2F.."])
def test_what_is_no_uuid_reaches_no_register(
    client: RegistersClient, keeper: Tables, monkeypatch: Any, text: str
) -> None:
    """In a path, a reference or a filter: it would become part of a path of the register."""
    asked: list[str] = []
    for each in keeper.collections.values():
        monkeypatch.setattr(each, "get", asked.append)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        path = f"{client.base}/klanten/api/v1/klanten/{text}"
        request = requests.Request(method, path, json={}, headers=dict(client.session.headers)).prepare()
        request.url = path
        assert client.session.send(request, timeout=10).status_code == 404
    url = f"{client.base}/contactmomenten/api/v1/contactmomenten/{text}"
    said = client.post("contactmomenten", moment_body(vorigContactmoment=url), 400)
    assert reasons(said)["vorigContactmoment"] in {"does_not_exist", "no_match"}
    client.get("contactmomenten", vorigContactmoment=url)
    assert set(asked) <= {"00000000-0000-0000-0000-000000000000"}


def test_a_uuid_is_found_however_it_is_written(client: RegistersClient) -> None:
    klant = client.klant()
    base, _, uuid = klant["url"].rpartition("/")
    assert client.get(f"{base}/{uuid.upper()}") == klant


def test_no_url_of_a_client_is_fetched(client: RegistersClient) -> None:
    """This process may reach what the client may not. A subject is stored as it is given."""
    klant = client.klant(subject="http://127.0.0.1:1/intern")
    assert client.get(klant["url"])["subject"] == "http://127.0.0.1:1/intern"


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("klanten", {"subjectType": None}, {"subjectType": "required"}),
        ("contactmomenten", {"vorigContactmoment": 7}, {"vorigContactmoment": "incorrect_type"}),
    ],
)
def test_what_open_klant_fails_at_is_refused(
    client: RegistersClient, path: str, body: Any, found: Any
) -> None:
    made = klant_body(**body) if path == "klanten" else moment_body(**body)
    if body.get("subjectType", "") is None:
        del made["subjectType"]
    assert reasons(client.post(path, made, 400)) == found


def test_a_link_with_a_zaak_needs_no_zaken_api(client: RegistersClient) -> None:
    """And the same one twice is refused, where Open Klant 1.0 answers 500."""
    body = {"contactmoment": client.moment()["url"], "object": client.zaak(), "objectType": "zaak"}
    made = client.post("objectcontactmomenten", body)
    assert reasons(client.post("objectcontactmomenten", body, 400)) == {"nonFieldErrors": "unique"}
    client.delete(made["url"])


def test_a_body_that_is_too_long_is_not_read(client: RegistersClient) -> None:
    answer = client.call("POST", "contactmomenten", json=moment_body(tekst="x" * 6_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_what_a_collection_cannot_do_is_said(
    client: RegistersClient, keeper: Tables, monkeypatch: Any
) -> None:
    """A filter that would need everything, a member that cannot be kept."""

    def cannot(*_: Any) -> Any:
        raise CannotAnswer("Hiervoor is te veel te lezen.")

    def refused(*_: Any) -> Any:
        raise MemberRefused("tekst", "too-strange", "Dit kan niet.")

    contacts = keeper.collections["contactmomenten"]
    monkeypatch.setattr(contacts, "page", cannot)
    monkeypatch.setattr(contacts, "add", refused)
    said = client.get("contactmomenten", 400)["invalidParams"]
    assert said == [
        {"name": "nonFieldErrors", "code": "not-supported", "reason": "Hiervoor is te veel te lezen."}
    ]
    said = client.post("contactmomenten", moment_body(), 400)["invalidParams"]
    assert said == [{"name": "tekst", "code": "too-strange", "reason": "Dit kan niet."}]


def test_what_goes_wrong_inside_is_no_secret_and_no_value(
    client: RegistersClient, keeper: Tables, monkeypatch: Any, caplog: Any
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("999990019")

    monkeypatch.setattr(keeper.collections["klanten"], "get", broken)
    answer = client.call("PATCH", f"klanten/{uuid4()}", json={})
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "999990019" not in answer.text + caplog.text


@pytest.mark.parametrize(
    "path", ["klanten/api/v1/openapi.json", "contactmomenten/api/v1/schema/openapi.yaml"]
)
def test_the_specification_is_public(client: RegistersClient, path: str) -> None:
    answer = requests.get(f"{client.base}/{path}", timeout=10)
    assert answer.status_code == 200
    again = requests.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10)
    assert again.status_code == 304


def test_health_is_answered_beside_the_apis(client: RegistersClient) -> None:
    assert client.get(f"{client.base}/_healthz/readyz") == {"status": "ok"}
    assert client.get(f"{client.base}/_healthz")["status"] == "ok"


def test_every_url_begins_with_the_public_one(keeper: Tables) -> None:
    """Behind a gateway that has the APIs below a path of its own."""
    with face(keeper, prefix="/oud") as url:
        client = RegistersClient(url, "")
        klant = client.post("klanten", klant_body())
        assert klant["url"].startswith(f"{url}/oud/klanten/api/v1/klanten/")
        moment = client.moment()
        body = {"klant": klant["url"], "contactmoment": moment["url"], "rol": "gesprekspartner"}
        assert client.post("klantcontactmomenten", body)["klant"] == klant["url"]
        page = client.get("klanten", 404, page=99)
        assert page["type"] == f"{url}/oud/ref/fouten/NotFound/"
