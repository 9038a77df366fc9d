"""Registers that record their calls."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from adapter.engine.deployment import Register
from adapter.registers.messages import Answer


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `started` is in seconds after the beginning of the request; status 0 means no answer.

    `sent` is the body that was sent, or None.
    """

    register: str
    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    status: int
    started: float
    seconds: float
    sent: Any = None


class Calls:
    """The calls of one request. Threads may share it."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self._made: list[Call] = []
        self._lock = Lock()

    def add(self, call: Call) -> None:
        """Add a call."""
        with self._lock:
            self._made.append(call)

    @property
    def made(self) -> list[Call]:
        """All calls in the order in which they began."""
        return sorted(self._made, key=lambda each: each.started)


class Watched:
    """A register that records each call, and passes it on to another register."""

    def __init__(self, register: Register, calls: Calls) -> None:
        self.name = register.name
        self._register, self._calls = register, calls

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """Pass a call on, and record it."""
        started, status = time.perf_counter(), 0
        try:
            answer = self._register.call(method, path, params=params, json=json)
            status = answer.status
        finally:
            seconds = time.perf_counter() - started
            begun = started - self._calls.begun
            self._calls.add(Call(self.name, method, path, tuple(params), status, begun, seconds, json))
        return answer

    def url(self, collection: str, uuid: str) -> str:
        """See the other register."""
        return self._register.url(collection, uuid)

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """See the other register."""
        return self._register.urls(collection, uuid)

    def identify(self, url: str) -> tuple[str, str] | None:
        """See the other register."""
        return self._register.identify(url)
