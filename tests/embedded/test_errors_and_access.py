"""What the embedded registers refuse whatever the collection: tokens, methods, media types, broken JSON."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.embedded.registers_client import RegistersClient, klant_body, reasons, token

HOUR = 3600


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 403, "permission_denied"),
        ("Token abc", 403, "permission_denied"),
        (token().replace("Bearer", "bearer"), 403, "permission_denied"),
        ("Bearer geen.jwt", 403, "jwt-decode-error"),
        (token(client_id=None), 403, "missing-client-identifier"),
        (token(client_id="onbekend"), 403, "invalid-client-identifier"),
        (token(secret="x" * 40), 403, "invalid-jwt-signature"),
        (token(exp=int(time.time()) - HOUR), 500, "error"),
        (token(iat=int(time.time()) + HOUR), 500, "error"),
        (token(iat=int(time.time()) - 100 * HOUR), 200, None),
    ],
)
def test_tokens(registers: RegistersClient, header: str | None, status: int, code: str | None) -> None:
    """Never 401; an exp that passed and an iat to come break the register."""
    for path in ("klanten", "contactmomenten"):
        answer = registers.call("GET", path, headers={"Authorization": header})
        assert answer.status_code == status
        assert answer.json().get("code") == code


def test_the_form_of_an_error(registers: RegistersClient) -> None:
    answer = registers.call("GET", "klanten/geen")
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body.pop("instance").startswith("urn:uuid:")
    assert body == {
        "type": f"{registers.base}/ref/fouten/NotFound/",
        "code": "not_found",
        "title": "Niet gevonden.",
        "status": 404,
        "detail": "Niet gevonden.",
    }


@pytest.mark.parametrize(
    "path", ["/klanten/api/v1/klanten/", "/klanten/api/v1/klant", "/", "/contactmomenten"]
)
def test_an_unknown_path_is_html(registers: RegistersClient, path: str) -> None:
    answer = registers.call("GET", registers.base + path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_wrong_method_says_which_are_right(registers: RegistersClient) -> None:
    answer = registers.call("DELETE", "klanten")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"
    assert answer.json()["detail"] == 'Methode "DELETE" niet toegestaan.'


def test_only_json_can_be_had(registers: RegistersClient) -> None:
    assert registers.call("GET", "klanten", headers={"Accept": "application/xml"}).status_code == 406
    assert registers.call("GET", "klanten", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.parametrize(
    ("data", "media_type", "status", "code"),
    [
        ("a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ('{"a": ', "application/json", 400, "parse_error"),
        (b"\xff", "application/json", 400, "parse_error"),
        ("[" * 100_000, "application/json", 400, "parse_error"),
        ("[]", "application/json", 400, "invalid"),
        ("null", "application/json", 400, "invalid"),
        ('{"klantnummer": "\\ud800"}', "application/json; charset=utf-8", 400, "invalid"),
    ],
)
def test_bodies_that_are_no_record(
    registers: RegistersClient, data: Any, media_type: str, status: int, code: str
) -> None:
    answer = registers.call("POST", "klanten", data=data, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_in_chunks_is_not_read(registers: RegistersClient) -> None:
    """As with the real register, which needs a Content-Length."""
    chunks = iter([b'{"bronorganisatie": "517439943", "klantnummer": "x"}'])
    answer = registers.call("POST", "klanten", data=chunks, headers={"Content-Type": "application/json"})
    assert reasons(answer.json()) == {"bronorganisatie": "required", "klantnummer": "required"}


def test_half_a_character_is_refused(registers: RegistersClient) -> None:
    """And the register goes on after it."""
    body = '{"bronorganisatie": "517439943", "klantnummer": "s", "subjectType": "natuurlijk_persoon",'
    body += ' "subjectIdentificatie": {"voornamen": "\\ud800"}}'
    answer = registers.call("POST", "klanten", data=body, headers={"Content-Type": "application/json"})
    assert reasons(answer.json()) == {"subjectIdentificatie.voornamen": "surrogate_characters_not_allowed"}
    registers.get("klanten")


def test_urls_follow_the_host_header(registers: RegistersClient) -> None:
    klant = registers.post("klanten", klant_body())
    port = urlsplit(registers.base).port
    answer = registers.call("GET", klant["url"], headers={"Host": f"localhost:{port}"})
    assert answer.json()["url"] == klant["url"].replace("127.0.0.1", "localhost")


def test_a_request_costs_milliseconds(registers: RegistersClient) -> None:
    """Guards against work per request that belongs at the start: one in a loop of 50 is quick enough."""
    klant = registers.klant()
    fastest = min(_seconds(registers, klant["url"]) for _ in range(50))
    assert fastest < 0.02


def _seconds(registers: RegistersClient, url: str) -> float:
    start = time.perf_counter()
    registers.get(url)
    return time.perf_counter() - start


def test_the_registers_listen_on_this_machine_only(registers: RegistersClient) -> None:
    assert socket.gethostbyname(urlsplit(registers.base).hostname or "") == "127.0.0.1"
