"""Health: for who starts and stops processes, and with a token for who looks after them."""

from __future__ import annotations

import logging

import pytest
from adapter.api import ApiSettings, Token, create_app
from adapter.api.built import BUILD_DATE, COMMIT, built
from adapter.api.health import Health, Version
from starlette.testclient import TestClient

from tests.api.memory import BASE, MemoryService

TOKENS = (Token("beheer", plain="beheer"), Token("lezer", plain="lezer", operations=("*List",)))


VERSION = Version("klantbrug", "1.2", "2025-11-03T09:30:00Z", "0a1b2c3", {"orjson": "3.11"})


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


@pytest.mark.parametrize("slash", ["", "/"])
def test_probes_and_the_version_need_no_token_and_no_slash(slash):
    """Charts of neighbours ask with a slash at the end."""
    health = Health(version=VERSION)
    client = TestClient(application(health))
    assert get(client, "/_healthz/").status_code == 503
    with client:
        assert get(client, f"/_healthz/livez{slash}").json() == {"status": "ok"}
        assert get(client, f"/_healthz/readyz{slash}").json() == {"status": "ok"}
        assert get(client, f"/health/version{slash}").json() == {
            "name": "klantbrug",
            "version": "1.2",
            "buildDate": "2025-11-03T09:30:00Z",
            "gitCommit": "0a1b2c3",
            "dependencies": {"orjson": "3.11"},
        }
        # without a token no more than that it has started
        assert get(client, "/_healthz/").json() == {"status": "ok"}
        assert get(client, f"/_healthz{slash}", "lezer").status_code == 403
        assert "version" in get(client, f"/_healthz{slash}", "beheer").json()
        assert get(client, "/_healthz/anders/").status_code == 404
        assert client.post("/health/version").status_code == 404


def test_the_version_tells_what_was_built():
    found = built({BUILD_DATE: "2025-11-03T09:30:00Z", COMMIT: "0a1b2c3"})
    assert (found.name, found.buildDate, found.gitCommit) == ("klantbrug", "2025-11-03T09:30:00Z", "0a1b2c3")
    assert {"connexion", "orjson", "zgw-consumers"} <= found.dependencies.keys()
    assert all(found.dependencies.values())
    assert built({}).gitCommit == ""


def test_readiness_can_be_made_to_depend_on_more():
    with TestClient(application(Health(usable=lambda: False))) as client:
        assert get(client, "/_healthz/readyz").status_code == 503
        assert get(client, "/_healthz/livez").status_code == 200


def test_the_detail_is_for_those_who_may():
    health = Health(lambda: {"registers": {"klanten": {"state": "up"}}}, version=VERSION)
    with TestClient(application(health)) as client:
        assert get(client, "/_healthz").status_code == 401
        assert get(client, "/_healthz", "lezer").status_code == 403
        told = get(client, "/_healthz", "beheer").json()
    assert told["registers"] == {"klanten": {"state": "up"}}
    assert (told["status"], told["version"]) == ("ok", "1.2")


@pytest.mark.parametrize("path", ["/_healthz/andere", "/_healthzz", "/health/versions"])
def test_there_is_nothing_else_there(client, path):
    assert client.get(f"http://intern{path}").status_code == 404


def test_probes_do_not_fill_the_log(client, caplog):
    caplog.set_level(logging.INFO, "klantbrug")
    client.get("http://intern/_healthz/livez")
    assert [record for record in caplog.records if record.name == "klantbrug.api"] == []
