"""The state that replicas share, in a file and in PostgreSQL."""

import multiprocessing
import os
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from adapter import logs
from adapter.state.errors import KeyUsed, NoLongerOurs, StateNotSetUp, StateUnavailable
from adapter.state.fences import NAMES
from adapter.state.journal import OpenWrite
from adapter.state.listing import open_write, open_writes
from adapter.state.locks import Locks
from adapter.state.migrations import MIGRATIONS
from adapter.state.opening import open_database, open_state, set_up

from tests.state.conftest import database

SPAWNED = multiprocessing.get_context("spawn")
STEP = {"do": "make", "register": "objects", "path": "objects", "sure": False, "at": 0.0, "sent": {"a": "x"}}


@contextmanager
def opened(address):
    state = open_state(address)
    try:
        yield state
    finally:
        state.close()


def _begin_and_die(address, name):
    state = open_state(address)
    with state.locks.hold(NAMES, [name]) as held:
        state.journal.begin("create klantcontacten", held, [STEP])
        os._exit(9)


def a_process_that_dies(address, name="a"):
    process = SPAWNED.Process(target=_begin_and_die, args=(address, name))
    process.start()
    process.join(60)
    assert process.exitcode == 9


def test_migrations_are_done_once(address):
    """A second time, and from several replicas at once, nothing is left to do."""
    set_up(address)
    left = []
    threads = [threading.Thread(target=lambda: left.append(set_up(address))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert left == [0, 0, 0, 0]
    found = open_database(address)
    assert found.version() == len(MIGRATIONS)
    found.close()


def test_what_was_merged_is_noted_as_a_whole(address, monkeypatch):
    """A process that looked before knows it at its next look; what was noted before is forgotten."""
    monkeypatch.setattr("adapter.state.merged.LOOK_SECONDS", 0.0)
    set_up(address)
    with opened(address) as state, opened(address) as other:
        assert state.merged.into(["a"]) == {}
        for pairs in ({"a": "b"}, {"c": "d", "e": "d"}):
            other.merged.note(pairs)
            assert other.merged.into("abce") == pairs
        assert state.merged.into(["a", "c"]) == {"c": "d"}
        other.merged.note({})
        assert other.merged.into(["c"]) == {}


def test_a_closed_state_says_so_at_once(address):
    """Whoever asks it does not wait for a connection; what was begun before is kept."""
    set_up(address)
    found = open_database(address)
    found.close()
    asked = time.monotonic()
    with pytest.raises(StateUnavailable), found.transaction() as transaction:
        transaction.run("SELECT 1")
    assert time.monotonic() - asked < 5


def test_what_is_begun_ends_when_the_state_is_closed(postgres):
    """And its connection is closed then."""
    url = database(postgres, "closing")
    found = open_database(url)
    with found.transaction() as transaction:
        transaction.run("CREATE TABLE begun (one INTEGER)")
        found.close()
        transaction.run("INSERT INTO begun VALUES (1)")
    with pytest.raises(StateUnavailable), found.transaction():
        pass
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM begun").fetchall() == [(1,)]


def test_a_server_that_was_not_set_up_is_named(postgres):
    """KlantBrug does not change a database server by itself."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    with pytest.raises(StateNotSetUp):
        open_state(postgres)


def test_a_lock_keeps_others_out_until_it_is_given_back(address):
    """Two replicas add to one number in turn: none of the additions is lost."""
    numbers = [0]

    def add(state):
        for _ in range(25):
            with state.locks.hold(NAMES, ["a", "b"]):
                found = numbers[0]
                time.sleep(0.0005)
                numbers[0] = found + 1

    with opened(address) as one, opened(address) as other:
        threads = [threading.Thread(target=add, args=(each,)) for each in (one, other, one, other)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert numbers == [100]


def test_who_waits_too_long_is_told(address):
    """A lock that is not given back is no reason to hang."""
    with opened(address) as one, opened(address) as other:
        impatient = Locks(other.fence, wait=0.1)
        with one.locks.hold(NAMES, ["a"]):
            started = time.monotonic()
            with pytest.raises(StateUnavailable), impatient.hold(NAMES, ["a"]):
                pass
            assert time.monotonic() - started < 5
        with impatient.hold(NAMES, ["a"]):
            pass


def test_what_a_dead_process_left_is_found_and_its_locks_are_free(address):
    """A write of a process that lives is left alone; one of a dead process can be taken over, once."""
    a_process_that_dies(address)
    with opened(address) as one, opened(address) as other:
        alive = other.journal.begin("update partijen", [1], [])
        # a server may take a moment to notice that the process is gone
        until = time.monotonic() + 20
        while not (found := list(one.journal.abandoned(one.journal.all()))) and time.monotonic() < until:
            time.sleep(0.1)
        (left,) = found
        assert (left.operation, left.steps) == ("create klantcontacten", [STEP])
        with one.locks.hold_numbers(NAMES, left.stripes):
            (seen,) = other.journal.abandoned(other.journal.all())
            assert one.journal.take_over(left)
            assert not other.journal.take_over(seen)
        one.journal.close(left, done=False)
        assert [each.id for each in one.journal.all()] == [alive.id]
        other.journal.close(alive, done=True)
        assert one.journal.all() == []


def test_a_write_that_was_taken_over_is_not_gone_on_with(address):
    """Its first owner, should it live after all, is stopped before it sends anything more."""
    with opened(address) as one, opened(address) as other:
        write = one.journal.begin("create partijen", [], [])
        seen = other.journal.all()[0]
        assert other.journal.take_over(seen)
        with pytest.raises(NoLongerOurs):
            one.journal.save(write)
        with pytest.raises(NoLongerOurs):
            one.journal.close(write, done=True)


def test_keys_are_kept_for_their_time_and_only_as_hashes(address):
    """What was made is found again by the same request; another one is told so."""
    with opened(address) as state:
        with state.keys.alone("kiss", "sleutel-1", "verzoek") as claim:
            assert state.keys.found(claim) is None
            write = state.journal.begin("create partijen", [], [], claim.id)
            state.journal.close(write, done=True, remember=(claim.request, {"": "u"}, claim.until))
        with state.keys.alone("kiss", "sleutel-1", "verzoek") as claim:
            assert state.keys.found(claim) == {"": "u"}
        with state.keys.alone("kiss", "sleutel-1", "ander") as claim, pytest.raises(KeyUsed):
            state.keys.found(claim)
        with state.keys.alone("kiss", "sleutel-2", "verzoek") as claim:
            write = state.journal.begin("create partijen", [], [], claim.id)
            state.journal.close(write, done=True, remember=(claim.request, {"": "v"}, time.time() - 1))
            assert state.keys.found(claim) is None
        with state.database.transaction() as transaction:
            assert "sleutel" not in repr(transaction.run("SELECT * FROM keys"))


def test_what_is_open_is_told_without_values(address):
    """Operation, time, register and collection of each step; nothing that was sent."""
    a_process_that_dies(address)
    with opened(address) as state:
        # a server may take a moment to notice that the process is gone
        until = time.monotonic() + 20
        first, second = open_writes(state)
        while "a process is busy" in first and time.monotonic() < until:
            time.sleep(0.1)
            first, second = open_writes(state)
    assert "create klantcontacten, begun " in first
    assert first.endswith("left behind, to be undone unless it is finished")
    assert second == "  POST to objects/objects, not answered"


def test_nothing_of_a_closed_write_stays_in_the_files(tmp_path):
    """Once closed and swept, what was written is in no file of the state."""
    address = tmp_path / "state.sqlite3"
    with opened(str(address)) as state:
        write = state.journal.begin("create partijen", [], [{**STEP, "sent": {"naam": "Geheimpje"}}])
        assert any(b"Geheimpje" in each.read_bytes() for each in tmp_path.iterdir())
        state.journal.close(write, done=True)
        state.journal.forget()
        assert not any(b"Geheimpje" in each.read_bytes() for each in tmp_path.iterdir())


def test_the_files_are_for_their_owner_only(tmp_path):
    """A file that was made with other permissions loses them, and those beside it have the same."""
    address = tmp_path / "state.sqlite3"
    address.touch(mode=0o644)
    address.chmod(0o644)
    with opened(str(address)) as state:
        state.journal.begin("create partijen", [], [STEP])
        kept = [each for each in tmp_path.iterdir() if each.name != "state.sqlite3-locks"]
        assert len(kept) == 3
        assert {each.stat().st_mode & 0o777 for each in kept} == {0o600}


@pytest.mark.parametrize("again", [False, True], ids=["deleted", "replaced"])
def test_a_file_that_is_no_longer_there_is_not_written_past(tmp_path, again, capsys):
    """What nobody would find again is refused, with one line that says so."""
    logs.to_stream("info")
    address = tmp_path / "state.sqlite3"
    with opened(str(address)) as state:
        state.journal.begin("create partijen", [], [STEP])
        address.rename(tmp_path / "elsewhere.sqlite3")
        if again:
            open_state(str(address)).close()
        for _ in range(2):
            with pytest.raises(StateUnavailable):
                state.journal.begin("create partijen", [], [STEP])
            with pytest.raises(StateUnavailable):
                state.journal.all()
    assert capsys.readouterr().out.count("state_lost") == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [({"ahead": True}, "still to be sent"), ({}, "not answered"), ({"sure": True}, "answered")],
)
def test_it_is_told_how_far_a_step_has_come(more, said):
    """What is ahead has not been sent, so no answer is missing."""
    step = {"do": "put", "register": "r", "path": "c/u", "sure": False, **more}
    write = OpenWrite("1", "me", "update", steps=[step])
    *_, line = open_write(write, busy=False)
    assert line == f"  PUT in r/c, {said}"
