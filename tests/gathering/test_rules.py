"""Each rule of sending is needed: without it, one of the laws is broken."""

from contextlib import suppress
from dataclasses import replace

import pytest
from adapter.gathering import sending
from adapter.gathering.attempts import Attempts
from adapter.gathering.lists import Lists
from adapter.gathering.sending import Sender, Times

from tests.gathering.test_sending import died_at, play, slept_at
from tests.gathering.world import Died, World


class Careless(Attempts):
    """Does not note that a POST may arrive."""

    def unsure(self, contact, token, now, due):
        return self.holds(contact, token, now)


class OneLease(Attempts):
    """Has a lease per process: all attempts have the same."""

    def lease(self, contact, now, seconds, wait):
        token = super().lease(contact, now, seconds, wait)
        if token is None:
            return None
        self._set("lease=? WHERE contact=?", ("process", contact))
        return "process"


class Settled(Attempts):
    """Takes every earlier attempt for ended."""

    def lease(self, contact, now, seconds, wait):
        return super().lease(contact, now, seconds, -1e9)


class AnyVersion(Attempts):
    """Does not look whether a piece came while the contact was composed or finished."""

    def _newest(self, held):
        with self._database.transaction() as transaction:
            ((version,),) = transaction.run("SELECT version FROM holds WHERE contact=?", (held.contact,)) or (
                (0,),
            )
        return replace(held, hold=replace(held.hold, version=version))

    def ask(self, held, token, plan, now):
        return super().ask(self._newest(held), token, plan, now)

    def finished(self, held, token):
        return super().finished(self._newest(held), token)


class Blind(Lists):
    """Does not look at signs in lists."""

    def checks_of(self, record):
        return set()


def first(deed, begin):
    """What is broken at the first step at which something is; `begin` is shortly before it, to save time."""
    return next((found for at in range(begin, begin + 40) if (found := deed(at))), [])


def test_without_a_note_before_the_post_a_death_doubles(tmp_path):
    """(i)"""
    classes = (Sender, Careless, Lists)
    assert "a double" in first(lambda at: died_at(tmp_path, "verzoek", at, (), classes=classes), 31)


def test_without_looking_a_lost_answer_doubles(tmp_path, monkeypatch):
    """(ii)"""
    monkeypatch.setattr(sending.Look, "found", lambda *_: None)
    assert "a double" in died_at(tmp_path, "verzoek", 0, ("unanswered",))


@pytest.mark.parametrize(("wait", "doubles"), [(30.0, True), (600.0, False)])
def test_without_a_long_wait_a_late_post_doubles(tmp_path, wait, doubles):
    """(iii)"""
    world = World(str(tmp_path / "state.sqlite3"), times=Times(wait=wait))
    try:
        world.register.faults.append("late")
        play(world, world.process())
        world.settle(seconds=40.0, rounds=20)
        assert ("a double" in world.problems()) is doubles
    finally:
        world.close()


@pytest.mark.parametrize(("attempts", "doubles"), [(OneLease, True), (Attempts, False)])
def test_without_a_lease_of_each_attempt_a_sleeper_doubles(tmp_path, attempts, doubles):
    """(iv) It wakes before its POST while another attempt of its own process is between POST and note."""
    world = World(str(tmp_path / "state.sqlite3"), classes=(Sender, attempts, Lists))

    def awake():
        (hold,) = world.process().holds.all() or (None,)
        return hold is None or hold.unsure == 0.0

    def meanwhile():
        if awake():
            sleeper.fate.at += 1
            return
        world.clock.now += 700.0
        world.register.faults.append("dies")
        with suppress(Died):
            world.process().sender.sweep()

    try:
        sleeper = world.process(1, meanwhile)
        play(world, sleeper)
        world.settle(rounds=4)
        assert ("a double" in world.problems()) is doubles
        assert world.register.faults == []
    finally:
        world.close()


def test_without_signs_a_list_shows_a_contact_twice(tmp_path):
    """(v)"""
    classes = (Sender, Attempts, Blind)
    assert "a foreign uuid" in died_at(tmp_path, "verzoek", 0, ("unanswered",), classes=classes)


def test_without_settling_a_sleeper_writes_over_the_aside(tmp_path):
    """An attempt that slept writes what it composed before; then what came since would be lost."""
    assert "a adressen is lost or half" in broken_by_sleep(tmp_path, Settled, 400.0, 21)


def test_without_versions_what_came_meanwhile_is_lost(tmp_path):
    assert "a adressen is lost or half" in broken_by_sleep(tmp_path, AnyVersion, 1.0, 36)


def broken_by_sleep(folder, attempts, seconds, begin):
    classes = (Sender, attempts, Lists)
    return first(lambda at: slept_at(folder, "verzoek", at, seconds, classes), begin)
