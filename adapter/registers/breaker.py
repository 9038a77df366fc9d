"""Leaves a register that is down alone, so that nobody waits for it and it can come up."""

import math
import threading
import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    """UP: calls are made. DOWN: they are refused. TRYING: one call finds out whether it is up again."""

    UP = "up"
    DOWN = "down"
    TRYING = "trying"


class Breaker:
    """Counts failures in a row; after `failures` of them no call is made for `seconds`.

    Then one call at a time tries; the first that is answered makes it up again, one that fails starts the
    wait anew. A trial that was never reported is forgotten after the same time. Threads may share it.
    """

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0
        self.state = State.UP

    def admits(self) -> bool:
        """Whether a call may be made now; it is to be reported when it is done."""
        if self.state is State.UP:
            return True
        with self._lock:
            if self._clock() < self._until:
                return False
            self.state = State.TRYING
            self._until = self._clock() + self._seconds
            return True

    def seconds_to_wait(self) -> int:
        """After which a call may be admitted again; at least 1."""
        return max(1, math.ceil(self._until - self._clock()))

    def answered(self) -> bool:
        """Report a call that the register answered; true when it was not up before."""
        if self.state is State.UP and not self._failed:
            return False
        with self._lock:
            was_down = self.state is not State.UP
            self.state, self._failed, self._until = State.UP, 0, 0.0
        return was_down

    def failed(self) -> bool:
        """Report a call that was not answered, or not by the register itself; true when it goes down."""
        with self._lock:
            self._failed += 1
            goes_down = self.state is State.UP and self._failed >= self._most
            if goes_down or self.state is not State.UP:
                self.state = State.DOWN
                self._until = self._clock() + self._seconds
        return goes_down
