"""Lists, details, paging."""

from __future__ import annotations

import re

import pytest
from adapter.api.published import as_answered
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification
from starlette.testclient import TestClient

from tests.api.contacts import CONTACT, UNKNOWN
from tests.api.memory import BASE
from tests.served_contract import RECORDED_NULLS

LIST = f"{BASE}/klantcontacten"


@pytest.fixture
def contacts(client):
    return [client.post("/klantcontacten", json={**CONTACT, "onderwerp": str(n)}).json() for n in range(3)]


def links(answer):
    return answer.json()["next"], answer.json()["previous"]


def test_a_list_has_count_links_and_results(client, contacts):
    assert client.get("/klantcontacten").json() == {
        "count": 3,
        "next": None,
        "previous": None,
        "results": contacts[::-1],
    }


def test_links_are_public_sorted_and_keep_the_query(client, contacts):
    first = client.get("/klantcontacten?pageSize=1&kanaal=balie%20en%20meer")
    assert links(first) == (f"{LIST}?kanaal=balie+en+meer&page=2&pageSize=1", None)
    second = client.get("/klantcontacten?pageSize=1&page=2")
    assert links(second) == (f"{LIST}?page=3&pageSize=1", f"{LIST}?pageSize=1")
    assert links(client.get("/klantcontacten?pageSize=2&page=2")) == (None, f"{LIST}?pageSize=2")


def test_the_last_page_can_be_asked_for_by_name(client, contacts):
    answer = client.get("/klantcontacten?page=last&pageSize=2")
    assert [record["onderwerp"] for record in answer.json()["results"]] == ["0"]
    assert links(answer) == (None, f"{LIST}?pageSize=2")


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "1e1"])
def test_a_bad_page_is_not_found(client, page):
    answer = client.get(f"/klantcontacten?page={page}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Ongeldige pagina.")


@pytest.mark.parametrize(
    ("size", "expected"),
    [("0", 100), ("x", 100), ("", 100), ("-1", 100), ("500", 500), ("501", 500), ("7", 7)],
)
def test_a_bad_page_size_is_the_default_and_a_large_one_is_cut(client, service, size, expected):
    client.get(f"/klantcontacten?pageSize={size}")
    assert service.calls[-1][2].page_size == expected


def test_filters_reach_the_service_typed(client, service):
    client.get("/klantcontacten?vertrouwelijk=TRUE&kanaal=%20balie%20&hadBetrokkene__uuid=" + UNKNOWN.upper())
    assert service.calls[-1][2].filters == {
        "vertrouwelijk": True,
        "kanaal": "balie",
        "hadBetrokkene__uuid": UNKNOWN,
    }


@pytest.mark.parametrize("form", ["{}", "urn:uuid:{}"])
def test_a_uuid_is_found_in_every_notation(client, contacts, form):
    uuid = contacts[0]["uuid"]
    for notation in (uuid, uuid.upper(), uuid.replace("-", "")):
        assert client.get(f"/klantcontacten/{form.format(notation)}").json() == contacts[0]


def test_head_is_get_without_its_body(client, contacts):
    path = f"/klantcontacten/{contacts[0]['uuid']}"
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize("path", ["", "/"])
def test_the_root_names_the_collections_without_login(client, path):
    answer = client.get(path, headers={"Authorization": ""})
    assert answer.status_code == 200
    collections = answer.json()
    assert collections["maak-klantcontact"] == f"{BASE}/maak-klantcontact"
    assert len(collections) == 15
    assert client.post(path, json={}).status_code == 405


def test_every_answer_has_the_version_and_is_kept_private(client):
    for path in ("/klantcontacten", "/onbekend", "/klantcontacten?x=1", f"/klantcontacten/{UNKNOWN}"):
        headers = client.get(path).headers
        assert headers["API-Version"] == "0.9.0"
        assert headers["Content-Type"] == "application/json"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers


def test_the_specification_is_open_to_everybody(client):
    yaml = client.get("/openapi.yaml", headers={"Authorization": ""})
    json = client.get("/openapi.json", headers={"Authorization": "", "Accept": "text/html"})
    assert yaml.text.startswith("openapi: ")
    assert json.json() == as_answered(Document.load(specification("klantinteracties")), "klantinteracties")
    assert json.headers["Access-Control-Allow-Origin"] == "*"
    assert json.headers["Content-Type"] == "application/json"
    known = client.get("/openapi.json", headers={"If-None-Match": json.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.head("/openapi.json").content == b""


def test_the_published_specification_has_null_where_it_is_answered(client):
    """Whatever stands in a group of variants or in the resource itself."""
    told = {
        f"{name}.{member}": schema["properties"][member].get("nullable", False)
        for name, schema in client.get("/openapi.json").json()["components"]["schemas"].items()
        for member in RECORDED_NULLS & schema.get("properties", {}).keys()
        if not name.startswith("Patched")
    }
    assert len(told) == 7
    assert all(told.values()), told


def test_the_root_of_the_server_is_a_page_that_leads_to_the_rest(app):
    """For who opens the address in a browser, without a token; each link is an address of this server."""
    client = TestClient(app)
    answer = client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    links = re.findall(r'href="([^"]+)"', answer.text)
    assert {client.get(link).status_code for link in links} <= {200, 401, 503}
    assert sum(client.get(link).status_code == 200 for link in links) >= 3
    assert client.post("/").status_code == 404
