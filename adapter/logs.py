"""Logs: one JSON object per line, in which only KlantBrug's own words stand.

What KlantBrug logs are names, codes, counts and durations. What a library wants to log may hold anything (an
address with a citizen's number in its query, the text of an exception), so of that only the place is kept.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import threading
import traceback
from typing import Any, TextIO

import orjson
import structlog

OWN = ("adapter", "klantbrug")
# What it says about starting and stopping has its values apart from its words, so the words can be kept.
SPEAKING = ("uvicorn.",)
PLACES = 6

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: events with fields, which hold no value of a client or a register."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name).bind()
    return found


def to_stream(level: str, stream: TextIO | None = None, form: logging.Formatter | None = None) -> None:
    """Write everything that is logged in this process from now on, as JSON lines to stderr unless told.

    Prevents that anything else writes there: warnings and what threads die of become lines too.
    """
    handler = logging.StreamHandler(stream) if stream else _Stderr()
    handler.setFormatter(form or JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Places alone say nothing as long as all is well.
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    for name in logging.Logger.manager.loggerDict:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_died


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to stderr as it is at the moment: a stream that once stood there may be closed."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told = record.msg if isinstance(record.msg, dict) else _foreign(record)
        return orjson.dumps(told, default=_kind).decode()


def kind_and_places(error: BaseException) -> dict[str, Any]:
    """What can be told of any exception: its kind and where it came about, the innermost place first."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return {"kind": type(error).__name__, "places": places}


def _foreign(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = {"event": "library", "level": record.levelname.lower(), "logger": record.name}
    if record.name.partition(".")[0] in OWN:
        told["event"] = record.getMessage()
    elif record.name.startswith(SPEAKING):
        told["event"] = str(record.msg).strip()
    told["at"] = f"{record.filename}:{record.lineno}"
    if record.exc_info and record.exc_info[1] is not None:
        told |= kind_and_places(record.exc_info[1])
    told["timestamp"] = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat().replace("+00:00", "Z")
    return told


def _kind(value: object) -> str:
    return type(value).__name__


def _thread_died(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        logger("klantbrug.threads").error("thread_died", **kind_and_places(arguments.exc_value))
