"""What is shown to who sits at a terminal, and to nobody else: colour, and how far a long command is."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

RED, PLAIN = "\x1b[31m", "\x1b[0m"
# Back to the first column, and clear what stands there.
_AGAIN = "\r\x1b[K"
# Seconds. What is done sooner needs no line of its own.
PATIENCE = 1.0
INTERVAL = 0.2


def coloured(stream: TextIO, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a stream shows colours: a terminal that is not dumb, and no NO_COLOR (https://no-color.org)."""
    variables = os.environ if environment is None else environment
    return stream.isatty() and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """How wide the terminal is to which stdout goes; None when it goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def alarming(text: str, stream: TextIO) -> str:
    """The text in red, where the stream shows colours."""
    return f"{RED}{text}{PLAIN}" if coloured(stream) else text


class Progress:
    """One line on a terminal that says what is being done and since how long; nothing anywhere else."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream, self._what = stream, what
        self._began = time.monotonic()
        self._over = threading.Event()
        self._turn = threading.Lock()

    def at(self, what: str) -> None:
        """From now on this is being done."""
        self._what = what

    def each[Kind](self, things: Iterable[Kind], what: str) -> Iterator[Kind]:
        """The things, one by one, with the number of each in the line."""
        for number, thing in enumerate(things, 1):
            self.at(f"{what}, {number}")
            yield thing

    def say(self, text: str) -> None:
        """A line of the command's own on stdout."""
        with self._turn:
            if self._stream.isatty():
                self._stream.write(_AGAIN)
                self._stream.flush()
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    def keep_shown(self) -> None:
        """Write the line again and again, until it is over."""
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
        """Leave an empty line to what comes next."""
        with self._turn:
            self._over.set()
            self._stream.write(_AGAIN)
            self._stream.flush()


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Within this, a terminal shows how far the command is: on stderr, and nothing is added to its output."""
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
