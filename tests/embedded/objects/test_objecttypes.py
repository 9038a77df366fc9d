"""Objecttypes and their versions over HTTP, as a set-up makes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from tests.embedded.objects.client import TASK, Client

SCHEMA = {"type": "object", "required": ["naam"]}


@pytest.fixture
def objecttype(call: Client) -> Iterator[str]:
    """The URL of an objecttype without versions; it goes with whatever the test adds."""
    answer = call("POST", "/objecttypes", json={"name": "Boom", "namePlural": "Bomen"})
    assert answer.status_code == 201, answer.text
    yield answer.json()["url"]


def version(call: Client, objecttype: str, **members: object) -> str:
    answer = call("POST", f"{objecttype}/versions", json={"jsonSchema": SCHEMA, **members})
    assert answer.status_code == 201, answer.text
    return answer.json()["url"]


def test_a_created_type_reads_back_with_its_defaults(call: Client) -> None:
    uuid = str(uuid4())
    answer = call("POST", "/objecttypes", json={"uuid": uuid, "name": " Boom ", "namePlural": "Bomen"})
    made = answer.json()
    assert answer.headers["Location"] == made["url"] == call.type_url(uuid)
    assert (made["name"], made["dataClassification"], made["updateFrequency"]) == ("Boom", "open", "unknown")
    assert made["allowGeometry"] is True
    assert made["versions"] == []
    assert made["createdAt"] == date.today().isoformat()
    assert call("GET", made["url"]).json() == made
    assert "Content-Crs" not in answer.headers
    again = call.problems("POST", "/objecttypes", json={"uuid": uuid, "name": "x", "namePlural": "x"})
    assert [(name, code) for name, code, _ in again] == [("uuid", "unique")]


def test_headers_of_a_reference_system_are_not_needed(call: Client) -> None:
    headers = {"Content-Crs": None, "Accept-Crs": "EPSG:28992"}
    answer = call("POST", "/objecttypes", json={"name": "x", "namePlural": "x"}, headers=headers)
    assert answer.status_code == 201


def test_all_problems_come_together(call: Client) -> None:
    refused = {
        "uuid": "x",
        "name": "",
        "description": 5 * "x" * 201,
        "dataClassification": "geheim",
        "contactEmail": [],
        "documentationUrl": "geen url",
        "labels": {"a": 1},
        "allowGeometry": "misschien",
    }
    found = call.problems("POST", "/objecttypes", json=refused)
    assert [(name, code) for name, code, _ in found] == [
        ("uuid", "invalid"),
        ("name", "blank"),
        ("namePlural", "required"),
        ("description", "max_length"),
        ("dataClassification", "invalid_choice"),
        ("contactEmail", "invalid"),
        ("documentationUrl", "invalid"),
        ("labels", "invalid"),
        ("allowGeometry", "invalid"),
    ]


def test_a_type_changes_but_not_its_uuid(call: Client, objecttype: str) -> None:
    patch = {"description": "met blad", "labels": {"soort": "groen"}, "allowGeometry": False}
    changed = call("PATCH", objecttype, json=patch).json()
    assert {name: changed[name] for name in patch} == patch
    assert changed["name"] == "Boom"
    put = {"uuid": changed["uuid"], "name": "Struik", "namePlural": "Struiken"}
    assert call("PUT", objecttype, json=put).json()["name"] == "Struik"
    [(name, code, _)] = call.problems("PATCH", objecttype, json={"uuid": str(uuid4())})
    assert (name, code) == ("uuid", "immutable-field")


def test_types_are_listed_newest_first(call: Client, objecttype: str) -> None:
    secret = {"name": "x", "namePlural": "x", "dataClassification": "strictly_confidential"}
    made = call("POST", "/objecttypes", json=secret).json()["url"]
    listed = [each["url"] for each in call("GET", "/objecttypes").json()["results"]]
    assert listed.index(made) < listed.index(objecttype) < listed.index(call.type_url(TASK))
    only = call("GET", "/objecttypes?dataClassification=strictly_confidential").json()
    assert made in [each["url"] for each in only["results"]]
    assert {each["dataClassification"] for each in only["results"]} == {"strictly_confidential"}
    assert only["count"] == len(only["results"])
    [(name, code, _)] = call.problems("GET", "/objecttypes?dataClassification=geheim")
    assert (name, code) == ("dataClassification", "invalid_choice")


def test_a_version_is_a_draft_until_it_is_published(call: Client, objecttype: str) -> None:
    url = version(call, objecttype)
    draft = call("GET", url).json()
    assert (draft["version"], draft["status"], draft["publishedAt"]) == (1, "draft", None)
    assert (draft["jsonSchema"], draft["objectType"]) == (SCHEMA, objecttype)
    call("PUT", url, json={"jsonSchema": {"type": "object"}})
    published = call("PATCH", url, json={"status": "published"}).json()
    assert published["publishedAt"] == date.today().isoformat()
    assert published["jsonSchema"] == {"type": "object"}
    [(name, code, _)] = call.problems("PATCH", url, json={"jsonSchema": SCHEMA})
    assert (name, code) == ("nonFieldErrors", "non-draft-version-update")
    [(name, code, _)] = call.problems("DELETE", url)
    assert (name, code) == ("nonFieldErrors", "non-draft-version-destroy")


def test_versions_are_numbered_and_listed_newest_first(call: Client, objecttype: str) -> None:
    urls = [version(call, objecttype, status="published") for _ in range(3)]
    assert call("GET", objecttype).json()["versions"] == urls
    page = call("GET", f"{objecttype}/versions?pageSize=2").json()
    assert [each["version"] for each in page["results"]] == [3, 2]
    assert page["count"] == 3
    assert call("GET", f"{objecttype}/versions/4").status_code == 404
    assert call("GET", f"{objecttype}/versions/99999999999999999999").status_code == 404


def test_a_type_goes_after_its_versions(call: Client, objecttype: str) -> None:
    url = version(call, objecttype)
    [(_, code, _)] = call.problems("DELETE", objecttype)
    assert code == "pending-versions"
    assert call("DELETE", url).status_code == 204
    assert call("DELETE", objecttype).status_code == 204
    assert call("GET", objecttype).status_code == 404
    assert call("GET", f"{objecttype}/versions").status_code == 404


def test_a_type_that_has_objects_stays(call: Client, objecttype: str) -> None:
    call.create({}, objecttype.rsplit("/", 1)[-1], typeVersion=0)
    [(_, code, _)] = call.problems("DELETE", objecttype)
    assert code == "pending-objects"


@pytest.mark.parametrize(
    "schema", [5, [], True, {"type": "tekst"}, {"$schema": 5}, {"properties": {"a": {"pattern": "("}}}]
)
def test_what_is_no_schema_is_refused(call: Client, objecttype: str, schema: object) -> None:
    [(name, code, _)] = call.problems("POST", f"{objecttype}/versions", json={"jsonSchema": schema})
    assert (name, code) == ("jsonSchema", "invalid-json-schema")


def test_a_draft_and_its_changes_count_at_once(call: Client, objecttype: str) -> None:
    url = version(call, objecttype)
    body = {"type": objecttype, "record": {"typeVersion": 1, "startAt": "2023-01-01", "data": {}}}
    [(_, code, reason)] = call.problems("POST", "/objects", json=body)
    assert (code, reason) == ("invalid-json-schema", "'naam' is a required property")
    call("PATCH", url, json={"jsonSchema": {}})
    assert call("POST", "/objects", json=body).status_code == 201
    body["record"]["data"] = [1]
    [(_, _, reason)] = call.problems("POST", "/objects", json=body)
    assert reason == "[1] is not of type 'object'"


def test_a_type_without_geometry(call: Client, objecttype: str) -> None:
    version(call, objecttype)
    call("PATCH", objecttype, json={"allowGeometry": False})
    record = {"typeVersion": 1, "startAt": "2023-01-01", "data": {}}
    record["geometry"] = {"type": "Point", "coordinates": [5, 52]}
    found = call.problems("POST", "/objects", json={"type": objecttype, "record": record})
    assert [code for _, code, _ in found] == ["invalid-json-schema", "geometry-not-allowed"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/objecttypes"), ("PATCH", f"/objecttypes/{TASK}"), ("DELETE", f"/objecttypes/{TASK}")],
)
def test_another_token_reads_types_only(call: Client, method: str, path: str) -> None:
    writer = {"Authorization": "Token writer"}
    assert call("GET", f"/objecttypes/{TASK}", headers=writer).status_code == 200
    assert call(method, path, json={}, headers=writer).status_code == 403
