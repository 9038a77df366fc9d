"""Log lines are JSON and hold what KlantBrug says itself, never what somebody else wrote."""

import io
import json
import logging
import threading
import warnings

import pytest
from adapter import logs

SECRET = "999990019"


@pytest.fixture
def lines():
    """What is logged from here on, as objects."""
    root, hook = logging.getLogger(), threading.excepthook
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.to_stream("debug", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], threading.excepthook = before[0], hook
    root.setLevel(before[1])
    for name in logs.OWN:
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)


def test_an_event_has_its_fields(lines):
    logs.logger("klantbrug.test").info("request", status=200)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "request", "status": 200, "level": "info", "logger": "klantbrug.test"}


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
    assert SECRET not in json.dumps(line) + capsys.readouterr().err
