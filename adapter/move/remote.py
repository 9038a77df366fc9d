"""The API of a target, to which everything is sent: a request at a time or several, and not too many."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from adapter.move.asking import NoAnswer

SECONDS = 60
PAGE_SIZE = 100
DONE = range(200, 300)
BUSY = frozenset({429, 503})
"""Statuses by which a server says that it did not do what was asked, and may later."""
REFUSED = frozenset({400, 404, 409, 413, 422})
"""Statuses that say something of one resource; others say something of the server or of the token."""
PAUSE, LONGEST_PAUSE, PAUSES = 5.0, 60.0, 20


class Remote:
    """A server of the Klantinteracties API that is written to. Threads may share it.

    base: the address of its API. rate: the most requests a second, 0 for as many as it answers.
    """

    def __init__(self, base: str, token: str, rate: float = 0.0) -> None:
        self.base = base.rstrip("/")
        self._token, self._interval = token, 1 / rate if rate else 0.0
        self._local, self._turn, self._next = threading.local(), threading.Lock(), 0.0
        self._sessions: list[requests.Session] = []

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> tuple[int, Any]:
        """(status, JSON) of a request; the status is 2xx or one of REFUSED.

        A request that the server puts off is repeated. `key` is that of a POST, which a server that knows
        `Idempotency-Key` does once. Raises NoAnswer.
        """
        headers = {"Idempotency-Key": key} if key else {}
        for _ in range(PAUSES):
            self._wait()
            try:
                answer = self._session().request(
                    method,
                    f"{self.base}/{path}",
                    json=body,
                    headers=headers,
                    timeout=SECONDS,
                    allow_redirects=False,
                )
                found = answer.json() if answer.content and answer.status_code not in BUSY else None
            except requests.JSONDecodeError:
                raise NoAnswer(f"{self.base} does not answer JSON to {method} {_kind(path)}") from None
            except requests.RequestException:
                raise NoAnswer(f"{self.base} cannot be reached") from None
            if answer.status_code not in BUSY:
                break
            time.sleep(_pause(answer.headers.get("Retry-After", "")))
        # A redirection is no success: nothing was done.
        if answer.status_code in DONE or answer.status_code in REFUSED:
            return answer.status_code, found
        raise NoAnswer(f"{self.base} answers {answer.status_code} to {method} {_kind(path)}")

    def count(self, kind: str) -> int | None:
        """How many of a kind there are; None where the server does not say."""
        status, body = self.send("GET", f"{kind}?pageSize=1")
        return int(self._member(body, "count", kind)) if status == requests.codes.ok else None

    def page(self, kind: str, number: int) -> tuple[list[dict[str, Any]], bool]:
        """(a page of the list of a kind, whether there is another). An empty one where there is no list."""
        status, body = self.send("GET", f"{kind}?pageSize={PAGE_SIZE}&page={number}")
        if status != requests.codes.ok:
            return [], False
        return self._member(body, "results", kind), bool(self._member(body, "next", kind))

    def _member(self, body: Any, name: str, kind: str) -> Any:
        if not isinstance(body, dict) or name not in body:
            raise NoAnswer(f"{self.base} does not answer GET {kind} as the API does")
        return body[name]

    def close(self) -> None:
        """Close the connections."""
        for each in self._sessions:
            each.close()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            # Environment variables must not lead personal data elsewhere.
            session.trust_env = False
            session.headers.update({"Authorization": f"Token {self._token}", "Accept": "application/json"})
            self._sessions.append(session)
        return session

    def _wait(self) -> None:
        if not self._interval:
            return
        with self._turn:
            begin = max(self._next, time.monotonic())
            self._next = begin + self._interval
        time.sleep(max(0.0, begin - time.monotonic()))


def _pause(retry_after: str) -> float:
    return min(float(retry_after), LONGEST_PAUSE) if retry_after.isdecimal() else PAUSE


def _kind(path: str) -> str:
    """A path without uuids and parameters."""
    return path.partition("?")[0].partition("/")[0]
