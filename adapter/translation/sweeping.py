"""Sweep the journal: at start, and from time to time."""

from __future__ import annotations

import threading
import time
import traceback

from adapter.errors import AdapterError
from adapter.logs import logger
from adapter.translation.undoing import Recovery
from adapter.translation.world import World

FIRST_SECONDS = 10.0
STOP_SECONDS = 5.0

log = logger("klantbrug.journal")


class Sweeper:
    """A thread that finishes or undoes, every so many seconds, the writes that nobody is busy with."""

    def __init__(self, world: World, seconds: float) -> None:
        self._recovery, self._seconds = Recovery(world), seconds
        self._first, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin; returns after the first sweep, or after a while when a register keeps it waiting."""
        self._thread.start()
        self._first.wait(FIRST_SECONDS)

    def close(self) -> None:
        """Stop; a sweep that is going on is finished first, if that is soon."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._sweep()
            self._first.set()
            self._stopping.wait(self._seconds)

    def _sweep(self) -> None:
        try:
            left = self._recovery.sweep(time.time())
        except AdapterError as error:
            log.warning("sweep_failed", error=type(error).__name__)
        except Exception as error:
            # The next sweep is to come all the same. The place only: the text may hold anything.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("sweep_failed", error=type(error).__name__, place=f"{place.name}:{place.lineno}")  # noqa: TRY400
        else:
            if left:
                log.warning("writes_open", writes=left)
