"""Which phase a process is in: the word in a file, which is looked at all the time."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from adapter.errors import Paused
from adapter.logs import logger

LOOK_SECONDS = 1.0
"""Seconds after which a process has seen another word in its file."""
STOP_SECONDS = 5.0
READS = frozenset({"GET", "HEAD", "OPTIONS"})

log = logger("klantbrug.phases")


class Phase(StrEnum):
    """What is done with requests.

    TRANSLATE: they are answered from the old registers.
    SHADOW: the same, and the target is asked some of the reads too, to compare.
    FROZEN: reads are answered from the old registers; writes are to come back later.
    FORWARD: the target answers all of them.
    """

    TRANSLATE = "translate"
    SHADOW = "shadow"
    FROZEN = "frozen"
    FORWARD = "forward"


class PhaseUnknown(Exception):
    """The file of the phase cannot be followed; the text says why, and repeats nothing of it."""


def read_phase(file: Path) -> Phase:
    """The phase in a file; TRANSLATE when there is no such file. Raises PhaseUnknown."""
    return _word(file) or Phase.TRANSLATE


def _word(file: Path) -> Phase | None:
    try:
        word = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise PhaseUnknown("it cannot be read") from None
    if word not in set(Phase):
        raise PhaseUnknown(f"it must hold one word: {', '.join(Phase)}")
    return Phase(word)


def write_phase(file: Path, phase: Phase) -> None:
    """Have all processes that follow this file go to a phase. Raises OSError."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(f"{phase}\n", encoding="utf-8")
    # In one go: nobody reads half a word.
    beside.replace(file)


class Phases:
    """The phase that this process is in, followed by a thread of its own from `start` to `close`.

    Without a file it is TRANSLATE for ever. A file that cannot be followed, or that is gone, changes nothing
    while the process runs: falling back to another phase by mistake would write where nobody looks any more.
    `refused` says why the file is not followed now; "" when it is.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        possible: Collection[Phase] = frozenset(Phase),
        retry_after: int = 120,
        old_waits: bool = False,
    ) -> None:
        """Read the file for the first time. Raises PhaseUnknown.

        possible: the phases that this deployment can be in.
        retry_after: the seconds after which who wants to write in FROZEN may come back.
        old_waits: whether the old APIs are served in FORWARD alone, from the target.
        """
        self._file, self._possible = file, frozenset(possible)
        self._retry_after, self._old_waits = retry_after, old_waits
        self.current = Phase.TRANSLATE
        self.since = time.time()
        self.refused, self._was_there = "", False
        self._wake, self._stopping = threading.Event(), False
        self._thread = threading.Thread(target=self._follow, name="phases", daemon=True)
        if file is not None and (found := self._read(file)) is not None:
            self.current, self._was_there = found, True

    @property
    def follows(self) -> bool:
        """Whether there is a file, so that the phase may become another."""
        return self._file is not None

    def check(self, method: str) -> None:
        """Raise Paused for a request to the new API that is not done in this phase."""
        if method not in READS:
            self.check_write()

    def check_write(self) -> None:
        """The same for a write that is about to begin, of a request that came before the phase did."""
        if self.current is Phase.FROZEN:
            raise Paused(self._retry_after)

    def check_old(self, method: str) -> None:
        """The same for a request to the old APIs."""
        if self._old_waits and self.current is not Phase.FORWARD:
            raise Paused(self._retry_after, reads=True)
        self.check(method)

    def start(self) -> None:
        """Follow the file from now on; at SIGHUP it is read at once."""
        if self._file is None:
            return
        log.info("phase", phase=str(self.current))
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGHUP, lambda *_: self.look())
        self._thread.start()

    def look(self) -> None:
        """Have the file read at once; for a signal handler."""
        self._wake.set()

    def close(self) -> None:
        """Follow the file no more."""
        self._stopping = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def _follow(self) -> None:
        while not self._stopping:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            self._see()

    def _see(self) -> None:
        if self._file is None:
            return
        try:
            # Read once: a file that goes meanwhile is gone, and never taken for one that was not there yet.
            found = self._read(self._file)
            self._was_there = self._was_there or found is not None
            reason = "it is gone" if found is None and self._was_there else ""
        except PhaseUnknown as unknown:
            found, reason = None, str(unknown)
        if reason and reason != self.refused:
            log.error("phase_refused", phase=str(self.current), reason=reason)
        self.refused = reason
        if found and found is not self.current:
            log.warning("phase", phase=str(found), was=str(self.current))
            self.current, self.since = found, time.time()

    def _read(self, file: Path) -> Phase | None:
        found = _word(file)
        if found is not None and found not in self._possible:
            raise PhaseUnknown(f"this deployment cannot {found}: it has {', '.join(sorted(self._possible))}")
        return found
