"""A circuit breaker: a register that is down is not called, so requests fail fast and it can recover."""

import math
import threading
import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    """UP: calls are made. DOWN: calls are refused. TRYING: one call tests whether it is up again."""

    UP = "up"
    DOWN = "down"
    TRYING = "trying"


class Breaker:
    """Goes DOWN for `seconds` after so many `failures` in a row. Threads may share it.

    After those seconds one call is admitted as a trial: UP when it is answered, DOWN again when it fails.
    Another trial is admitted when the outcome was not reported within the same time.
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
        """Whether a call may be made now; its outcome must be reported by `answered` or `failed`."""
        if self.state is State.UP:
            return True
        with self._lock:
            if self._clock() < self._until:
                return False
            self.state = State.TRYING
            self._until = self._clock() + self._seconds
            return True

    def seconds_to_wait(self) -> int:
        """Seconds until a call may be admitted again, at least 1."""
        return max(1, math.ceil(self._until - self._clock()))

    def answered(self) -> bool:
        """Report a call that the register answered; returns whether that makes it UP."""
        if self.state is State.UP and not self._failed:
            return False
        with self._lock:
            was_down = self.state is not State.UP
            self.state, self._failed, self._until = State.UP, 0, 0.0
        return was_down

    def failed(self) -> bool:
        """Report a call without an answer of the register itself; returns whether it goes from UP to DOWN."""
        with self._lock:
            self._failed += 1
            goes_down = self.state is State.UP and self._failed >= self._most
            if goes_down or self.state is not State.UP:
                self.state = State.DOWN
                self._until = self._clock() + self._seconds
        return goes_down
