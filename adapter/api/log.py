"""The log line of a request. It holds names, codes and numbers; never an identifier, a query or a value."""

from __future__ import annotations

import logging
import time
from typing import Any

from adapter.api import trail
from adapter.context import RequestContext
from adapter.errors import RegisterError
from adapter.logs import kind_and_places, logger

log = logger("klantbrug.api")


class Exchange:
    """The log line of one request, collected while it is answered; a `quiet` one has level debug."""

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

    def note(self, **fields: str) -> None:
        """Add names and codes to the line."""
        self._fields |= fields

    def refused(self, error: Exception, instance: str, *, expected: bool) -> None:
        """Note an error answer; `instance` is that of the answer.

        An error that is not `expected` gets a line of its own with its class and the lines of code that it
        passed, without its message, which may hold a personal value.
        """
        self._fields["instance"] = instance
        if problems := getattr(error, "problems", None):
            # Only codes: the name of a problem may be a key or parameter that the client made up.
            self._fields["problems"] = sorted({problem.code for problem in problems})
        if isinstance(error, RegisterError):
            self._fields["register"] = error.register
        if not expected:
            fields = kind_and_places(error) | trail.names(self._context)
            log.error("unexpected", operation=self.operation, instance=instance, **fields)

    def end(self) -> None:
        """Write the line. A status of 0 means that the client disconnected before its answer."""
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
            token_identifier=self.caller,
            register_calls=len(calls),
            register_ms=round(sum(calls) * 1000, 1),
            **trail.names(self._context),
            **self._fields,
        )
