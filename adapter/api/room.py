"""The number of requests that are handled at the same time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from anyio import CapacityLimiter, to_thread

from adapter.api.memory import Memory

# KlantBrug's own work takes milliseconds, so a request that runs longer waits for a register or a lock.
WAITING_SECONDS = 0.25
LOOK_SECONDS = 0.1
# Requests that have been queueing for so long are more than a short peak.
LINE_SECONDS = 1.0
# The least time between two times that memory is given back: without and with requests running.
IDLE_SECONDS, BUSY_SECONDS = 1.0, 10.0


class Room:
    """Limits running requests to `threads`, not counting those that wait; with those, to `most`.

    A request that runs longer than WAITING_SECONDS counts as waiting, and its thread is made up for. So the
    requests that wait for a slow register do not take the threads of those that do not call it; the calls to
    each register have a limit of their own (`registers.places`).
    """

    def __init__(self, threads: int, most: int) -> None:
        self._threads, self._most = threads, max(threads, most)
        self._since: dict[object, float] = {}
        self._line_since: float | None = None
        self.memory = Memory()

    def at_work[**P, T](self, work: Callable[P, T]) -> Callable[P, T]:
        """The same function, counted as a running request while it runs."""

        def worked(*arguments: P.args, **options: P.kwargs) -> T:
            one = object()
            self._since[one] = time.monotonic()
            try:
                return work(*arguments, **options)
            finally:
                del self._since[one]

        return worked

    def is_full(self) -> bool:
        """Whether requests have been queueing for a thread for longer than LINE_SECONDS."""
        since = self._line_since
        return since is not None and time.monotonic() - since > LINE_SECONDS

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Adjust the number of threads of the current event loop as long as the context lasts."""
        to_thread.current_default_thread_limiter().total_tokens = self._threads
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _keep(self) -> None:
        limiter, one, given_back = to_thread.current_default_thread_limiter(), CapacityLimiter(1), 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = time.monotonic()
            waiting = sum(since < now - WAITING_SECONDS for since in list(self._since.values()))
            limiter.total_tokens = min(self._most, self._threads + waiting)
            line = limiter.statistics().tasks_waiting > 0
            self._line_since = (self._line_since or now) if line else None
            if self.memory.is_due and now - given_back > (BUSY_SECONDS if self._since else IDLE_SECONDS):
                await to_thread.run_sync(self.memory.give_back, limiter=one)
                given_back = time.monotonic()
