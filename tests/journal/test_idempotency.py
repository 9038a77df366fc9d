"""A POST that comes twice with the same Idempotency-Key is done once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import bodies
from tests.unreliable import BROKEN


@pytest.fixture
def post(deployment):
    """Sends a POST with a key; (status, JSON)."""

    def send(key, path, body, **headers):
        found = {"Idempotency-Key": key, **headers}
        answer = deployment.served.call("POST", path, json=body, headers=found)
        return answer.status_code, answer.json()

    return send


def count(deployment, path):
    return deployment.served.get(path)["count"]


def test_the_same_answer_is_given_again(deployment, post):
    """The second time nothing is written, and the answer is that of the first."""
    body = bodies.contact(metadata={"a": "b"})
    first = post("a", "klantcontacten", body)
    with deployment.writes() as writes:
        assert post("a", "klantcontacten", body) == first
    assert (first[0], writes) == (201, [])
    assert count(deployment, "klantcontacten") == 1


def test_a_composed_create_is_answered_again_in_all_its_parts(deployment, post):
    """maak-klantcontact gives the same three parts."""
    form = {
        "klantcontact": bodies.contact(),
        "betrokkene": {"rol": "klant", "initiator": True, "organisatienaam": "O"},
    }
    first = post("b", "maak-klantcontact", form)
    assert first[0] == 201
    assert post("b", "maak-klantcontact", form) == first
    assert count(deployment, "betrokkenen") == 1


def test_another_request_with_the_key_is_a_conflict(deployment, post):
    """Neither another body nor another path may use it."""
    assert post("c", "klantcontacten", bodies.contact())[0] == 201
    assert post("c", "klantcontacten", bodies.contact(onderwerp="Anders"))[0] == 409
    assert post("c", "partijen", bodies.persoon())[0] == 409
    assert count(deployment, "klantcontacten") == 1


def test_a_key_belongs_to_a_token(deployment, post):
    """Two clients may happen to use the same key."""
    body = bodies.contact()
    assert post("d", "klantcontacten", body)[0] == 201
    assert post("d", "klantcontacten", body, Authorization="Token modern")[0] == 201
    assert count(deployment, "klantcontacten") == 2


def test_twins_at_the_same_time_are_done_once(deployment, post):
    """Eight at once: one contact, eight times the same answer."""
    body = bodies.contact(metadata={"a": "b"})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post("e", "klantcontacten", body), range(8)))
    assert all(each == answers[0] for each in answers)
    assert answers[0][0] == 201
    assert count(deployment, "klantcontacten") == 1


def test_what_failed_may_be_tried_again(deployment, post):
    """A refused body and a broken register leave nothing of the key."""
    body = bodies.contact(metadata={"a": "b"})
    assert post("f", "klantcontacten", bodies.contact(kanaal=""))[0] == 400
    with deployment.faults["objects"].failing(BROKEN, method="POST", path="objects"):
        assert post("f", "klantcontacten", body)[0] == 503
    assert post("f", "klantcontacten", body)[0] == 201
    assert count(deployment, "klantcontacten") == 1


GONE = "Dit verzoek is eerder gedaan; wat toen is vastgelegd, is daarna verwijderd."


def test_what_was_made_and_deleted_since(deployment, post):
    """It is not made again, and the client reads why there is nothing to answer."""
    for path, body in (("klantcontacten", bodies.contact()), ("partijen", bodies.persoon())):
        made = post("g" + path, path, body)[1]
        deployment.served.delete(f"{path}/{made['uuid']}")
        status, problem = post("g" + path, path, body)
        assert (status, problem["code"], problem["detail"]) == (404, "not_found", GONE)
        assert count(deployment, path) == 0


def test_a_part_that_was_made_and_deleted_since(deployment, post):
    """Without it the answer would not be the one that was given."""
    form = {"klantcontact": bodies.contact(), "betrokkene": {"rol": "klant", "initiator": True}}
    made = post("h", "maak-klantcontact", form)[1]
    deployment.served.delete(f"betrokkenen/{made['betrokkene']['uuid']}")
    status, problem = post("h", "maak-klantcontact", form)
    assert (status, problem["detail"]) == (404, GONE)
    assert count(deployment, "klantcontacten") == 1
