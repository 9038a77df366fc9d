"""The outbox keeps what has to be told: with the end of its write, in order, and until it was told."""

import time

from adapter.state.fences import NAMES
from adapter.state.opening import open_state

from tests.state.conftest import address

__all__ = ["address"]

FAR = time.time() + 1_000_000


def message(number, about="a"):
    return {
        "id": f"id {number}",
        "about": about,
        "kind": "notificaties",
        "name": "partijen",
        "body": {"n": number},
    }


def bodies(state, now=FAR):
    return [each.body for each in state.outbox.due(now, 10)]


def test_messages_come_with_the_end_of_their_write_and_go_when_delivered(address):
    """Both are one transaction: a write that is closed twice, or by another, tells nothing."""
    state = open_state(address)
    try:
        with state.locks.hold(NAMES, ["a"]) as held:
            write = state.journal.begin("create partijen", held, [])
        assert state.outbox.backlog() == (0, 0.0)
        state.journal.close(write, done=True, tell=[message(1)])
        number, oldest = state.outbox.backlog()
        assert (number, round(time.time() - oldest)) == (1, 0)
        (found,) = state.outbox.due(time.time(), 10)
        assert (found.about, found.kind, found.name, found.attempts) == ("a", "notificaties", "partijen", 0)
        assert found.body == b'{"n":1}'
        assert '"n"' not in repr(found)
        state.outbox.delivered(found)
        assert bodies(state) == []
    finally:
        state.close()


def test_messages_about_one_resource_keep_their_order_and_wait_for_each_other(address):
    """One that is refused holds up its own resource, and nobody else."""
    state = open_state(address)
    try:
        state.outbox.add([message(1), message(2, "b"), message(3)])
        state.outbox.add([message(4, "c")])
        assert bodies(state) == [b'{"n":1}', b'{"n":2}', b'{"n":4}']
        first, second, _ = state.outbox.due(FAR, 10)
        state.outbox.postpone(first, FAR + 10)
        assert bodies(state) == [b'{"n":2}', b'{"n":4}']
        state.outbox.delivered(second)
        (again, _) = state.outbox.due(FAR + 20, 10)
        assert (again.body, again.attempts) == (b'{"n":1}', 1)
        state.outbox.delivered(again)
        assert bodies(state) == [b'{"n":3}', b'{"n":4}']
        assert len(state.outbox.due(FAR, 1)) == 1
    finally:
        state.close()


def test_one_replica_delivers_at_a_time(address):
    """Two would change the order; when one ends, another takes over, with what it left."""
    one, two = open_state(address), open_state(address)
    try:
        one.outbox.add([message(1)])
        with one.outbox.alone() as mine, two.outbox.alone() as theirs:
            assert (mine, theirs) == (True, False)
            with one.outbox.alone() as twice:
                assert not twice
        with two.outbox.alone() as mine:
            assert mine
            assert bodies(two) == [b'{"n":1}']
    finally:
        one.close()
        two.close()
