"""Who may use the API."""

from __future__ import annotations

import pytest
from adapter.api.tokens import Token, Tokens, UnreadableHash, hash_token
from adapter.errors import Unauthenticated

from tests.api.conftest import HASHED
from tests.api.contacts import CONTACT


@pytest.mark.parametrize(
    ("header", "code", "detail"),
    [
        ("", "not_authenticated", "Authenticatiegegevens zijn niet opgegeven."),
        ("Bearer abc", "not_authenticated", "Authenticatiegegevens zijn niet opgegeven."),
        ("Basic YTpi", "not_authenticated", "Authenticatiegegevens zijn niet opgegeven."),
        ("Token fout", "authentication_failed", "Ongeldige token."),
        ("token fout", "authentication_failed", "Ongeldige token."),
        ("Token", "authentication_failed", "Ongeldige token header. Geen logingegevens opgegeven"),
        ("Token a b", "authentication_failed", "Ongeldige token header. Token kan geen spaties bevatten."),
    ],
)
def test_without_a_known_token_nothing_is_told(client, header, code, detail):
    answer = client.get("/klantcontacten", headers={"Authorization": header})
    assert answer.status_code == 401
    assert (answer.json()["code"], answer.json()["detail"]) == (code, detail)
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token demo", "token demo", f"Token {HASHED}"])
def test_a_known_token_is_enough(client, header):
    assert client.get("/klantcontacten", headers={"Authorization": header}).status_code == 200


def test_a_token_may_only_use_its_operations(client):
    reader = {"Authorization": "Token lezer"}
    assert client.get("/klantcontacten", headers=reader).status_code == 200
    answer = client.post("/klantcontacten", json=CONTACT, headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_the_service_knows_who_asks(client, service):
    client.get("/klantcontacten", headers={"Authorization": f"Token {HASHED}"})
    caller = service.calls[-1][-1]
    assert (caller.name, caller.legacy_fields) == ("gehasht", False)


def test_the_token_is_asked_for_before_the_method(client):
    assert client.delete("/klantcontacten", headers={"Authorization": ""}).status_code == 401


def test_a_hash_is_computed_once_per_token():
    tokens = Tokens([Token("a", hash=hash_token("geheim"))])
    assert tokens.remembered("geheim") is None
    assert tokens.verify("geheim").name == "a"
    assert tokens.remembered("geheim").name == "a"


def test_a_wrong_token_is_remembered_as_wrong():
    tokens = Tokens([Token("a", hash=hash_token("geheim"))])
    with pytest.raises(Unauthenticated):
        tokens.verify("fout")
    with pytest.raises(Unauthenticated):
        tokens.remembered("fout")


def test_two_hashes_of_one_token_differ():
    assert hash_token("geheim") != hash_token("geheim")


@pytest.mark.parametrize("secret", ["scrypt$", "scrypt$1$2$3$4", "scrypt$a$b$c$d$e"])
def test_a_hash_that_cannot_be_read_is_named_at_start(secret):
    with pytest.raises(UnreadableHash, match="kiss"):
        Tokens([Token("kiss", hash=secret)])


def test_a_token_is_not_shown():
    assert "geheim" not in repr(Token("a", hash="geheim", plain="geheim"))
