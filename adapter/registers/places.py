"""The limit on calls to one register at a time, so that a slow register delays no requests to others."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A waiting request checks so many times per `slow` seconds whether the register has become slow.
LOOKS = 5


class Full(Exception):
    """There is no place for a call, and none is expected soon."""


class Places:
    """Limits the calls at one moment to `number`; further ones queue. Threads share it.

    While calls take `slow` seconds on average, a request that has not called this register before is refused
    instead of queued.
    """

    def __init__(self, number: int, slow: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._number, self._slow, self._clock = number, slow, clock
        self._lock = threading.Lock()
        self._since: dict[object, float] = {}
        self._line: deque[threading.Event] = deque()
        self._taken = 0
        self.refused = 0

    @property
    def taken(self) -> int:
        """The number of calls that are being made."""
        return self._taken

    @contextmanager
    def one(self, seconds: float, *, admitted: bool) -> Iterator[None]:
        """A place, held as long as the context lasts; queues for at most `seconds`. Raises Full.

        A request that was `admitted` before has work to finish, and queues for a slow register too.
        """
        self._take(seconds, admitted=admitted)
        call = object()
        self._since[call] = self._clock()
        try:
            yield
        finally:
            with self._lock:
                del self._since[call]
                if self._line:
                    self._line.popleft().set()
                else:
                    self._taken -= 1

    def is_full(self) -> bool:
        """Whether a request that calls this register for the first time is refused now."""
        with self._lock:
            return self._taken >= self._number and self._is_slow()

    def _take(self, seconds: float, *, admitted: bool) -> None:
        with self._lock:
            if self._taken < self._number:
                self._taken += 1
                return
            if not admitted and self._is_slow():
                self.refused += 1
                raise Full
            turn = threading.Event()
            self._line.append(turn)
        until = time.monotonic() + seconds
        while not turn.wait(max(0.0, min(until - time.monotonic(), self._slow / LOOKS))):
            with self._lock:
                over = time.monotonic() >= until or (not admitted and self._is_slow())
                if over and not turn.is_set():
                    self._line.remove(turn)
                    self.refused += 1
                    raise Full

    def _is_slow(self) -> bool:
        """Whether the running calls have lasted half of `slow` on average.

        A call is halfway on average when it is observed, so its whole time is estimated as twice that.
        """
        now = self._clock()
        since = list(self._since.values())
        return sum(now - each for each in since) > len(since) * self._slow / 2
