"""Long and wrong bodies: what is answered, and what they cost the process that reads them."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from tests.bodies import persoon

MILLION = 1_000_000
HEADERS = {"Content-Type": "application/json"}
LIST = "digitaleAdressen"


def post(brug, body: bytes):
    return brug.client.call("POST", "partijen", data=body, headers=HEADERS)


def problems(answer):
    assert answer.status_code == 400, answer.text[:500]
    return [(each["name"], each["code"]) for each in answer.json()["invalidParams"]]


def test_a_hundred_problems_are_told_the_last_of_which_says_that_there_are_more(brug):
    """Not one more is looked for."""
    told = problems(brug.client.call("POST", "partijen", json=persoon(**{LIST: [{"uuid": "x"}] * 101})))
    assert len(told) == 100
    assert told[0] == (f"{LIST}.0.uuid", "invalid")
    assert told[-1] == ("nonFieldErrors", "more-problems")


def test_a_hundred_problems_and_no_more_are_all_told(brug):
    told = problems(brug.client.call("POST", "partijen", json=persoon(**{LIST: [{"uuid": "x"}] * 100})))
    assert told[-1] == (f"{LIST}.99.uuid", "invalid")


def test_a_list_has_a_bound(brug):
    told = problems(brug.client.call("POST", "partijen", json=persoon(**{LIST: [{"uuid": "x"}] * 1001})))
    assert told == [(f"{LIST}.nonFieldErrors", "max_length")]


def test_that_there_is_nothing_to_change_is_said_before_a_hundred_problems(brug):
    nobody = "11111111-1111-4111-8111-111111111111"
    body = persoon(**{LIST: [{"uuid": "x"}] * 101})
    assert brug.client.call("PUT", f"partijen/{nobody}", json=body).status_code == 404


WRONG = {
    "millions of numbers": b'{"digitaleAdressen": [' + b"1," * 4_900_000 + b"1]}",
    "millions of objects": b'{"digitaleAdressen": [' + b"{}," * 3_200_000 + b"{}]}",
    "digits without end": b'{"digitaleAdressen": "' + b"1234567890123456789 " * 450_000 + b'"}',
    "a key without end": b'{"metadata": {"' + b"k" * 9 * MILLION + b'": 1}}',
    "no json": b'{"a": "' + b"x" * 9 * MILLION,
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_long_wrong_body_costs_little(brug, body):
    """The answer is short, others are answered meanwhile, and it takes little more memory than itself."""
    with brug.watched() as found, ThreadPoolExecutor(3) as clients:
        answers = list(clients.map(lambda _: post(brug, body), range(3)))
    assert {each.status_code for each in answers} == {400}
    assert max(len(each.content) for each in answers) < 50_000
    assert found.slower < 40
    assert found.larger < 2


def test_a_long_body_that_is_right_is_taken(brug):
    body = orjson.dumps(persoon())
    answer = post(brug, body + b" " * 2 * MILLION)
    assert answer.status_code == 201, answer.text
