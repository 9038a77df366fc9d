"""Shadowing: answers are compared with those of the target, and go out as they are all the same."""

import threading

import orjson
import pytest
from adapter.counts import Counts
from adapter.errors import RegisterUnavailable
from adapter.move.target import target
from adapter.phases.forward import Passed
from adapter.phases.shadow import WAITING, Answered, Shadow
from adapter.registers.messages import Received

from tests.phases.phased import until

BASE = "https://brug.example/klantinteracties/api/v1"
OURS = {"uuid": "u", "onderwerp": "a", "metadata": {"Sleutel": "x"}, "todo": "bel"}


def shadowed(theirs, again=OURS, status=200):
    """The counts after the answer OURS is compared with that of a target, and was asked of us again."""
    counts, done = Counts(), []

    def answer(_asked):
        if isinstance(theirs, Exception):
            raise theirs
        return Received(status, {}, orjson.dumps(theirs))

    def count(name):
        counts.add(name)
        done.append(name)

    shadow = Shadow(answer, target("openklant").ignored, 1.0, count)
    shadow.start()
    asked = Passed("GET", "klantcontacten/u", "expand=x", BASE)
    shadow.put(Answered(asked, "klantcontacten", 200, orjson.dumps(OURS), lambda: (200, orjson.dumps(again))))
    until(lambda: any(not each.startswith(("shadow_asked", "shadow_known")) for each in done), True)
    shadow.close()
    return dict(counts)


ASKED = {"shadow_asked.klantcontacten": 1}
TODO = {"shadow_known.extra": 1}


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        (OURS, {"shadow_equal.klantcontacten": 1}),
        ({**OURS, "onderwerp": "b"}, {"shadow_differs.klantcontacten.onderwerp": 1}),
        (
            {**OURS, "metadata": {"Sleutel": "y"}},
            {"shadow_differs.klantcontacten.metadata": 1},
        ),
        (
            {name: OURS[name] for name in ("uuid", "onderwerp", "metadata")},
            {"shadow_equal.klantcontacten": 1},
        ),
    ],
)
def test_differences_are_counted_by_kind_and_member(theirs, found):
    """A key that a client made up is in no count, and no value is anywhere."""
    assert shadowed(theirs) == ASKED | found | (TODO if "todo" not in theirs else {})


def test_another_status_is_a_difference():
    differs = {"shadow_differs.klantcontacten.status 200 against 404": 1}
    assert shadowed({}, status=404) == ASKED | differs


def test_what_changed_meanwhile_is_noise():
    """The control is asked twice: when its two answers differ, a difference with the target says nothing."""
    later = {**OURS, "onderwerp": "b"}
    assert shadowed(later, again=later) == ASKED | {"shadow_noise.klantcontacten": 1}


def test_a_target_that_does_not_answer_is_counted():
    assert shadowed(RegisterUnavailable("klantinteracties", 5)) == {"shadow_unanswered.klantcontacten": 1}


def test_nobody_waits_for_a_comparison():
    """What comes while too many wait is not compared."""
    counts = Counts()
    shadow = Shadow(lambda _: Received(200, {}, b"{}"), target("openklant").ignored, 1.0, counts.add)
    answered = Answered(Passed("GET", "x", "", BASE), "partijen", 200, b"{}", lambda: (200, b"{}"))
    for _ in range(WAITING + 3):
        shadow.put(answered)
    assert dict(counts) == {"shadow_skipped": 3}
    shadow.close()


def test_an_end_does_not_wait_for_what_has_to_be_compared():
    """Also with as many as may wait, while one of them is asked."""
    asked, go_on, counts = threading.Event(), threading.Event(), Counts()

    def answer(_asked):
        asked.set()
        assert go_on.wait(5)
        return Received(200, {}, b"{}")

    shadow = Shadow(answer, target("openklant").ignored, 1.0, counts.add)
    answered = Answered(Passed("GET", "x", "", BASE), "partijen", 200, b"{}", lambda: (200, b"{}"))
    shadow.start()
    shadow.put(answered)
    assert asked.wait(5)
    for _ in range(WAITING):
        shadow.put(answered)
    threading.Timer(0.05, go_on.set).start()
    shadow.close()
    assert counts["shadow_asked.partijen"] == 1
