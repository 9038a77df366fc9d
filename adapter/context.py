"""The context of the current request: its headers for registers, its deadline, its register calls.

The HTTP face sets it and the clients of the registers read it; worker threads inherit it through
`contextvars`. Outside a request, at a start or in a sweep, there is none.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from adapter.processing import Processing


@dataclass(slots=True)
class Once:
    """What is read once for a request: `found`, None until one of its threads, `alone`, has read it."""

    alone: threading.Lock = field(default_factory=threading.Lock)
    found: Any = None


@dataclass(slots=True)
class RequestContext:
    """The context of one request. Its threads share it.

    headers: sent with every register call.
    deadline: on the clock of `time.monotonic`.
    writing: whether it has made a register call that changes something. From then on the deadline does not
        count, because a write that stops halfway is worse than one that is late.
    calls: the seconds that each register call took.
    operation: the operationId, once it is known.
    traceparent: that of the client, as it was sent; `headers` may have one of ours instead.
    processing: what logs the processing of personal data that it is; None when that is not logged.
    admitted: the names of the registers that it has called.
    most_calls: the register calls that it may make; begun: those that it has begun.
    records: the records that were read for it and that no request changes, by collection and uuid.
    read: what else was read for it, until it writes or waited for others that write (`read_anew`).
    settle: see `adapter.service.Caller`.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = math.inf
    writing: bool = False
    calls: list[float] = field(default_factory=list)
    admitted: set[str] = field(default_factory=set)
    operation: str = ""
    traceparent: str = ""
    processing: Processing | None = None
    most_calls: int = sys.maxsize
    begun: int = 0
    uuid: str = ""
    records: dict[tuple[str, str], Once] = field(default_factory=dict)
    read: dict[tuple[str, str], Once] = field(default_factory=dict)
    settle: float | None = None

    def seconds_left(self) -> float:
        """Seconds until the deadline, at least 0; infinite once the request writes."""
        return math.inf if self.writing else max(0.0, self.deadline - time.monotonic())


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def current() -> RequestContext | None:
    """The context of the request that this code runs for; None outside a request."""
    return _current.get()


def read_anew() -> None:
    """What may have changed is read again from now on."""
    if (request := _current.get()) is not None:
        request.read.clear()


def take_uuid() -> str:
    """The uuid for the resource that is made now, of whoever wants one; "" for the next."""
    request = _current.get()
    if request is None or not request.uuid:
        return ""
    found, request.uuid = request.uuid, ""
    return found


def processing() -> Processing | None:
    """The processing of personal data that this code is part of; None when that is not logged."""
    request = _current.get()
    return request.processing if request is not None else None


def begin(context: RequestContext) -> None:
    """Make this the current request, here and in the tasks and threads that are started from here."""
    _current.set(context)
