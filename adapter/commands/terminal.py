"""Colour and progress for commands, on terminals only."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TextIO

RED, PLAIN = "\x1b[31m", "\x1b[0m"
# Return to the first column and clear the line.
_AGAIN = "\r\x1b[K"
# In seconds; a command that takes less shows no progress.
PATIENCE = 1.0
INTERVAL = 0.2
EVERY = 30.0
"""Seconds between two lines about how far a step of a move is, where there is no terminal."""


def coloured(stream: TextIO, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a stream is a terminal with colours, and NO_COLOR is not set (https://no-color.org)."""
    variables = os.environ if environment is None else environment
    return stream.isatty() and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """The width of the terminal, in characters; None when stdout is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def alarming(text: str, stream: TextIO) -> str:
    """The text in red, where the stream shows colours."""
    return f"{RED}{text}{PLAIN}" if coloured(stream) else text


class Progress:
    """A line on a terminal that says what is being done, and for how many seconds."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream, self._what = stream, what
        self._began = time.monotonic()
        self._over = threading.Event()
        self._turn = threading.Lock()

    def at(self, what: str) -> None:
        """Set what is being done now."""
        self._what = what

    def each[Kind](self, things: Iterable[Kind], what: str) -> Iterator[Kind]:
        """Yield the things one by one, with the number of each in the line."""
        for number, thing in enumerate(things, 1):
            self.at(f"{what}, {number}")
            yield thing

    def say(self, text: str) -> None:
        """Write a line of the command's output to stdout."""
        with self._turn:
            if self._stream.isatty():
                self._stream.write(_AGAIN)
                self._stream.flush()
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    def keep_shown(self) -> None:
        """Rewrite the line every INTERVAL until `end`; runs in a thread of its own."""
        wait = PATIENCE
        while not self._over.wait(wait):
            wait = INTERVAL
            with self._turn:
                if self._over.is_set():
                    return
                passed = time.monotonic() - self._began
                self._stream.write(f"{_AGAIN}{self._what} … {passed:.0f} s")
                self._stream.flush()

    def end(self) -> None:
        """Clear the line."""
        with self._turn:
            self._over.set()
            self._stream.write(_AGAIN)
            self._stream.flush()


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Shows progress on stderr as long as the context lasts, if that is a terminal."""
    shown = Progress(sys.stderr, what)
    if not sys.stderr.isatty():
        yield shown
        return
    thread = threading.Thread(target=shown.keep_shown, name="progress", daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        shown.end()
        thread.join()


class Reached(Protocol):
    """How far a step of a move is: `done` of `total` of a source, so many a second."""

    @property
    def source(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def seconds_left(self) -> float | None: ...


class Reporting:
    """Says how far a step is: in the line of a terminal, else in a line from time to time."""

    def __init__(self, shown: Progress, what: str) -> None:
        self._shown, self._what, self._said = shown, what, time.monotonic()

    def __call__(self, reached: Reached) -> None:
        left = reached.seconds_left
        text = f"{reached.source}: {reached.done} of {reached.total}, {reached.rate:.0f} a second" + (
            f", {_duration(left)} left" if left else ""
        )
        self._shown.at(f"{self._what} {text}")
        if not sys.stderr.isatty() and time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self._shown.say(text)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"
