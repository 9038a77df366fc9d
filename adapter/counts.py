"""Counts of what happens, for who looks after a deployment: names only, never values."""

from __future__ import annotations

import threading


class Counts(dict[str, int]):
    """How often what happened, by name. Threads may add at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def add(self, name: str) -> None:
        """One more of what has this name."""
        with self._lock:
            self[name] = self.get(name, 0) + 1
