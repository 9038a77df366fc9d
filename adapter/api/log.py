"""One log line per request, of names, codes and numbers only: no identifier, query or value."""

from __future__ import annotations

import logging
import time
from typing import Any

from adapter.api import trail
from adapter.context import RequestContext
from adapter.errors import Invalid, RegisterError
from adapter.logs import kind_and_places, logger

log = logger("klantbrug.api")


class Exchange:
    """What is known of a request while it is being answered. `quiet` ones are for who debugs."""

    __slots__ = ("_context", "_fields", "_started", "caller", "method", "operation", "quiet", "status")

    def __init__(self, method: str, context: RequestContext) -> None:
        self._started = time.perf_counter()
        self._context = context
        self._fields: dict[str, Any] = {}
        self.method = method
        self.operation = ""
        self.caller = ""
        self.status = 0
        self.quiet = False

    def refused(self, error: Exception, instance: str, *, expected: bool) -> None:
        """Ties the answer's `instance` to the line; of an unexpected error kind and places are told."""
        self._fields["instance"] = instance
        if isinstance(error, Invalid):
            # A name may hold a client's own key (of a map) or parameter, so only the codes are told.
            self._fields["problems"] = sorted({problem.code for problem in error.problems})
        if isinstance(error, RegisterError):
            self._fields["register"] = error.register
        if not expected:
            told = kind_and_places(error) | trail.names(self._context)
            log.error("unexpected", operation=self.operation, instance=instance, **told)

    def end(self) -> None:
        """Writes the line; a status of 0 is that of a client that did not wait for an answer."""
        level = logging.DEBUG if self.quiet else logging.INFO
        if not log.isEnabledFor(level):
            return
        calls = self._context.calls
        log.log(
            level,
            "request",
            method=self.method,
            operation=self.operation,
            status=self.status,
            ms=round((time.perf_counter() - self._started) * 1000, 1),
            caller=self.caller,
            register_calls=len(calls),
            register_ms=round(sum(calls) * 1000, 1),
            **trail.names(self._context),
            **self._fields,
        )
