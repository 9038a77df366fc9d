"""Every error in the form that clients check for."""

from __future__ import annotations

import logging
import re

import pytest
from adapter.errors import Conflict, Forbidden, RegisterAnswer, RegisterUnavailable

from tests.api.contacts import CONTACT, UNKNOWN

ORIGIN = "https://brug.example"


def test_an_error_has_the_members_that_clients_check(client):
    body = client.get(f"/klantcontacten/{UNKNOWN}").json()
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", body.pop("instance"))
    assert body == {
        "type": f"{ORIGIN}/ref/fouten/NotFound/",
        "code": "not_found",
        "title": "Niet gevonden.",
        "status": 404,
        "detail": "Niet gevonden.",
    }


def test_problems_are_listed_together(client):
    body = client.post("/klantcontacten", json={"kanaal": "x" * 51}).json()
    assert (body["code"], body["title"]) == ("invalid", "Ongeldige invoerwaarde.")
    assert body["invalidParams"][0] == {
        "name": "kanaal",
        "code": "max_length",
        "reason": "Zorg ervoor dat dit veld niet meer dan 50 karakters bevat.",
    }
    assert [p["name"] for p in body["invalidParams"]] == ["kanaal", "onderwerp", "taal", "vertrouwelijk"]


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("geheim", "Expecting value: line 1 column 1 (char 0)"),
        ('{"kanaal": "geheim"', "Expecting ',' delimiter: line 1 column 20 (char 19)"),
        ('{"kanaal": "geheim', "Unterminated string starting at: line 1 column 12 (char 11)"),
        ("{} {}", "Extra data: line 1 column 4 (char 3)"),
        ('{"kanaal": NaN}', "Out of range float values are not JSON compliant: 'NaN'"),
        (b"\xff", "line 1 column 1 (char 0)"),
        ("[" * 100_000, "line 1 column 1026 (char 1025)"),
    ],
)
def test_what_is_no_json_is_told_in_the_words_of_the_reference(client, body, mistake):
    """The detail says what is wrong and where, and repeats nothing of what was sent."""
    answer = client.post("/klantcontacten", content=body, headers={"Content-Type": "application/json"}).json()
    assert (answer["status"], answer["code"]) == (400, "parse_error")
    assert answer["title"] == "Ongeldig samengestelde request."
    assert answer["detail"] == f"JSON parse error - {mistake}"


def test_problem_json_is_given_when_asked_for_by_name(client):
    accept = {"Accept": "application/json, application/problem+json"}
    assert client.get("/onbekend", headers=accept).headers["Content-Type"] == "application/problem+json"
    assert client.get("/klantcontacten", headers=accept).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (RegisterUnavailable("klanten", 30), 503, "register_unavailable"),
        (RegisterAnswer("objects"), 502, "register_answer"),
        (Conflict("Die sleutel is al gebruikt."), 409, "conflict"),
        (Forbidden(), 403, "permission_denied"),
    ],
)
def test_failures_below_the_face_have_a_status_of_their_own(client, service, failure, status, code):
    service.failure = failure
    answer = client.get("/klantcontacten")
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)


def test_an_unexpected_failure_tells_nothing_about_itself(client, service, caplog):
    service.failure = KeyError("999990019 van mevrouw Jansen")
    answer = client.get("/klantcontacten")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "Jansen" not in answer.text
    assert "Jansen" not in caplog.text
    assert "KeyError" in caplog.text
    assert answer.json()["instance"] in caplog.text


def test_log_lines_hold_no_values(client, caplog):
    caplog.set_level(logging.INFO, "klantbrug.api")
    client.post("/klantcontacten", json={**CONTACT, "onderwerp": "mevrouw Jansen\0"})
    client.get("/klantcontacten?onderwerp=Jansen&Jansen=1")
    client.get(f"/klantcontacten/{UNKNOWN}")
    first, _, last = (record.msg for record in caplog.records)
    assert first["problems"] == ["null_characters_not_allowed"]
    assert (last["event"], last["operation"], last["status"]) == ("request", "klantcontactenRetrieve", 404)
    for secret in ("Jansen", UNKNOWN, "Token"):
        assert secret not in caplog.text
