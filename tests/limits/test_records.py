"""What is stored, and comes back in every list that it is in."""

import pytest
from adapter.engine.gateway.answers import in_parts

from tests.bodies import contact, persoon, ref
from tests.limits.process import served

ANSWER = 150_000
CALLS = 30
# A text of the register without a bound, by what is served from it.
TEXTS = [("klantcontacten", contact, "tekst"), ("partijen", persoon, "toelichting")]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One that takes short answers only, and makes few calls for one question."""
    limits = {"answer_bytes": ANSWER, "record_bytes": 40_000, "register_calls": CALLS, "references": 20}
    with served(tmp_path_factory.mktemp("small"), limits) as found:
        yield found


def metadata(size):
    """So many bytes in many keys, each of which is short enough."""
    return {f"{number:09}": "x" * 241 for number in range(size // 255)}


def refused(answer):
    assert answer.status_code == 400, answer.text
    return [(each["name"], each["code"]) for each in answer.json()["invalidParams"]]


def test_a_record_has_a_bound(small):
    """What would make every list that it is in too long is not stored."""
    body = contact(metadata=metadata(53_000))
    answer = small.client.call("POST", "klantcontacten", json=body)
    assert refused(answer) == [("metadata", "too-large")]
    assert "40000" in answer.json()["invalidParams"][0]["reason"]
    made = small.client.post("klantcontacten", contact())
    for method in ("PUT", "PATCH"):
        changed = small.client.call(method, f"klantcontacten/{made['uuid']}", json=body)
        assert refused(changed) == [("metadata", "too-large")]


def test_a_page_that_is_too_long_for_one_answer_is_asked_in_parts(small):
    """Ten contacts of which no more than four go into one answer of the register."""
    made = [
        small.client.post("klantcontacten", contact(metadata=metadata(35_000)))["uuid"] for _ in range(10)
    ]
    with small.watched() as found:
        page = small.client.get("klantcontacten", pageSize=100)
    assert {each["uuid"] for each in page["results"]} >= set(made)
    assert all(each["metadata"] == metadata(35_000) for each in page["results"] if each["uuid"] in made)
    assert found.larger < 2


@pytest.mark.parametrize(("resource", "body", "text"), TEXTS, ids=[each[0] for each in TEXTS])
def test_a_page_that_cannot_be_asked_in_parts_may_hold_all_that_may_be_stored(small, resource, body, text):
    """Old clients wrote long texts: in a hundred records together no more than a hundred times the most."""
    made = {small.client.post(resource, body())["uuid"] for _ in range(10)}
    length = 35_000

    def long(_scope, found):
        return {**found, "results": [{**row, text: "x" * length} for row in found["results"]]}

    small.registers["klanten"].rewrite = long
    try:
        answer = small.client.get(resource, pageSize=100)
        assert made <= {each["uuid"] for each in answer["results"]}
        length = 500_000
        assert small.client.call("GET", resource, params={"pageSize": 100}).status_code == 502
    finally:
        small.registers["klanten"].rewrite = None


def test_a_question_that_needs_too_many_calls_says_how_to_ask_less(small):
    for number in range(20):
        person = small.client.post("partijen", persoon(nummer=str(number)))
        one = small.client.post("klantcontacten", contact())
        link = {"wasPartij": ref(person), "hadKlantcontact": ref(one), "rol": "klant", "initiator": True}
        small.client.post("betrokkenen", link)
    expand = "hadBetrokkenen,hadBetrokkenen.wasPartij"
    answer = small.client.call("GET", "klantcontacten", params={"expand": expand, "pageSize": 100})
    assert refused(answer) == [("expand", "call-bound")]
    assert "pageSize" in answer.json()["invalidParams"][0]["reason"]
    assert len(small.client.get("klantcontacten", expand=expand, pageSize=5)["results"]) == 5


def test_a_body_has_a_bound_of_references(small):
    links = [{"uuid": f"11111111-1111-4111-8111-{number:012}"} for number in range(21)]
    answer = small.client.call("POST", "partijen", json=persoon(digitaleAdressen=links))
    assert refused(answer) == [("digitaleAdressen", "too-many-references")]


def test_no_part_is_smaller_than_it_has_to_be():
    """Of a hundred things one is long: no more than what stands beside it is asked one by one."""
    from adapter.errors import AnswerTooLong  # noqa: PLC0415

    asked = []

    def ask(number, size):
        rows = list(range((number - 1) * size, min(number * size, 93)))
        asked.append(size)
        if 41 in rows and size > 4:
            raise AnswerTooLong("objects")
        return 93, rows, number * size < 93

    found = [row for _, rows, _ in in_parts(ask, 1, 100) for row in rows]
    assert found == list(range(93))
    assert (len(asked), min(asked)) == (11, 4)
