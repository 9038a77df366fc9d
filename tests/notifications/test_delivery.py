"""Messages are delivered at least once and in order, however the Notificaties API behaves."""

import threading
import time
from contextlib import contextmanager

import pytest
from adapter.counts import Counts
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.notifications import publisher as module
from adapter.notifications.publisher import Publisher
from adapter.registers.messages import Received, RegisterFault
from adapter.state.opening import open_state

DOWN = RegisterUnavailable("notificaties")
FAULT = RegisterFault("notificaties", 500, 5)
KIND = {"Content-Type": "application/json"}
MOVED = RegisterAnswer("notificaties")
PORTAL = Received(200, {"Content-Type": "text/html"}, b"<title>Onderhoud</title>")


class Api:
    """Answers each call with the next of what it was told, and then with 201."""

    def __init__(self, *answers):
        self.answers, self.sent = list(answers), []

    def relay(self, method, path, *, params=(), headers=None, body=None):
        assert (method, params) == ("POST", ())
        self.sent.append((path, body.decode(), headers["Content-Type"]))
        found = self.answers.pop(0) if self.answers else 201
        if isinstance(found, Exception):
            raise found
        return (
            found
            if isinstance(found, Received)
            else Received(found, {"Content-Type": "application/json"}, b"{}")
        )

    @property
    def bodies(self):
        return [body for _, body, _ in self.sent]


@pytest.fixture
def state(monkeypatch):
    for name in ("LOOK", "LOOK_AGAIN", "FIRST_PAUSE", "LONGEST_PAUSE", "REFUSED_PAUSE"):
        monkeypatch.setattr(module, name, 0.01)
    found = open_state()
    yield found
    found.close()


@contextmanager
def delivering(state, api, *, keep=1000.0, news=None):
    counts = Counts()
    found = Publisher(state.outbox, api, counts.add, keep=keep, news=news or threading.Event())
    found.start()
    try:
        yield counts
    finally:
        found.close()


def message(number, about="a", kind="notificaties"):
    return {"id": str(number), "about": about, "kind": kind, "name": "partijen", "body": number}


def wait(condition):
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def empty(state):
    wait(lambda: state.outbox.backlog()[0] == 0)


def test_what_waits_from_before_the_start_and_what_comes_later_is_delivered(state):
    api, news = Api(), threading.Event()
    state.outbox.add([message(1), message(2, kind="cloudevents")])
    with delivering(state, api, news=news) as counts:
        empty(state)
        state.outbox.add([message(3)])
        news.set()
        empty(state)
    assert api.sent == [
        ("notificaties", "1", "application/json"),
        ("cloudevents", "2", "application/cloudevents+json"),
        ("notificaties", "3", "application/json"),
    ]
    assert counts == {"notification.sent": 3}


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        (DOWN, "failed"),
        (FAULT, "refused"),
        (MOVED, "refused"),
        (PORTAL, "refused"),
        (400, "refused"),
        (403, "refused"),
    ],
    ids=["down", "fault", "moved", "portal", "400", "403"],
)
def test_what_goes_wrong_is_done_again_in_the_same_order(state, wrong, outcome):
    api = Api(wrong, wrong)
    state.outbox.add([message(1), message(2)])
    with delivering(state, api) as counts:
        empty(state)
    assert api.bodies == ["1", "1", "1", "2"]
    assert counts == {f"notification.{outcome}": 2, "notification.sent": 2}


def test_one_that_is_refused_holds_up_no_other_resource(state):
    api = Api(400, 201, 201)
    state.outbox.add([message(1), message(2), message(3, "b")])
    with delivering(state, api):
        empty(state)
    assert api.bodies[:2] == ["1", "3"]
    assert api.bodies[2:] == ["1", "2"]


def test_an_api_that_fails_at_everything_is_left_alone(state, monkeypatch):
    """After three messages in a row: not every message costs it a call."""
    monkeypatch.setattr(module, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 60.0)
    api = Api(*[FAULT] * 10)
    state.outbox.add([message(number, str(number)) for number in range(10)])
    with delivering(state, api):
        wait(lambda: len(api.sent) == 3)
        time.sleep(0.05)
        assert len(api.sent) == 3


@pytest.mark.parametrize("wrong", [DOWN, 400], ids=["down", "refused"])
def test_what_cannot_be_delivered_for_too_long_is_given_up_and_said(state, wrong, caplog):
    api = Api(*[wrong] * 3)
    state.outbox.add([message(1)])
    with delivering(state, api, keep=0.0) as counts:
        empty(state)
    assert counts["notification.given_up"] == 1
    assert "notification.sent" not in counts
    assert "notification_given_up" in caplog.text


def test_a_process_that_dies_before_it_has_noted_the_delivery_delivers_again(state, monkeypatch):
    """At least once: a message is taken out after it was delivered, never before."""
    api = Api()
    state.outbox.add([message(1)])
    seen = []

    def dying(waiting):
        seen.append(waiting.id)
        raise module.StateUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(type(state.outbox), "delivered", lambda _self, waiting: dying(waiting))
        with delivering(state, api):
            wait(lambda: seen)
    assert state.outbox.backlog()[0] == 1
    with delivering(state, api):
        empty(state)
    assert set(api.bodies) == {"1"}
    assert len(api.sent) >= 2
