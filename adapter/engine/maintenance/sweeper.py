"""Maintenance beside requests: abandoned writes, orphans, the rights of the token."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable

from adapter.engine.deployment import Deployment
from adapter.engine.maintenance.orphans import OrphanSweep
from adapter.engine.transaction.recovery import Recovery
from adapter.errors import AdapterError
from adapter.logs import logger

FIRST_SECONDS = 10.0
STOP_SECONDS = 5.0
# How often each replica looks whether it is its turn to search for orphans.
TURN_SECONDS = 600.0

log = logger("klantbrug.journal")


def sweep_journal(deployment: Deployment) -> None:
    """Recover the abandoned writes in the journal; see `Recovery.sweep`."""
    if left := Recovery(deployment).sweep(time.time()):
        log.warning("writes_open", writes=left)


def sweep_orphans(deployment: Deployment, seconds: float) -> None:
    """Search for orphans if no replica has done so within the last `seconds`."""
    if not deployment.state.orphans.turn(time.time(), seconds):
        return
    try:
        swept = OrphanSweep(deployment).run()
    except AdapterError:
        deployment.state.orphans.give_back()
        raise
    if swept.waiting or swept.removed:
        log.warning("orphans", seen=swept.seen, waiting=swept.waiting, removed=swept.removed)


def sweep_rights(deployment: Deployment) -> None:
    """Read the rights of the token for the Objects API again."""
    deployment.rights.refresh()


class Sweeper:
    """A thread that runs one sweep every so many seconds; a failure is logged and the sweep runs again."""

    def __init__(self, sweep: Callable[[], None], seconds: float, *, at_once: bool) -> None:
        self._do, self._seconds, self._at_once = sweep, seconds, at_once
        self._first, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Start the thread; with `at_once`, waits for the first sweep, at most `FIRST_SECONDS`."""
        self._thread.start()
        if self._at_once:
            self._first.wait(FIRST_SECONDS)

    def close(self) -> None:
        """Stop the thread; waits up to `STOP_SECONDS` for a sweep that is going on."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        if not self._at_once:
            self._stopping.wait(self._seconds)
        while not self._stopping.is_set():
            self._sweep()
            self._first.set()
            self._stopping.wait(self._seconds)

    def _sweep(self) -> None:
        try:
            self._do()
        except AdapterError as error:
            log.warning("sweep_failed", error=type(error).__name__)
        except Exception as error:
            # The next sweep is to come all the same. The place only: the text may hold anything.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("sweep_failed", error=type(error).__name__, place=f"{place.name}:{place.lineno}")  # noqa: TRY400
