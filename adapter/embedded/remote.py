"""Fetches the URLs that clients put in records, because the registers want them to exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
import requests

SECONDS = 5.0


class Unreachable(Exception):
    """No answer at all. `cause` is the library's own sentence about the URL, for the client only."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__()


class Remote:
    """HTTP to other servers, in threads: the event loop goes on, so that the other server may be this one."""

    def __init__(self) -> None:
        self._session = requests.Session()
        # proxies and credentials of the environment have no business here
        self._session.trust_env = False
        self._session.headers["Accept"] = "application/json"

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON content (None when it is something else). Raises Unreachable."""
        return await anyio.to_thread.run_sync(self._get, url, dict(parameters or {}))

    def _get(self, url: str, parameters: dict[str, str]) -> tuple[int, Any]:
        try:
            answer = self._session.get(url, params=parameters, timeout=SECONDS)
        except (requests.RequestException, ValueError) as error:
            raise Unreachable(str(error)) from None
        try:
            return answer.status_code, answer.json()
        except ValueError:
            return answer.status_code, None

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()
