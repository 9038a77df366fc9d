"""Locks by name, over all threads and all replicas.

Writes hold them because the Objects API loses one of two simultaneous writes to an object, and because a
check for uniqueness is true only until another write.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from adapter.state.errors import StateUnavailable
from adapter.state.fences import OUTBOX, Fence

STRIPES = 1024
WAIT_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.05


class Locks:
    """Locks by name; a name stands for one of STRIPES locks per space, so two names may share one.

    Locks are taken in ascending order, which rules out a deadlock. Methods raise StateUnavailable when a lock
    is not free within `wait` seconds.
    """

    def __init__(self, fence: Fence, wait: float = WAIT_SECONDS) -> None:
        self._fence, self._wait = fence, wait
        # Called with the seconds that somebody waited for a lock, whether it came free or not.
        self.observers: list[Callable[[float], None]] = []
        # Created when first needed; most never are.
        self._locks: tuple[dict[int, threading.Lock], ...] = tuple({} for _ in range(OUTBOX + 1))

    @contextmanager
    def hold(self, space: int, names: Iterable[str]) -> Iterator[list[int]]:
        """Holds the locks of these names; gives their numbers, which reveal nothing of the names."""
        with self.hold_numbers(space, numbers(names)) as held:
            yield held

    @contextmanager
    def hold_numbers(self, space: int, wanted: Iterable[int]) -> Iterator[list[int]]:
        """Holds the locks with these numbers."""
        until = time.monotonic() + self._wait
        held = sorted(set(wanted))
        with ExitStack() as stack:
            for number in held:
                self._take(stack, space, number, until)
            yield held

    def hold_free(self, stack: ExitStack, space: int, number: int) -> bool:
        """Take a lock if it is free, and hold it until `stack` is closed; returns whether it was free.

        It does not wait, so it may be called in any order while other locks are held.
        """
        lock = self._lock(space, number)
        if not lock.acquire(blocking=False):
            return False
        stack.callback(lock.release)
        if not self._fence.take(space, number):
            return False
        stack.callback(self._fence.give, space, number)
        return True

    def _lock(self, space: int, number: int) -> threading.Lock:
        made = self._locks[space]
        # setdefault is atomic, so threads that come at once get the same lock.
        return made.get(number) or made.setdefault(number, threading.Lock())

    def _take(self, stack: ExitStack, space: int, number: int, until: float) -> None:
        lock = self._lock(space, number)
        if not lock.acquire(blocking=False):
            with self._waiting():
                if not lock.acquire(timeout=max(0.0, until - time.monotonic())):
                    raise StateUnavailable
        stack.callback(lock.release)
        if not self._fence.take(space, number):
            with self._waiting():
                self._wait_for_others(space, number, until)
        stack.callback(self._fence.give, space, number)

    def _wait_for_others(self, space: int, number: int, until: float) -> None:
        """Wait until no other process holds a lock, and take it."""
        pause = FIRST_PAUSE
        while not self._fence.take(space, number):
            if time.monotonic() > until:
                raise StateUnavailable
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            for observer in self.observers:
                observer(time.monotonic() - started)


def _stripe(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()[:4]) % STRIPES


def numbers(names: Iterable[str]) -> set[int]:
    """The numbers of the locks of these names."""
    return {_stripe(name) for name in names}
