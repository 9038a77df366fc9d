"""One register as the translation calls it: JSON in and out, in bounded time, errors that name nobody."""

import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import orjson
import requests
import urllib3

from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.registers.messages import (
    Answer,
    Contract,
    Exchange,
    Observer,
    Parameters,
    Received,
    RegisterFault,
    Sent,
)
from adapter.registers.session import open_session

# It writes whole URLs into the log, and a register's URL can hold a citizen's number.
logging.getLogger("urllib3").setLevel(logging.ERROR)

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# Left as they are in a query, so that a list of URLs stays within the request line that servers take.
UNQUOTED = ":/,@"
COME_BACK = frozenset({408, 425, 429})
LONGEST_RETRY = 300
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `threads` bounds both the calls at one moment and the connections kept.

    `read` bounds the silence between two bytes, `total` a whole answer.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 30.0
    threads: int = 40
    retry_after: int = 5


class Register:
    """A register with its base URL, its other names and its connections; safe to share between threads."""

    def __init__(
        self,
        name: str,
        service: Any,
        *,
        aliases: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        contract: Contract | None = None,
    ) -> None:
        """`service` is an unsaved zgw-consumers Service; the first of `aliases` (base URLs) is written."""
        self.name = name
        self.base: str = service.api_root
        self.aliases = tuple(dict.fromkeys([*map(_with_slash, aliases), self.base]))
        self.observers: list[Observer] = []
        self.contract = contract
        self._limits = limits or Limits()
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._slots = threading.BoundedSemaphore(self._limits.threads)
        self._session = open_session(service, self._limits.threads)
        # As it goes on the wire: a host name in ASCII, a path in percent signs.
        self._origin = requests.Request("GET", self.base).prepare().url or self.base
        self._own = re.compile(rf"(?:{'|'.join(map(_alias_pattern, self.aliases))})([\w-]+)/({UUID})")

    def url(self, collection: str, uuid: str) -> str:
        """The URL under which a record is written into other records."""
        return f"{self.aliases[0]}{collection}/{uuid}"

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """Every URL under which other records may name this one; the first is the one that is written."""
        return tuple(f"{alias}{collection}/{uuid}" for alias in self.aliases)

    def identify(self, url: str) -> tuple[str, str] | None:
        """Collection and uuid (lower case) of a URL under any of the aliases; None for any other text."""
        found = self._own.fullmatch(url)
        return (found[1], found[2].lower()) if found else None

    def call(self, method: str, path: str, *, params: Parameters = (), json: Any = None) -> Answer:
        """Do one request; `path` is relative to the base, its identifiers checked by the caller.

        Answers 2xx and 4xx. Raises RegisterUnavailable when the register does not answer in time or cannot
        be reached, RegisterFault (one of those) when it answers 5xx or asks for patience, and RegisterAnswer
        for an answer that makes no sense. A GET is repeated once when its connection broke; nothing else is
        ever sent twice.
        """
        body = None if json is None else orjson.dumps(json)
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        sent = Sent(method, path, params, headers, body)
        if self.contract:
            self.contract.request(sent)
        received = self._exchange(sent)
        answer = self._judge(received)
        if self.contract:
            self.contract.answer(sent, received)
        return answer

    def close(self) -> None:
        """Close the connections; the register cannot be called afterwards."""
        self._session.close()

    def _exchange(self, sent: Sent) -> Received:
        if not self._slots.acquire(timeout=self._limits.read):
            self._unavailable()
        started, status = time.perf_counter(), 0
        try:
            received = self._send(sent)
            status = received.status
        finally:
            self._slots.release()
            seconds = time.perf_counter() - started
            for observer in self.observers:
                observer(Exchange(self.name, sent.method, sent.path, status, seconds))
        return received

    def _send(self, sent: Sent) -> Received:
        for last in (False, True) if sent.method == "GET" else (True,):
            try:
                return self._once(sent)
            except (requests.Timeout, urllib3.exceptions.ReadTimeoutError):
                self._unavailable()
            except (requests.ConnectionError, urllib3.exceptions.ProtocolError):
                if last:
                    self._unavailable()
            except (requests.RequestException, urllib3.exceptions.HTTPError):
                raise RegisterAnswer(self.name) from None
        raise AssertionError("unreachable")

    def _once(self, sent: Sent) -> Received:
        deadline = time.monotonic() + self._limits.total
        response = self._session.send_once(
            sent.method,
            self._target(sent.path, sent.params),
            sent.headers,
            sent.body,
            (self._limits.connect, self._limits.read),
        )
        with response:
            return Received(response.status_code, response.headers, self._read(response.raw, deadline))

    def _read(self, raw: Any, deadline: float) -> bytes:
        # In pieces as they come, because the time limit of requests starts anew with every byte.
        pieces = []
        while piece := raw.read1(CHUNK, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > deadline:
                self._unavailable()
        return b"".join(pieces)

    def _judge(self, received: Received) -> Answer:
        status = received.status
        if status >= 500 or status in COME_BACK:
            raise RegisterFault(self.name, status, self._retry_after(received.headers))
        if status in (204, 205) and not received.body:
            return Answer(status, None)
        if status < 200 or 300 <= status < 400 or "json" not in received.headers.get("Content-Type", ""):
            raise RegisterAnswer(self.name)
        try:
            body = orjson.loads(received.body)
        except orjson.JSONDecodeError:
            raise RegisterAnswer(self.name) from None
        if not isinstance(body, dict | list):
            raise RegisterAnswer(self.name)
        return Answer(status, body)

    def _target(self, path: str, params: Parameters) -> str:
        query = urlencode(params, quote_via=quote, safe=UNQUOTED)
        return f"{self._origin}{path}?{query}" if query else f"{self._origin}{path}"

    def _retry_after(self, headers: Mapping[str, str]) -> int:
        asked = headers.get("Retry-After", "")
        return (
            min(int(asked), LONGEST_RETRY)
            if asked.isascii() and asked.isdigit()
            else self._limits.retry_after
        )

    def _unavailable(self) -> NoReturn:
        raise RegisterUnavailable(self.name, self._limits.retry_after) from None


def _with_slash(base: str) -> str:
    return base if base.endswith("/") else base + "/"


def _alias_pattern(base: str) -> str:
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    return f"(?i:{re.escape(f'{scheme}://{host}')}){re.escape(slash + path)}"
