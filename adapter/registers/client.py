"""One register as the engine calls it: JSON in and out, in bounded time, errors that name nobody."""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import orjson
import requests
import urllib3

from adapter import context
from adapter.errors import AnswerTooLong, RegisterAnswer, RegisterUnavailable, TooManyCalls
from adapter.logs import logger
from adapter.registers.addresses import Addresses
from adapter.registers.body import TooLong, Unreadable, read_body
from adapter.registers.breaker import Breaker
from adapter.registers.connections import within
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
from adapter.registers.places import Full, Places
from adapter.registers.refusals import Refusals
from adapter.registers.session import open_session

log = logger("klantbrug.registers")

# It writes whole URLs into the log, and a register's URL can hold a citizen's number.
logging.getLogger("urllib3").setLevel(logging.ERROR)

# Left as they are in a query, so that a list of URLs stays within the request line that servers take.
UNQUOTED = ":/,@"
COME_BACK = frozenset({408, 425, 429})
# What a gateway answers when the register behind it does not.
NOT_THERE = frozenset({502, 503, 504})
LONGEST_RETRY = 300
# A read is repeated after a moment that differs, so that those who failed together do not return together.
LONGEST_PAUSE = 0.1
# Of its own: what else draws from a seed is left alone.
_CHANCE = Random()  # noqa: S311  (not a secret)


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `threads` bounds both the calls at one moment and the connections kept.

    `read` bounds the silence between two bytes, `total` a whole answer. After so many `failures` in a row the
    register is left alone for `retry_after`. `answer_bytes` bounds an answer, decompressed. Of a register
    of which calls take `slow` seconds nobody waits for a place.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 30.0
    threads: int = 40
    retry_after: int = 5
    failures: int = 5
    answer_bytes: int = 50_000_000
    slow: float = 1.0


