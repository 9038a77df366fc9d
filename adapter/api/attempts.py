"""A limit on wrong tokens per address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_ADDRESSES = 10_000


class Attempts:
    """A leaky bucket per address: `most` wrong tokens at once, refilled at `most` a minute.

    The 10,000 addresses that failed last are remembered; one that is dropped has a full bucket again.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds_each = 60 / most
        self._clock = clock
        # The moment, on the clock, at which the bucket of an address will be full again.
        self._even_at: OrderedDict[str, float] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """Seconds until this address may try another token, rounded up; 0 when it may now."""
        over = self._debt(address) - (self._most - 1) * self._seconds_each
        return max(0, math.ceil(over))

    def failed(self, address: str) -> None:
        """Count one wrong token of this address."""
        self._even_at[address] = self._clock() + self._debt(address) + self._seconds_each
        self._even_at.move_to_end(address)
        if len(self._even_at) > _ADDRESSES:
            self._even_at.popitem(last=False)

    def _debt(self, address: str) -> float:
        """Seconds until the bucket of this address is full again."""
        return max(0.0, self._even_at.get(address, 0.0) - self._clock())
