"""Logs: one JSON object per line, without personal values.

The keys are those of Open Klant's logs where it has one (`source`, `level`, `timestamp`, `event`, `logger`,
`request_id`, `token_identifier`), so that what reads its lines reads these too.

KlantBrug itself logs names, codes, counts and durations. A line of a library may hold anything, such as a URL
with a BSN in its query or the text of an exception, so only the place in the code where it was logged is
written.
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
# Libraries of which the message is written too, without its arguments: uvicorn says that it starts and stops.
TRUSTED = ("uvicorn.",)
# The innermost places in the code that are written of an exception.
PLACES = 6
# The variable of the environment with the lowest level, before the setting.
LEVEL = "LOGLEVEL"
LEVELS = ("debug", "info", "warning", "error")
# How others spell levels.
_OTHER_WORDS = {"warn": "warning", "critical": "error", "fatal": "error", "trace": "debug"}
_SOURCE = {"source": "klantbrug"}


def _with_source(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {**event, **_SOURCE}


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _with_source,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger with a name such as `klantbrug.api`, for events with fields: `log.info("request", ms=3)`.

    No field may hold a value that a client or a register sent.
    """
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name).bind()
    return found


def level_of(text: str) -> str | None:
    """The level that a text such as `INFO` or `warn` means; None for any other text."""
    found = _OTHER_WORDS.get(text.strip().lower(), text.strip().lower())
    return found if found in LEVELS else None


def to_stream(level: str, stream: TextIO | None = None, form: logging.Formatter | None = None) -> None:
    """Log from now on to a stream, by default stdout, in a format, by default JSON lines.

    Warnings and the exceptions that end threads become log lines too, so that nothing else writes to the
    stream. `level` is that of KlantBrug's own lines; those of libraries are written from warning on.
    """
    handler = logging.StreamHandler(stream) if stream else _Stdout()
    handler.setFormatter(form or JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Below warning, the places of a library's lines tell an operator nothing.
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    for name in logging.Logger.manager.loggerDict:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_died


class _Stdout(logging.StreamHandler[TextIO]):
    """Writes to the current `sys.stdout`, which may have been replaced since logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stdout
        super().emit(record)


class JsonLines(logging.Formatter):
    """Formats a record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a newline."""
        fields = record.msg if isinstance(record.msg, dict) else _foreign(record)
        return orjson.dumps(fields, default=_kind).decode()


def kind_and_places(error: BaseException) -> dict[str, Any]:
    """The parts of an exception that hold no values: {"kind": "KeyError", "places": ["rows.py:12", …]}.

    The innermost place comes first.
    """
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return {"kind": type(error).__name__, "places": places}


def _foreign(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {"event": "library", "level": record.levelname.lower(), "logger": record.name}
    fields |= _SOURCE
    if record.name.partition(".")[0] in OWN:
        fields["event"] = record.getMessage()
    elif record.name.startswith(TRUSTED):
        fields["event"] = str(record.msg).strip()
    fields["at"] = f"{record.filename}:{record.lineno}"
    if record.exc_info and record.exc_info[1] is not None:
        fields |= kind_and_places(record.exc_info[1])
    fields["timestamp"] = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat().replace("+00:00", "Z")
    return fields


def _kind(value: object) -> str:
    return type(value).__name__


def _thread_died(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        logger("klantbrug.threads").error("thread_died", **kind_and_places(arguments.exc_value))
