"""A register that is down is left alone, and comes back by itself."""

import socket
import time

import pytest
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.registers.breaker import Breaker, State
from adapter.registers.client import Register
from adapter.registers.limits import Limits

from tests.registers.conftest import service

QUICK = Limits(connect=0.3, read=0.3, total=0.5, threads=4, retry_after=1, failures=3)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def broken(failures=3, seconds=10):
    clock = Clock()
    breaker = Breaker(failures, seconds, clock)
    for _ in range(failures):
        breaker.failed()
    return breaker, clock


def test_failures_in_a_row_make_it_down():
    breaker = Breaker(3, 10)
    assert [breaker.failed(), breaker.failed(), breaker.answered()] == [False, False, False]
    assert [breaker.failed() for _ in range(3)] == [False, False, True]
    assert (breaker.state, breaker.admits(), breaker.seconds_to_wait()) == (State.DOWN, False, 10)


def test_one_call_at_a_time_tries_whether_it_is_up():
    breaker, clock = broken()
    clock.now += 10
    assert [breaker.admits(), breaker.admits()] == [True, False]
    assert breaker.failed() is False
    assert (breaker.state, breaker.seconds_to_wait()) == (State.DOWN, 10)
    clock.now += 10
    assert breaker.admits()
    assert breaker.answered() is True
    assert (breaker.state, breaker.admits()) == (State.UP, True)


def test_a_trial_without_an_end_is_followed_by_another():
    breaker, clock = broken()
    clock.now += 10
    assert breaker.admits()
    clock.now += 10
    assert breaker.admits()


def test_while_it_is_down_nobody_waits_and_nothing_is_sent(register, server):
    """Three calls find it silent; the next are refused at once, until one may try."""
    client = register(limits=QUICK)
    for _ in range(3):
        with pytest.raises(RegisterUnavailable):
            client.call("POST", "slow", json={})
    sent, started = len(server.seen), time.monotonic()
    for _ in range(3):
        with pytest.raises(RegisterUnavailable) as caught:
            client.call("GET", "echo")
    assert caught.value.retry_after == 1
    assert time.monotonic() - started < 0.9
    assert len(server.seen) == sent
    time.sleep(1)
    assert client.call("GET", "echo").status == 200
    assert client.breaker.state is State.UP


def test_it_comes_back_when_the_register_does():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = Register("objects", service(f"http://127.0.0.1:{port}/"), limits=QUICK)
    for _ in range(2):
        with pytest.raises(RegisterUnavailable):
            client.call("GET", "objects")
    assert client.breaker.state is State.DOWN
    client.close()


def test_refusals_and_errors_of_its_own_do_not_make_it_down(register):
    """A register that answers is not down, whatever it says."""
    client = register(limits=QUICK)
    for path in ("refused", "fault", "limited", "html", "bomb") * 2:
        with pytest.raises((RegisterUnavailable, RegisterAnswer)):
            raise_refusal(client.call("POST", path, json={}))
    assert client.breaker.state is State.UP


def raise_refusal(answer):
    assert answer.status == 400
    raise RegisterAnswer("refused")
