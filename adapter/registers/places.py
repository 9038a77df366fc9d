"""The places for calls to one register, so that a slow one keeps its own requests waiting and no others."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# How often somebody in line looks whether the register has become slow, in the time that makes it so.
LOOKS = 5


class Full(Exception):
    """There is no place, and there will be none soon."""


class Places:
    """So many calls at one moment; who comes when all are taken waits in line. Threads share it.

    Of a register of which calls take `slow` seconds nobody waits in the line who comes for the first time.
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
        """How many calls are being made."""
        return self._taken

    @contextmanager
    def one(self, seconds: float, *, admitted: bool) -> Iterator[None]:
        """A place, waited for so many seconds at most; raises Full.

        Who was `admitted` before is in the middle of something, and waits also for a slow register.
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
        """Whether requests are refused now."""
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
        """Whether calls have been going on for half of that time on average, which is halfway."""
        now = self._clock()
        since = list(self._since.values())
        return sum(now - each for each in since) > len(since) * self._slow / 2