class Register:
    """A register with its base URL, its other names and its connections; safe to share between threads."""

    def __init__(
        self,
        name: str,
        service: Any,
        *,
        aliases: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        reads: Collection[str] = (),
        limits: Limits | None = None,
        contract: Contract | None = None,
        contract_share: float = 1.0,
    ) -> None:
        """`service` is an unsaved zgw-consumers Service; the first of `aliases` (base URLs) is written.

        `reads` are the paths where a POST changes nothing. Of all exchanges `contract_share`, from 0 to 1, is
        checked against the contract, chosen by chance, each as a whole.
        """
        self.name = name
        self.base: str = service.api_root
        self.aliases = tuple(dict.fromkeys([*map(_with_slash, aliases), self.base]))
        self.observers: list[Observer] = []
        self.contract, self._contract_share = contract, contract_share
        self._limits = limits or Limits()
        self._reads = frozenset(reads)
        self.refusals = Refusals(name)
        self.breaker = Breaker(self._limits.failures, self._limits.retry_after)
        self._headers = {"Accept": "application/json", **(headers or {})}
        self.places = Places(self._limits.threads, self._limits.slow)
        self._session = open_session(service, self._limits.threads)
        # As it goes on the wire: a host name in ASCII, a path in percent signs.
        self._origin = requests.Request("GET", self.base).prepare().url or self.base
        addresses = Addresses(self.aliases)
        self.url, self.urls, self.identify = addresses.url, addresses.urls, addresses.identify

    def call(self, method: str, path: str, *, params: Parameters = (), json: Any = None) -> Answer:
        """Do one request; `path` is relative to the base, its identifiers checked by the caller.

        Answers 2xx and 4xx. Raises RegisterUnavailable when the register does not answer in time or cannot
        be reached, RegisterFault (one of those) when it answers 5xx or asks for patience, RegisterAnswer for
        an answer that makes no sense, and TooManyCalls when the request has made as many as it may. A read is
        repeated once when its connection broke or a gateway said that there is nobody; nothing else is ever
        sent twice.
        """
        body = None if json is None else orjson.dumps(json)
        sent = Sent(method, path, params, self._request_headers(body), body)
        contract = self.contract if _CHANCE.random() < self._contract_share else None
        if contract:
            contract.request(sent)
        received = self._repeated(sent) if self._is_read(sent) else self._exchange(sent)
        answer = self._judge(received)
        if contract:
            contract.answer(sent, received)
        return answer

    def close(self) -> None:
        """Close the connections; the register cannot be called afterwards."""
        self._session.close()

    def _request_headers(self, body: bytes | None) -> Mapping[str, str]:
        request = context.current()
        headers = self._headers if request is None else {**self._headers, **request.headers}
        return headers if body is None else {**headers, "Content-Type": "application/json"}

    def _is_read(self, sent: Sent) -> bool:
        return sent.method == "GET" or (sent.method == "POST" and sent.path in self._reads)

    def _repeated(self, sent: Sent) -> Received:
        try:
            received = self._exchange(sent)
            if received.status not in NOT_THERE or "Retry-After" in received.headers:
                return received
        except _Broken:
            pass
        time.sleep(_CHANCE.uniform(0, LONGEST_PAUSE))
        return self._exchange(sent)

    def _exchange(self, sent: Sent) -> Received:
        if not self.breaker.admits():
            raise RegisterUnavailable(self.name, self.breaker.seconds_to_wait())
        seconds = self._seconds_left(sent)
        try:
            with self._place(min(self._limits.read, seconds)), self._told(sent) as told:
                received = self._send(sent, seconds)
                told.status = received.status
        except Full:
            self._unavailable()
        self._report(answered=received.status not in NOT_THERE)
        self.refusals.heard(sent, received.status)
        return received

    @contextmanager
    def _place(self, seconds: float) -> Iterator[None]:
        """A place for one call: at once or soon for a request that has not called this register yet."""
        request = context.current()
        admitted = request is None or request.writing or self.name in request.admitted
        with self.places.one(seconds, admitted=admitted):
            if request is not None:
                request.admitted.add(self.name)
            yield

    def _seconds_left(self, sent: Sent) -> float:
        """What the request's deadline leaves for this call; from its first write on it is finished anyhow."""
        request = context.current()
        if request is None:
            return self._limits.total
        seconds = min(request.seconds_left(), self._limits.total)
        if seconds <= 0:
            self._unavailable()
        if request.begun >= request.most_calls:
            raise TooManyCalls(request.most_calls)
        request.begun += 1
        request.writing = request.writing or not self._is_read(sent)
        return seconds

    def _send(self, sent: Sent, seconds: float) -> Received:
        try:
            return self._once(sent, seconds)
        except (requests.Timeout, urllib3.exceptions.ReadTimeoutError):
            # When it was the request that had no more time, that says nothing about the register.
            if seconds >= self._limits.read:
                self._report(answered=False)
            self._unavailable()
        except (requests.ConnectionError, urllib3.exceptions.ProtocolError):
            self._report(answered=False)
            raise _Broken(self.name, self._limits.retry_after) from None
        except TooLong:
            self._report(answered=True)
            raise AnswerTooLong(self.name) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, Unreadable):
            self._report(answered=True)
            raise RegisterAnswer(self.name) from None

    def _once(self, sent: Sent, seconds: float) -> Received:
        limits = self._limits
        deadline = time.monotonic() + seconds
        with within(deadline):
            response = self._session.send_once(
                sent.method,
                self._target(sent.path, sent.params),
                sent.headers,
                sent.body,
                (min(limits.connect, seconds), min(limits.read, seconds)),
            )
            with response:
                body = read_body(response.raw, response.headers, longest=limits.answer_bytes)
                return Received(response.status_code, response.headers, body)

    @contextmanager
    def _told(self, sent: Sent) -> Iterator["_Outcome"]:
        """Tells observers, the request and the log about a call when it is over, however it ends."""
        outcome, started = _Outcome(), time.perf_counter()
        try:
            yield outcome
        finally:
            seconds = time.perf_counter() - started
            for observer in self.observers:
                observer(Exchange(self.name, sent.method, sent.path, outcome.status, seconds))
            if (request := context.current()) is not None:
                request.calls.append(seconds)
            if log.isEnabledFor(logging.DEBUG):
                self._log(sent, outcome.status, seconds)

    def _log(self, sent: Sent, status: int, seconds: float) -> None:
        log.debug(
            "register_call",
            register=self.name,
            method=sent.method,
            collection=sent.path.partition("/")[0],
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=sent.headers.get("X-Request-Id", ""),
        )

    def _report(self, *, answered: bool) -> None:
        if answered and self.breaker.answered():
            log.warning("register_up", register=self.name)
        elif not answered and self.breaker.failed():
            log.warning("register_down", register=self.name, seconds=self._limits.retry_after)

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


@dataclass(slots=True)
class _Outcome:
    status: int = 0


class _Broken(RegisterUnavailable):
    """The connection broke, or there was none: a read may be tried again."""


def _with_slash(base: str) -> str:
    return base if base.endswith("/") else base + "/"
