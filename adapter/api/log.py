"""One log line per request, of names, codes and numbers only: no identifier, query or value."""

from __future__ import annotations

import logging
import time
import traceback

from adapter.errors import Invalid

logger = logging.getLogger("klantbrug.api")


class Exchange:
    """What is known of a request while it is being answered."""

    __slots__ = ("_instance", "_problems", "_started", "caller", "method", "operation", "status")

    def __init__(self, method: str) -> None:
        self._started = time.perf_counter()
        self._instance = ""
        self._problems = ""
        self.method = method
        self.operation = ""
        self.caller = ""
        self.status = 0

    def refused(self, error: Exception, instance: str, *, expected: bool) -> None:
        """Ties the answer's `instance` to the line; of an unexpected error kind and places are told."""
        self._instance = instance
        if isinstance(error, Invalid):
            # A name may hold a client's own key (of a map) or parameter, so only the codes are told.
            self._problems = ",".join(sorted({problem.code for problem in error.problems}))
        if not expected:
            logger.error("unexpected %s at %s instance=%s", type(error).__name__, _places(error), instance)

    def end(self) -> None:
        """Writes the line."""
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "%s %s status=%d ms=%.1f caller=%s%s%s",
                self.method,
                self.operation or "-",
                self.status,
                (time.perf_counter() - self._started) * 1000,
                self.caller or "-",
                f" instance={self._instance}" if self._instance else "",
                f" problems={self._problems}" if self._problems else "",
            )


def _places(error: Exception) -> str:
    """The innermost places where it happened, without the message, which may hold data."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
