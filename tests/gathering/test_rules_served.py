"""Each rule of sending is needed, over HTTP: without it, a law is broken, and with it none by the same."""

import threading
from contextlib import closing

import pytest
from adapter.gathering import opening, sending
from adapter.gathering.attempts import Attempts
from adapter.gathering.lists import Lists
from adapter.state.opening import open_database

from tests.gathering.service import served, until
from tests.gathering.test_rules import Blind, Careless, OneLease
from tests.gathering.test_service import actor, contact, task

QUICK = {"sweep": 0.05, "lease": 30.0, "retry": 0.05, "unsure": 0.3, "quiet": 600.0}
# Only ever waited for when what is waited for does not come.
PATIENCE = 20.0
WITHOUT = pytest.mark.parametrize("without", [True, False], ids=["without", "with"])
# The rule in force is what all other tests of lists have.
OFF_BY_DEFAULT = pytest.mark.parametrize(
    "without", [True, pytest.param(False, marks=pytest.mark.contract)], ids=["without", "with"]
)


def asked(town, folder, *, late=0.0, **settings):
    """How often a contact is in the e-Suite in the end; `late` is how long a POST may still arrive."""
    with served(town, str(folder / "state.sqlite3"), **{**QUICK, **settings}) as desk:
        made = contact(desk)
        task(desk, made, actor(desk, "Frontoffice"))
        # Nothing else ends it: then it is held no longer, or in the e-Suite twice.
        until(lambda: len(town.contacts(made["onderwerp"])) > 1 or not held(folder), 20.0)
        until(lambda: len(town.contacts(made["onderwerp"])) > 1, late)
        return len(town.contacts(made["onderwerp"]))


def held(folder):
    """What is held in the state."""
    with closing(open_database(str(folder / "state.sqlite3"))) as database, database.transaction() as rows:
        return rows.run("SELECT contact FROM holds")


@pytest.mark.contract
@WITHOUT
def test_a_note_before_the_post(town, tmp_path, monkeypatch, without):
    """(i) An answer is lost."""
    monkeypatch.setattr(opening, "Attempts", Careless if without else Attempts)
    town.looseness.lost = 1
    assert (asked(town, tmp_path) > 1) is without


@pytest.mark.contract
@WITHOUT
def test_a_look_before_the_next_post(town, tmp_path, monkeypatch, without):
    """(ii) An answer is lost."""
    if without:
        monkeypatch.setattr(sending.Look, "found", lambda *_: None)
    town.looseness.lost = 1
    assert (asked(town, tmp_path) > 1) is without


@pytest.mark.contract
@WITHOUT
def test_a_wait_that_is_longer_than_a_post_takes(town, tmp_path, monkeypatch, without):
    """(iii) A POST is done only after seconds; that of the next attempt at once."""
    found = sending.Look.found

    def looked(look, *given):
        town.looseness.late = 0.0
        return found(look, *given)

    monkeypatch.setattr(sending.Look, "found", looked)
    town.looseness.late = 3.0
    assert (asked(town, tmp_path, late=6.0, unsure=0.2 if without else 6.0) > 1) is without


class Sleeping:
    """Attempts of which the first sleeps before it notes its POST, until another has made the record.

    That other one waits then until the first has gone as far as it gets: to its own record, or nowhere.
    """

    def __init__(self, attempts):
        self.kind = attempts
        self.asleep, self.awake, self.over = (threading.Event() for _ in range(3))

    def __call__(self, database):
        told, attempts = self, self.kind(database)
        unsure, posted = attempts.unsure, attempts.posted

        def sleeps(*given):
            if told.asleep.is_set():
                return unsure(*given)
            told.asleep.set()
            told.awake.wait(PATIENCE)
            goes_on = unsure(*given)
            if not goes_on:
                told.over.set()
            return goes_on

        def wakes(*given):
            if told.awake.is_set():
                told.over.set()
            else:
                # Its POST is answered, and not noted yet.
                told.awake.set()
                told.over.wait(PATIENCE)
            return posted(*given)

        attempts.unsure, attempts.posted = sleeps, wakes
        return attempts


@pytest.mark.contract
@WITHOUT
def test_a_lease_of_each_attempt(town, tmp_path, monkeypatch, without):
    """(iv) An attempt sleeps through its lease."""
    monkeypatch.setattr(opening, "Attempts", Sleeping(OneLease if without else Attempts))
    assert (asked(town, tmp_path, lease=0.1) > 1) is without


@OFF_BY_DEFAULT
def test_signs_in_lists(town, tmp_path, monkeypatch, without):
    """(v) An answer is lost: until it is looked for, the record has no alias."""
    monkeypatch.setattr(opening, "Lists", Blind if without else Lists)
    with served(town) as desk:
        made = contact(desk)
        town.looseness.lost = 1
        task(desk, made, actor(desk, "Frontoffice"))
        found = {each["uuid"] for each in desk.all("klantcontacten", onderwerp=made["onderwerp"])}
    assert (found != {made["uuid"]}) is without
