"""Do from time to time: sweep open writes and objects that lost their owner, look at our rights."""

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
# So often it is looked whose turn it is to search for orphans.
TURN_SECONDS = 600.0

log = logger("klantbrug.journal")


def sweep_journal(deployment: Deployment) -> None:
    """Finish or undo the writes that nobody is busy with."""
    if left := Recovery(deployment).sweep(time.time()):
        log.warning("writes_open", writes=left)


def sweep_orphans(deployment: Deployment, seconds: float) -> None:
    """Search for orphans, when no replica did so for that long."""
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
    """Look again what the token for the Objects API may do."""
    deployment.rights.refresh()


class Sweeper:
    """A thread that does this every so many seconds; what fails is tried again the next time."""

    def __init__(self, sweep: Callable[[], None], seconds: float, *, at_once: bool) -> None:
        self._do, self._seconds, self._at_once = sweep, seconds, at_once
        self._first, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin; returns after a first sweep at once, or after a while when a register keeps it waiting."""
        self._thread.start()
        if self._at_once:
            self._first.wait(FIRST_SECONDS)

    def close(self) -> None:
        """Stop; a sweep that is going on is finished first, if that is soon."""
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
