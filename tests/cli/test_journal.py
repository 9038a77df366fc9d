"""`klantbrug journal` and `klantbrug sweep`: writes left behind, and contacts that are held."""

import io

import pytest
from adapter.cli import main
from adapter.gathering.kept import GATHERING
from adapter.state.opening import open_state

from tests.cli.test_commands import configured  # noqa: F401  (a fixture)
from tests.gathering.test_listing import LINES, held  # noqa: F401
from tests.gathering.test_state import CONTACT, TASK, opened


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
    (tmp_path / "state.sqlite3").write_text("no database\n" * 100)
    assert main(["journal", "--config", str(file)]) == 1
    assert capsys.readouterr().err == "klantbrug: the journal cannot be opened: see the setting state\n"


@pytest.fixture
def left(tmp_path):
    """The id of a write that was left behind with a step that went out."""
    step = {"do": "make", "register": "objects", "path": "objects", "sure": True, "sent": {"a": "Geheim"}}
    state = open_state(str(tmp_path / "state.sqlite3"))
    write = state.journal.begin("create partijen", [], [{**step, "at": 0.0}])
    state.close()
    return write.id


@pytest.mark.parametrize("answer", ["y\n", "n\n", ""])
def test_a_write_is_dropped_after_a_question(file, left, capsys, monkeypatch, answer):
    """What was done so far is shown, without a value; dropping leaves a line in the log."""
    dropped = answer == "y\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["journal", "--config", str(file), "--drop", left]) == (0 if dropped else 1)
    out, err = capsys.readouterr()
    assert f"{left} create partijen, begun " in out
    assert "POST to objects/objects, answered" in out
    assert ("write_dropped" in err) == dropped
    assert "Geheim" not in out + err
    main(["journal", "--config", str(file)])
    assert (left in capsys.readouterr().out) != dropped


def test_dropping_needs_no_question_when_it_is_said(file, left, capsys):
    assert main(["journal", "--config", str(file), "--drop", left, "--yes"]) == 0
    assert '"write_dropped"' in capsys.readouterr().err
    assert main(["journal", "--config", str(file), "--drop", left, "--yes"]) == 1
    assert capsys.readouterr().err == "klantbrug: no open write has this id: klantbrug journal lists them\n"


def test_a_write_that_somebody_is_busy_with_is_not_dropped(file, tmp_path, capsys):
    state = open_state(str(tmp_path / "state.sqlite3"))
    write = state.journal.begin("create partijen", [], [])
    assert main(["journal", "--config", str(file), "--drop", write.id, "--yes"]) == 1
    assert capsys.readouterr().err == "klantbrug: a process is busy with this write\n"
    state.close()


@pytest.mark.parametrize(("option", "reason"), [("--fall-back", "groep, afdeling"), ("--retry", "")])
def test_a_parked_contact_is_sent_on(held, file, capsys, option, reason):  # noqa: F811
    """By its uuid; one that is not parked is refused, and so is a second time."""
    assert main(["journal", "--config", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == LINES
    assert main(["journal", "--config", str(file), option, CONTACT]) == 1
    assert (
        capsys.readouterr().err
        == "klantbrug: no parked contact has this uuid: klantbrug journal lists them\n"
    )
    assert main(["journal", "--config", str(file), option, TASK]) == 0
    assert "contact_unparked" in capsys.readouterr().err
    assert main(["journal", "--config", str(file), option, TASK]) == 1
    with opened(held) as (holds, *_):
        hold = holds.held(TASK).hold
        assert (hold.phase, hold.reason) == (GATHERING, reason)
        assert TASK in [each.contact for each in holds.due(1e10)]
