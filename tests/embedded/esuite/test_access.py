"""Who may ask the embedded e-Suite, for whom, and what its errors look like."""

import time

import pytest

from tests.embedded.esuite.client import token

MEMBERS = {"type", "code", "title", "status", "detail", "instance"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer niets",
        "Token demo",
        token("another-secret-another-secret-another"),
        token(client_id="wie"),
        token(client_id=None),
        token(client_id=["demo"]),
        token(user_id=None),
        token(user_id=""),
        token(user_representation=None),
        token(exp=None),
        token(exp=int(time.time()) - 5),
        token().removeprefix("Bearer "),
    ],
)
def test_a_token_that_is_not_right(esuite, header):
    for path in ("klanten", "contactmomenten", "kantoor/contacten"):
        refused = esuite.call("GET", path, headers={"Authorization": header})
        assert (refused.status_code, refused.json()["code"]) == (401, "NOT_AUTHORISED")


def test_the_employee_of_the_header_is_who_recorded_it(esuite):
    for headers, user in (({}, "demo"), ({"X-Esuite-Request-User-Id": "abouma"}, "abouma")):
        made = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, headers=headers).json()
        assert made["medewerkerIdentificatie"]["identificatie"] == user
    headers = {"X-Esuite-Request-User-Id": "niemand"}
    refused = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_AUTHORISED")


def test_who_is_only_in_the_token_need_not_exist(esuite):
    headers = {"Authorization": token(user_id="open-inwoner")}
    made = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, headers=headers).json()
    assert "medewerkerIdentificatie" not in made


@pytest.mark.parametrize("path", ["klanten/x", "contactmomenten/x", "nergens", "contactmomenten/"])
def test_an_error_has_its_own_form(esuite, path):
    refused = esuite.call("GET", path)
    assert refused.status_code == 404
    assert refused.json().keys() == MEMBERS
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["status"]) == ("NOT_FOUND", 404)


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b"\xff"])
def test_a_body_that_is_no_json(esuite, body):
    refused = esuite.call("POST", "contactmomenten", data=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "VALIDATION")


@pytest.mark.parametrize("body", [[], "tekst", None, 7])
def test_a_body_that_is_no_object(esuite, body):
    assert esuite.call("POST", "contactmomenten", json=body).status_code == 400


def test_forwarded_headers_lead_its_urls_astray(esuite):
    made = esuite.contact()
    headers = {"X-Forwarded-Host": "klantbrug.example", "X-Forwarded-Proto": "https"}
    assert (
        esuite.call("GET", made["url"], headers=headers)
        .json()["url"]
        .startswith("https://klantbrug.example/")
    )
