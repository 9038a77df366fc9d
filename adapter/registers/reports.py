"""What is reported of each call to one register: to observers, the current request, a trace and the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from adapter import context
from adapter.logs import logger
from adapter.registers.messages import Exchange, Observer, Sent, Tracer

log = logger("klantbrug.registers")


@dataclass(slots=True)
class Call:
    """A call that goes on: what is sent, and the status of its answer, 0 as long as there is none."""

    sent: Sent
    status: int = 0


class Reports:
    """The reports of the calls to the register `name`; `tracer` is None when nobody follows traces."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.observers: list[Observer] = []
        self.tracer: Tracer | None = None

    @contextmanager
    def of(self, sent: Sent) -> Iterator[Call]:
        """The call that is made in the context; it is reported when the context ends, in whatever way."""
        span = self.tracer and self.tracer(self.name, sent)
        call = Call(replace(sent, headers={**sent.headers, **span.headers}) if span else sent)
        started = time.perf_counter()
        try:
            yield call
        finally:
            seconds = time.perf_counter() - started
            if span:
                span.end(call.status)
            for observer in self.observers:
                observer(Exchange(self.name, sent.method, sent.path, call.status, seconds))
            if (request := context.current()) is not None:
                request.calls.append(seconds)
            if log.isEnabledFor(logging.DEBUG):
                self._log(call, seconds)

    def _log(self, call: Call, seconds: float) -> None:
        sent = call.sent
        log.debug(
            "register_call",
            register=self.name,
            method=sent.method,
            collection=sent.path.partition("/")[0],
            status=call.status,
            ms=round(seconds * 1000, 1),
            request_id=sent.headers.get("X-Request-Id", ""),
        )
