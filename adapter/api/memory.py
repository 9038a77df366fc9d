"""Memory that long bodies and answers used, given back to the operating system."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable

# In bytes. What shorter bodies used, the allocator reuses for the next request.
LONG = 1_000_000
_ARENA_MAX = -8


class Memory:
    """Remembers whether there was a long body or answer since memory was last given back."""

    def __init__(self) -> None:
        self._trim = _of_c("malloc_trim")
        self._used = 0

    def used(self, size: int) -> None:
        """Note a body or an answer of `size` bytes."""
        self._used += size if size > LONG else 0

    @property
    def is_due(self) -> bool:
        """Whether there was a long body or answer since memory was last given back."""
        return self._used > 0

    def give_back(self) -> None:
        """Return unused memory to the operating system; takes some milliseconds."""
        self._used = 0
        gc.collect()
        if self._trim is not None:
            self._trim(0)


def use_one_heap() -> None:
    """Let all threads of this process allocate from one heap; to be called before there are threads.

    glibc gives each thread a heap of its own, and unused memory in those is not returned. The lock of the
    interpreter lets one thread run at a time, so sharing a heap costs nothing.
    """
    if (mallopt := _of_c("mallopt")) is not None:
        mallopt(_ARENA_MAX, 1)


def _of_c(name: str) -> Callable[..., object] | None:
    """A function of the C library, or None where it does not have it (musl, macOS)."""
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
