"""Places for calls to one register: who waits, and who is told at once that there is none."""

import threading
import time
from contextlib import ExitStack

import pytest
from adapter.registers.places import Full, Places


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def full(clock):
    """Both places are taken."""
    with ExitStack() as stack:
        places = Places(2, 0.2, clock)
        for _ in range(2):
            stack.enter_context(places.one(1, admitted=False))
        yield places


def seconds_until_refused(places, seconds, *, admitted):
    start = time.monotonic()
    with pytest.raises(Full), places.one(seconds, admitted=admitted):
        pass
    return time.monotonic() - start


def test_nobody_waits_for_a_register_that_takes_long(full, clock):
    clock.now = 0.2
    assert full.is_full()
    assert seconds_until_refused(full, 10, admitted=False) < 0.1
    assert full.refused == 1


def test_for_one_that_is_quick_everybody_waits(full):
    assert not full.is_full()
    assert seconds_until_refused(full, 0.4, admitted=False) >= 0.4


def test_who_is_in_line_does_not_wait_for_one_that_becomes_slow(full, clock):
    threading.Timer(0.3, setattr, (clock, "now", 1)).start()
    assert 0.3 <= seconds_until_refused(full, 30, admitted=False) < 20


def test_who_is_in_the_middle_of_something_waits_longer(full, clock):
    clock.now = 10
    assert seconds_until_refused(full, 0.4, admitted=True) >= 0.4


def test_who_came_first_is_served_first():
    places, served = Places(1, 5), []

    def come(number):
        with places.one(5, admitted=False):
            served.append(number)

    with places.one(1, admitted=False):
        line = [threading.Thread(target=come, args=(number,)) for number in range(5)]
        for each in line:
            each.start()
            time.sleep(0.02)
    for each in line:
        each.join()
    assert served == [0, 1, 2, 3, 4]
    assert places.taken == 0
