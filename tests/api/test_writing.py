"""Creates, changes and removals."""

from __future__ import annotations

import pytest

from tests.api.contacts import CONTACT, UNKNOWN


@pytest.fixture
def contact(client):
    return client.post("/klantcontacten", json=CONTACT).json()


def test_a_create_tells_where_the_resource_is(client):
    answer = client.post("/klantcontacten", json=CONTACT)
    assert (answer.status_code, answer.headers["Location"]) == (201, answer.json()["url"])


def test_a_composite_has_no_location(client):
    answer = client.post("/maak-klantcontact", json={"klantcontact": CONTACT})
    assert answer.status_code == 201
    assert "Location" not in answer.headers


def test_problems_of_a_composite_carry_the_part_before_them(client):
    answer = client.post("/maak-klantcontact", json={"klantcontact": {}, "betrokkene": None})
    names = [(p["name"], p["code"]) for p in answer.json()["invalidParams"]]
    assert ("klantcontact.kanaal", "required") in names
    assert ("betrokkene", "null") in names


def test_the_service_gets_what_is_valid_and_what_is_not(client, service):
    client.post("/klantcontacten", json={**CONTACT, "kanaal": " balie ", "taal": "nederlands", "x": 1})
    _, resource, checked, _ = service.calls[-1]
    assert resource == "klantcontacten"
    assert checked.value == {"kanaal": "balie", "onderwerp": "Vraag over afval", "vertrouwelijk": False}
    assert [(p.name, p.code) for p in checked.problems] == [("taal", "max_length")]
    assert checked.rejected == {"taal": "nederlands"}


def test_an_unknown_uuid_comes_before_the_problems_of_the_body(client):
    for method in ("PUT", "PATCH"):
        answer = client.request(method, f"/klantcontacten/{UNKNOWN}", json={"kanaal": None})
        assert answer.status_code == 404


def test_put_wants_the_required_members_and_patch_does_not(client, contact):
    path = f"/klantcontacten/{contact['uuid']}"
    assert client.patch(path, json={}).status_code == 200
    assert client.put(path, json={}).status_code == 400
    assert client.put(path, json=CONTACT).status_code == 200


def test_a_patch_keeps_to_what_the_whole_resource_allows(client):
    category = client.post("/categorieen", json={"naam": "Ondernemer"}).json()
    answer = client.patch(f"/categorieen/{category['uuid']}", json={"naam": ""})
    assert answer.status_code == client.put(f"/categorieen/{category['uuid']}", json={"naam": ""}).status_code
    kanaal = client.post("/klantcontacten", json=CONTACT).json()["uuid"]
    blank = client.patch(f"/klantcontacten/{kanaal}", json={"kanaal": ""})
    assert [(p["name"], p["code"]) for p in blank.json()["invalidParams"]] == [("kanaal", "blank")]


def test_unknown_parameters_of_a_write_are_ignored(client, contact):
    path = f"/klantcontacten/{contact['uuid']}?onbekend=1"
    assert client.post("/klantcontacten?onbekend=1", json=CONTACT).status_code == 201
    assert client.patch(path, json={"kanaal": "x"}).status_code == 200
    assert client.delete(path).status_code == 204


def test_a_removal_has_no_body_unless_there_is_something_to_tell(client, service):
    uuids = [client.post("/onderwerpobjecten", json={}).json()["uuid"] for _ in range(2)]
    plain = client.delete(f"/onderwerpobjecten/{uuids[0]}")
    assert (plain.status_code, plain.content) == (204, b"")
    cascade = client.delete(f"/onderwerpobjecten/{uuids[1]}?cascade=true")
    assert cascade.status_code == 200
    assert service.calls[-1][3] == {"cascade": True}
    assert client.delete(f"/onderwerpobjecten/{uuids[1]}").status_code == 404


def test_an_idempotency_key_reaches_the_service_with_a_digest_of_the_body(client, service):
    def key(body, value="k1", path="/klantcontacten"):
        client.post(path, json=body, headers={"Idempotency-Key": value})
        return service.calls[-1][-1].idempotency

    first = key(CONTACT)
    assert first.key == "k1"
    assert key(CONTACT) == first
    assert key({**CONTACT, "kanaal": "y"}).fingerprint != first.fingerprint
    assert key(CONTACT, path="/onderwerpobjecten").fingerprint != first.fingerprint
    client.post("/klantcontacten", json=CONTACT)
    assert service.calls[-1][-1].idempotency is None


@pytest.mark.parametrize("value", ["", " ", "a" * 256])
def test_an_unusable_idempotency_key_is_refused(client, service, value):
    answer = client.post("/klantcontacten", json=CONTACT, headers={"Idempotency-Key": value})
    assert answer.status_code == 400
    assert not service.calls
