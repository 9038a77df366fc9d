"""Health: for who starts and stops processes, and with a token for who looks after them."""

from __future__ import annotations

import logging

import pytest
from adapter.api import ApiSettings, Token, create_app
from adapter.api.health import Health
from starlette.testclient import TestClient

from tests.api.memory import BASE, MemoryService

TOKENS = (Token("beheer", plain="beheer"), Token("lezer", plain="lezer", operations=("*List",)))


def application(health):
    return create_app(MemoryService(), ApiSettings(public_url=BASE, tokens=TOKENS), health)


def get(client, path, token=""):
    return client.get(path, headers={"Authorization": f"Token {token}"} if token else {})


def test_a_process_lives_before_it_is_ready():
    """Ready is it between the start and the stop of the application."""
    health = Health()
    client = TestClient(application(health))
    assert get(client, "/_healthz/livez").json() == {"status": "ok"}
    assert get(client, "/_healthz/readyz").status_code == 503
    with client:
        assert get(client, "/_healthz/readyz").json() == {"status": "ok"}
    assert get(client, "/_healthz/readyz").json() == {"status": "unavailable"}


def test_readiness_can_be_made_to_depend_on_more():
    with TestClient(application(Health(usable=lambda: False))) as client:
        assert get(client, "/_healthz/readyz").status_code == 503
        assert get(client, "/_healthz/livez").status_code == 200


def test_the_detail_is_for_those_who_may():
    health = Health(lambda: {"registers": {"klanten": {"state": "up"}}}, version="1.2")
    with TestClient(application(health)) as client:
        assert get(client, "/_healthz").status_code == 401
        assert get(client, "/_healthz", "lezer").status_code == 403
        told = get(client, "/_healthz", "beheer").json()
    assert told["registers"] == {"klanten": {"state": "up"}}
    assert (told["status"], told["version"]) == ("ok", "1.2")


@pytest.mark.parametrize("path", ["/_healthz/", "/_healthz/andere", "/_healthzz"])
def test_there_is_nothing_else_there(client, path):
    assert client.get(f"http://intern{path}").status_code == 404


def test_probes_do_not_fill_the_log(client, caplog):
    caplog.set_level(logging.INFO, "klantbrug")
    client.get("http://intern/_healthz/livez")
    assert [record for record in caplog.records if record.name == "klantbrug.api"] == []
