"""Databases are given back, also by applications that were made and never started."""

import gc
import sqlite3

import pytest
from adapter.dialects import SHIPPED
from adapter.embedded import esuite, klanten_contactmomenten, objects
from adapter.scenes.run import play_scenes
from adapter.state.errors import StateUnavailable
from adapter.state.opening import open_state


@pytest.fixture
def connections(monkeypatch):
    """Those that are made while a test runs."""
    made = []
    connect = sqlite3.connect

    def connecting(*arguments, **named):
        made.append(connect(*arguments, **named))
        return made[-1]

    monkeypatch.setattr(sqlite3, "connect", connecting)
    return made


def all_closed(connections):
    gc.collect()
    for each in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            each.execute("SELECT 1")
    return len(connections)


@pytest.mark.parametrize(
    "application", [klanten_contactmomenten.create_app, objects.create_app, esuite.create_app]
)
def test_an_application_that_was_never_started(application, connections):
    application(":memory:")
    assert all_closed(connections) == 1


def test_the_registers_of_scenes(connections):
    assert list(play_scenes(SHIPPED, "vng", ["klantcontacten"]))
    assert all_closed(connections) > 2


def test_a_state_that_cannot_be_opened(connections, tmp_path):
    file = tmp_path / "state"
    file.write_text("this is no database, whatever its name says" * 100)
    with pytest.raises(StateUnavailable):
        open_state(str(file))
    assert all_closed(connections) == 1
