"""Registers that record their calls."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

import orjson

from adapter.engine.deployment import Register
from adapter.registers.messages import Answer, Sent


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


class _Span:
    """One call of a client that is followed, until it ends."""

    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, register: str, sent: Sent, calls: Calls) -> None:
        self._register, self._sent, self._calls = register, sent, calls
        self._started = time.perf_counter()

    def end(self, status: int) -> None:
        """Record the call."""
        sent, seconds = self._sent, time.perf_counter() - self._started
        body = orjson.loads(sent.body) if sent.body else None
        begun = self._started - self._calls.begun
        call = Call(self._register, sent.method, sent.path, tuple(sent.params), status, begun, seconds, body)
        self._calls.add(call)


@contextmanager
def followed(registers: Iterable[Any], calls: Calls) -> Iterator[None]:
    """Record what the clients of these registers send, whoever lets them, as long as the context lasts."""
    reports = [each.reports for each in registers]
    before = [each.tracer for each in reports]
    for each in reports:
        each.tracer = lambda name, sent: _Span(name, sent, calls)
    try:
        yield
    finally:
        for each, tracer in zip(reports, before, strict=True):
            each.tracer = tracer


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
