"""`klantbrug journal` and `klantbrug sweep`."""

import pytest
from adapter.cli import main
from adapter.state.opening import open_state

from tests.cli.test_commands import configured  # noqa: F401  (a fixture)


@pytest.fixture
def file(configured, tmp_path):  # noqa: F811
    text = configured.read_text()
    configured.write_text(f"{text.rstrip()}\n  state: {tmp_path / 'state.sqlite3'}\n")
    return configured


def test_an_empty_journal_is_silent(file, capsys):
    assert main(["journal", "--config", str(file)]) == 0
    assert capsys.readouterr() == ("", "")


def test_what_was_left_behind_is_told_and_swept(file, tmp_path, capsys):
    """A write that had not sent anything yet is closed, although no register can be reached."""
    state = open_state(str(tmp_path / "state.sqlite3"))
    state.journal.begin("create partijen", [], [])
    state.close()
    assert main(["journal", "--config", str(file)]) == 0
    assert "create partijen, begun " in capsys.readouterr().out
    assert main(["sweep", "--config", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == "writes left behind: 0\n"
    assert err == "klantbrug: the register objects cannot be reached; is its api_root right?\n"
    assert main(["journal", "--config", str(file)]) == 0
    assert capsys.readouterr().out == ""


def test_a_journal_that_cannot_be_opened_is_said_in_one_line(file, tmp_path, capsys):
    file.write_text(file.read_text().replace(str(tmp_path / "state"), "/nowhere/state"))
    assert main(["journal", "--config", str(file)]) == 1
    assert capsys.readouterr().err == "klantbrug: the journal cannot be opened: see the setting state\n"
