"""Memory that was used for something long, given back to the system."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable

# Less than this the allocator may keep for the next request.
LONG = 1_000_000
_ARENA_MAX = -8


class Memory:
    """Knows whether something long was read or answered since memory was given back."""

    def __init__(self) -> None:
        self._trim = _of_c("malloc_trim")
        self._used = 0

    def used(self, size: int) -> None:
        """A body or an answer of so many bytes."""
        self._used += size if size > LONG else 0

    @property
    def is_due(self) -> bool:
        """Whether there may be something to give back."""
        return self._used > 0

    def give_back(self) -> None:
        """Let the allocator return what nobody uses any more; may take some milliseconds."""
        self._used = 0
        gc.collect()
        if self._trim is not None:
            self._trim(0)


def keep_together() -> None:
    """Let all threads of this process take memory from one heap, while there are no threads yet.

    What each keeps in a heap of its own cannot be given back. Python lets one thread at a time work anyhow.
    """
    if (mallopt := _of_c("mallopt")) is not None:
        mallopt(_ARENA_MAX, 1)


def _of_c(name: str) -> Callable[..., object] | None:
    """A function of the C library; some do not have it, or need none."""
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
