"""The inbox keeps what registers told, once, and knows the echoes of what KlantBrug wrote itself."""

import time

import pytest
from adapter.state.inbox import APART, REMEMBERED, Heard
from adapter.state.opening import open_state

from tests.state.conftest import address

__all__ = ["address"]

RECORD = "klanten/klanten/1"


@pytest.fixture
def state(address):
    found = open_state(address)
    yield found
    found.close()


def heard(moment="m", action="create", *, at=None, record=RECORD, received=None):
    now = time.time()
    return Heard("partijen", record, action, moment, at or now, received or now)


def message(number):
    return {"id": str(number), "about": "1", "kind": "notificaties", "name": "partijen", "body": number}


def told(state):
    return [each.body for each in state.outbox.due(time.time() + 1, 10)]


def test_a_notification_is_taken_and_told_once(state):
    """However often it comes, and whichever replica judges it."""
    first = heard()
    assert [state.inbox.add(each) for each in (first, heard(), heard("n"))] == [True, False, True]
    waiting = state.inbox.waiting(10)
    assert [each.moment for each in waiting] == ["m", "n"]
    assert waiting[0] == first
    for number in range(2):
        state.inbox.judge(first, [message(number)])
    assert told(state) == [b"0"]
    assert [each.moment for each in state.inbox.waiting(10)] == ["n"]
    assert not state.inbox.add(first)


def test_each_write_of_klantbrug_takes_away_one_notification(state):
    state.inbox.wrote(RECORD, "create")
    for each in (heard("1"), heard("2"), heard("3", "update"), heard("4", record="klanten/klanten/2")):
        state.inbox.add(each)
    assert [state.inbox.is_echo(each) for each in state.inbox.waiting(10)] == [True, False, False, False]
    assert [each.moment for each in state.inbox.waiting(10)] == ["2", "3", "4"]
    assert told(state) == []


def test_one_that_was_judged_by_another_replica_takes_no_other_write_away(state):
    """Two replicas see the same echo; another write to the same record keeps its own."""
    for _ in range(2):
        state.inbox.wrote(RECORD, "update")
    echo = heard("1", "update")
    state.inbox.add(echo)
    assert state.inbox.is_echo(echo)
    assert state.inbox.is_echo(echo)
    second = heard("2", "update")
    state.inbox.add(second)
    assert state.inbox.is_echo(second)
    third = heard("3", "update")
    state.inbox.add(third)
    assert not state.inbox.is_echo(third)


@pytest.mark.parametrize("seconds", [-APART - 5, APART + 5])
def test_a_write_at_another_time_is_no_echo(state, seconds):
    state.inbox.wrote(RECORD, "create")
    late = heard(at=time.time() + seconds)
    state.inbox.add(late)
    assert not state.inbox.is_echo(late)


def test_what_is_old_is_forgotten_unless_it_was_never_judged(state):
    old = time.time() - REMEMBERED - 5
    judged, waiting = heard("1", received=old), heard("2", received=old)
    for each in (judged, waiting):
        state.inbox.add(each)
    state.inbox.judge(judged, [])
    state.inbox.forget()
    assert state.inbox.add(judged)
    assert not state.inbox.add(waiting)
