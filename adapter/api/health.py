"""The health endpoints: liveness (`/_healthz/livez`), readiness (`/_healthz/readyz`), version and detail.

Each answers with a slash at its end too, as Open Klant's do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from adapter.api.errors import JSON

DETAIL = "/_healthz"
LIVE = f"{DETAIL}/livez"
READY = f"{DETAIL}/readyz"
VERSION = "/health/version"
# Stands for the detail among the operations of a token.
OPERATION = "health"
Inspection = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Version:
    """What is running: `dependencies` are the versions of the packages that it is built on, by name.

    The names are those of the hosting requirements of municipalities (PodiumD, COMP002.1).
    """

    name: str
    version: str
    buildDate: str  # noqa: N815
    gitCommit: str  # noqa: N815
    dependencies: Mapping[str, str] = field(default_factory=dict)


UNKNOWN = Version("klantbrug", "", "", "")


class Health:
    """The health of this process. `started` is true between the start and the stop of the application.

    `inspect` gives more members for the detail, such as the states of the registers. `usable` says whether
    the process is ready as far as the layers below are concerned.
    """

    def __init__(
        self,
        inspect: Inspection = dict,
        usable: Callable[[], bool] = lambda: True,
        version: Version = UNKNOWN,
    ) -> None:
        self.started = False
        self._inspect = inspect
        self._usable = usable
        self._version = version
        self._since = time.monotonic()
        # Replaced when the deployment wants a process without free threads to be not ready.
        self.is_full: Callable[[], bool] = lambda: False

    def probe(self, path: str) -> Response | None:
        """The answer of a probe, which needs no token; None for another path."""
        path = path.rstrip("/")
        if path == VERSION:
            return _answer(asdict(self._version), 200)
        if path == LIVE:
            return _answer({"status": "ok"}, 200)
        if path == READY:
            ready = self.started and self._usable() and not self.is_full()
            return _answer({"status": "ok" if ready else "unavailable"}, 200 if ready else 503)
        return None

    def beginning(self) -> Response:
        """Whether the application has started, as a probe asks it of `/_healthz/` without a token."""
        return _answer({"status": "ok" if self.started else "unavailable"}, 200 if self.started else 503)

    def detail(self) -> Response:
        """The whole state as it was last seen; no register is called for it."""
        content = {
            "status": "ok" if self.started else "unavailable",
            "version": self._version.version,
            "seconds": round(time.monotonic() - self._since),
            **self._inspect(),
        }
        return _answer(content, 200)


def _answer(content: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON)
