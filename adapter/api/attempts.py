"""How often somebody may guess."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_ADDRESSES = 10_000


class Attempts:
    """Wrong tokens by address: `most` at once, and then as many again in every minute.

    Only as many addresses as fit are remembered; one that is forgotten starts anew.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds_each = 60 / most
        self._clock = clock
        # When all attempts of an address will have been made good.
        self._even_at: OrderedDict[str, float] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """How long until this address may guess again; 0 when it may."""
        over = self._debt(address) - (self._most - 1) * self._seconds_each
        return max(0, math.ceil(over))

    def failed(self, address: str) -> None:
        """Count a wrong token."""
        self._even_at[address] = self._clock() + self._debt(address) + self._seconds_each
        self._even_at.move_to_end(address)
        if len(self._even_at) > _ADDRESSES:
            self._even_at.popitem(last=False)

    def _debt(self, address: str) -> float:
        return max(0.0, self._even_at.get(address, 0.0) - self._clock())
