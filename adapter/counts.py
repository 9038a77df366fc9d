"""Counters of events, shown in the detail of health: names such as `contract_broken.klanten`, no values."""

from __future__ import annotations

import threading


class Counts(dict[str, int]):
    """The number of events by name. Threads may share it."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def add(self, name: str) -> None:
        """Count one event with this name."""
        with self._lock:
            self[name] = self.get(name, 0) + 1
