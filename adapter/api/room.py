"""How many requests are worked on at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from anyio import CapacityLimiter, to_thread

from adapter.api.memory import Memory

# A request that has been worked on for so long does nothing but wait: for a register, or for another request.
WAITING_SECONDS = 0.25
LOOK_SECONDS = 0.1
# A line that is there for so long does not go away by itself.
LINE_SECONDS = 1.0
# Memory is given back not more often than this, and less often while requests are worked on.
IDLE_SECONDS, BUSY_SECONDS = 1.0, 10.0


class Room:
    """As many as `threads`, and besides those that only wait, up to `most` together.

    What the registers are asked for is bounded register by register: those who wait for a slow one must not
    take the threads from those who do not need it.
    """

    def __init__(self, threads: int, most: int) -> None:
        self._threads, self._most = threads, max(threads, most)
        self._since: dict[object, float] = {}
        self._line_since: float | None = None
        self.memory = Memory()

    def at_work[**P, T](self, work: Callable[P, T]) -> Callable[P, T]:
        """The same, known to be worked on while it is."""

        def worked(*arguments: P.args, **options: P.kwargs) -> T:
            one = object()
            self._since[one] = time.monotonic()
            try:
                return work(*arguments, **options)
            finally:
                del self._since[one]

        return worked

    def is_full(self) -> bool:
        """Whether there have been requests that wait for their turn for some time now."""
        since = self._line_since
        return since is not None and time.monotonic() - since > LINE_SECONDS

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Room is made while the context lasts, for the event loop that it is entered in."""
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
