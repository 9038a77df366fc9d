"""Registers that take long: what needs them is told so soon, and all else goes on."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests

from tests.limits.process import served

SECONDS = 3
THREADS = 8


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One that makes few calls at once, so that few clients are many."""
    limits = {"threads": THREADS, "slow": 0.8}
    with served(tmp_path_factory.mktemp("small"), limits, ready_with_room=True) as found:
        found.client.get("actoren")
        yield found


@contextmanager
def slow(brug, *names):
    """These registers take long; those who were called while they did have been answered at the end."""

    async def hold(_scope):
        await asyncio.sleep(SECONDS)

    for name in names:
        brug.registers[name].hold = hold
    try:
        yield
    finally:
        for name in names:
            brug.registers[name].hold = None


def get(brug, path, **parameters):
    """(status, seconds, answer) of a request of a client of its own."""
    start = time.monotonic()
    headers = {"Authorization": "Token demo"}
    answer = requests.get(brug.client.url(path), params=parameters, headers=headers, timeout=60)
    return answer.status_code, time.monotonic() - start, answer


def test_one_slow_register_stops_nothing_else(small):
    """Clients that ask for it get an answer from it, or at once hear that it is busy."""
    with small.watched() as found, slow(small, "klanten"), ThreadPoolExecutor(60) as clients:
        asked = [clients.submit(get, small, "partijen") for _ in range(50)]
        time.sleep(1)
        others = [get(small, "actoren") for _ in range(3)]
        status, seconds, detail = get(small, f"{small.origin}/_healthz")
        ready = get(small, f"{small.origin}/_healthz/readyz")
        answers = [each.result() for each in asked]
    assert [each[0] for each in others] == [200] * 3
    assert max(each[1] for each in others) < SECONDS / 2
    assert (status, seconds < SECONDS / 2) == (200, True)
    assert detail.json()["calls"]["klanten"]["now"] == THREADS
    assert ready[0] == 503
    refused = [each for each in answers if each[0] != 200]
    assert len(refused) >= 50 - 2 * THREADS
    assert {(each[0], each[2].headers["Retry-After"]) for each in refused} == {(503, "5")}
    assert max(each[1] for each in refused) < SECONDS
    assert found.slower < 40
    assert found.most_threads <= found.threads + 3 * THREADS


def test_what_was_refused_is_answered_when_it_is_quick_again(small):
    # as few at once as a busy machine answers within what counts as slow here
    with ThreadPoolExecutor(2 * THREADS) as clients:
        answers = list(clients.map(lambda _: get(small, "partijen"), range(60)))
    assert {each[0] for each in answers} == {200}
    assert get(small, f"{small.origin}/_healthz/readyz")[0] == 200
