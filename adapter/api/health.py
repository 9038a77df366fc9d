"""Whether this process lives, whether it is ready to serve, and in what state it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.responses import Response

from adapter.api.errors import JSON

DETAIL = "/_healthz"
LIVE = f"{DETAIL}/livez"
READY = f"{DETAIL}/readyz"
# The name by which a token's operations allow the detail.
OPERATION = "health"
Inspection = Callable[[], Mapping[str, Any]]


class Health:
    """`started` is true between the start and the stop of the application.

    `inspect` tells the state of what lies below, for the detail; `usable` whether that is good enough to be
    sent requests, when the deployment wants readiness to depend on it.
    """

    def __init__(
        self, inspect: Inspection = dict, usable: Callable[[], bool] = lambda: True, version: str = ""
    ) -> None:
        self.started = False
        self._inspect = inspect
        self._usable = usable
        self._version = version
        self._since = time.monotonic()
        # Whether there is no room for more requests, when that makes the process not ready.
        self.is_full: Callable[[], bool] = lambda: False

    def probe(self, path: str) -> Response | None:
        """The answer that everybody may have; None when the path is no probe."""
        if path == LIVE:
            return _answer({"status": "ok"}, 200)
        if path == READY:
            ready = self.started and self._usable() and not self.is_full()
            return _answer({"status": "ok" if ready else "unavailable"}, 200 if ready else 503)
        return None

    def detail(self) -> Response:
        """The whole state, of what is known already: nothing is asked, so nobody waits for it."""
        told = {
            "status": "ok" if self.started else "unavailable",
            "version": self._version,
            "seconds": round(time.monotonic() - self._since),
            **self._inspect(),
        }
        return _answer(told, 200)


def _answer(content: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON)
