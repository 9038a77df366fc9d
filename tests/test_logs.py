"""Log lines are JSON and hold what KlantBrug says itself, never what somebody else wrote."""

import io
import json
import logging
import threading
import warnings
from contextlib import redirect_stdout

import pytest
from adapter import logs

from tests.restoring import logging_restored

SECRET = "999990019"


@pytest.fixture
def lines():
    """What is logged from here on, as objects."""
    stream = io.StringIO()
    logs.to_stream("debug", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_has_its_fields(lines):
    logs.logger("klantbrug.test").info("request", status=200)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "status": 200,
        "level": "info",
        "logger": "klantbrug.test",
        "source": "klantbrug",
    }


def test_of_a_library_only_the_place_is_told(lines):
    logging.getLogger("urllib3.test").info("GET /klanten")
    logging.getLogger("urllib3.test").error("GET /klanten?bsn=%s", SECRET)
    logging.getLogger("urllib3.test").error(f"GET /klanten?bsn={SECRET}")
    try:
        int(SECRET + "x")
    except ValueError:
        logging.getLogger("asyncio").exception("failed with %s", SECRET)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SECRET, stacklevel=1)
    told = lines()
    assert SECRET not in json.dumps(told)
    assert [line["event"] for line in told] == ["library"] * 4
    assert told[2]["kind"] == "ValueError"
    assert told[2]["places"][0].startswith("test_logs.py:")


def test_the_server_speaks_of_itself_without_values(lines):
    logging.getLogger("uvicorn.error").error("Exception in %s\n", SECRET)
    assert lines()[0]["event"] == "Exception in %s"


def test_what_a_thread_dies_of_is_told_without_its_text(lines, capsys):
    def die():
        raise KeyError(SECRET)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    (line,) = lines()
    assert (line["event"], line["kind"]) == ("thread_died", "KeyError")
    assert SECRET not in json.dumps(line) + "".join(capsys.readouterr())


def test_what_is_said_goes_to_stdout_as_it_is_then():
    """Also when that at the set-up is closed by now; and once, however often it is set up."""
    first, second = io.StringIO(), io.StringIO()
    with redirect_stdout(first):
        logs.to_stream("info")
        logs.to_stream("info")
    first.close()
    with redirect_stdout(second):
        logs.logger("klantbrug.test").info("request")
    (line,) = second.getvalue().splitlines()
    assert json.loads(line)["event"] == "request"


def test_a_set_up_of_logging_ends_with_its_test():
    root, hook, shown = logging.getLogger(), threading.excepthook, warnings.showwarning
    before = root.handlers[:], root.level, logging.getLogger("adapter").level
    with logging_restored():
        logs.to_stream("debug")
        assert len(root.handlers) == 1
    assert root.handlers == []
    assert (root.level, logging.getLogger("adapter").level) == before[1:]
    assert (threading.excepthook, warnings.showwarning) == (hook, shown)
    root.handlers[:] = before[0]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("INFO", "info"),
        (" Debug", "debug"),
        ("warn", "warning"),
        ("CRITICAL", "error"),
        ("luid", None),
        ("", None),
    ],
)
def test_a_level_is_known_by_the_words_of_others(text, level):
    assert logs.level_of(text) == level
