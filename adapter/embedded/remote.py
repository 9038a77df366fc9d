"""Fetching of the URLs in records, which the registers require to exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
import requests

SECONDS = 5.0


class Unreachable(Exception):
    """There was no answer. `cause` is the message of the HTTP library, for the client only."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__()


class Remote:
    """A client for URLs of other servers. It runs in threads, so the other server may be this process."""

    def __init__(self) -> None:
        self._session = requests.Session()
        # no proxies and credentials from the environment
        self._session.trust_env = False
        self._session.headers["Accept"] = "application/json"

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON); None instead of JSON for other content. Raises Unreachable."""
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
        """Close the connections."""
        self._session.close()
