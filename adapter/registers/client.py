"""The client of one register: JSON in, JSON out, within a time limit; no error holds a value or a URL."""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from adapter.registers.judging import Judge
from adapter.registers.limits import Limits
from adapter.registers.messages import (
    Answer,
    Contract,
    NotSent,
    Parameters,
    Received,
    Sent,
)
from adapter.registers.places import Full, Places
from adapter.registers.refusals import Refusals
from adapter.registers.reports import Reports
from adapter.registers.session import open_session

log = logger("klantbrug.registers")

# urllib3 logs whole URLs, and the query of a call can hold a BSN.
logging.getLogger("urllib3").setLevel(logging.ERROR)

# Percent-encoding these would triple their length, and a query with a list of URLs has to fit the request
# line that servers accept. RFC 3986, section 3.4 allows them in a query.
UNQUOTED = ":/,@"
# Statuses of a gateway of which the register itself gave no answer.
NOT_THERE = frozenset({502, 503, 504})
# In seconds. The pause before a read is repeated is random, so that requests that failed together do not
# come back together.
LONGEST_PAUSE = 0.1
# Apart from the shared generator, so that code that sets a seed gets the same numbers again.
_CHANCE = Random()  # noqa: S311  (not a secret)


class Register:
    """The client of one register. Threads may share it."""

    def __init__(
        self,
        name: str,
        service: Any,
        *,
        aliases: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        user_header: str = "",
        reads: Collection[str] = (),
        limits: Limits | None = None,
        contract: Contract | None = None,
        contract_share: float = 1.0,
    ) -> None:
        """Open the client; it connects at its first call.

        service: an unsaved zgw-consumers Service.
        aliases: further base URLs in references to records; the first is used in new references.
        headers: sent with every call.
        user_header: the header with the employee for whom a call is made, if the register wants one; without
            anybody in particular, that is the `user_id` of the service.
        reads: paths where a POST only reads (`objects/search`).
        contract_share: the share of exchanges, from 0 to 1, that is checked against the contract; drawn at
            random per exchange.
        """
        self.name = name
        self.base: str = service.api_root
        self.aliases = tuple(dict.fromkeys([*map(_with_slash, aliases), self.base]))
        self.reports = Reports(name)
        self.observers = self.reports.observers
        self.contract, self._contract_share = contract, contract_share
        self._limits = limits or Limits()
        self._judge = Judge(name, self._limits.retry_after)
        self._reads = frozenset(reads)
        self.refusals = Refusals(name)
        self.breaker = Breaker(self._limits.failures, self._limits.retry_after)
        self._headers = {"Accept": "application/json", **(headers or {})}
        self.places = Places(self._limits.threads, self._limits.slow)
        self._user_header, self._user = user_header, str(service.user_id)
        self.for_users = bool(user_header)
        self._session = open_session(service, self._limits.threads, user_header)
        # As it is sent: the host name in ASCII (IDNA), the path percent-encoded.
        self._origin = requests.Request("GET", self.base).prepare().url or self.base
        addresses = Addresses(self.aliases)
        self.url, self.urls, self.identify = addresses.url, addresses.urls, addresses.identify

    def call(
        self, method: str, path: str, *, params: Parameters = (), json: Any = None, user: str = ""
    ) -> Answer:
        """Do one request and return its answer, with status 2xx or 4xx.

        `path` is relative to the base URL (`klanten/{uuid}`); the caller has checked the identifiers in it.
        `user` is the employee for whom it is made, where the register asks for one; a name that cannot stand
        in a header is no user there, and then it is the user of the service.
        A read is repeated once when its connection broke or a gateway could not reach the register; a write
        is never sent twice.

        Raises RegisterUnavailable when there is no answer in time; NotSent, a kind of that, when nothing was
        sent; RegisterFault, another kind, for 5xx, 408, 425 and 429; RegisterAnswer when the answer is no
        JSON or a redirect; TooManyCalls when the current request has made as many calls as it may.
        """
        body = None if json is None else orjson.dumps(json)
        sent = Sent(method, path, params, self._request_headers(body, user), body)
        contract = self.contract if _CHANCE.random() < self._contract_share else None
        if contract:
            contract.request(sent)
        received = self._repeated(sent) if self._is_read(sent) else self._exchange(sent)
        answer = self._judge.answer(received)
        if contract:
            contract.answer(sent, received)
        return answer

    def relay(
        self,
        method: str,
        path: str,
        *,
        params: Parameters = (),
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        alone: bool = False,
    ) -> Received:
        """Pass on a request of a client, and return the answer as it is, with status 2xx or 4xx.

        `path` is encoded as in a URL. No contract is held to it. Raises what `call` raises. With `alone` only
        these headers go with it, and any answer is returned.
        """
        own = {} if alone else self._request_headers(body, "")
        sent = Sent(method, path, params, {**own, **(headers or {})}, body)
        received = self._repeated(sent) if self._is_read(sent) else self._exchange(sent)
        if not alone:
            self._judge.check(received)
        return received

    def close(self) -> None:
        """Close the connections; the register cannot be called afterwards."""
        self._session.close()

    def _request_headers(self, body: bytes | None, user: str) -> Mapping[str, str]:
        request = context.current()
        headers = self._headers if request is None else {**self._headers, **request.headers}
        if self._user_header:
            headers = {**headers, self._user_header: user if _in_header(user) else self._user}
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
            raise NotSent(self.name, self.breaker.seconds_to_wait())
        seconds = self._seconds_left(sent)
        try:
            with self._place(min(self._limits.read, seconds)), self.reports.of(sent) as call:
                received = self._send(call.sent, seconds)
                call.status = received.status
        except Full:
            raise NotSent(self.name, self._limits.retry_after) from None
        self._report(answered=received.status not in NOT_THERE)
        self.refusals.heard(sent, received.status)
        return received

    @contextmanager
    def _place(self, seconds: float) -> Iterator[None]:
        """A place for one call, held as long as the context lasts. Raises Full.

        A request that only reads and has not called this register yet does not queue for a slow register.
        """
        request = context.current()
        admitted = request is None or request.writing or self.name in request.admitted
        with self.places.one(seconds, admitted=admitted):
            if request is not None:
                request.admitted.add(self.name)
            yield

    def _seconds_left(self, sent: Sent) -> float:
        """The seconds that this call may take, within the deadline of the current request.

        Raises RegisterUnavailable when none are left, and TooManyCalls.
        """
        request = context.current()
        if request is None:
            return self._limits.total
        seconds = min(request.seconds_left(), self._limits.total)
        if seconds <= 0:
            raise NotSent(self.name, self._limits.retry_after)
        if request.begun >= request.most_calls:
            raise TooManyCalls(request.most_calls)
        request.begun += 1
        request.writing = request.writing or not self._is_read(sent)
        return seconds

    def _send(self, sent: Sent, seconds: float) -> Received:
        try:
            return self._once(sent, seconds)
        except (requests.Timeout, urllib3.exceptions.ReadTimeoutError):
            # A shorter time was the request's own deadline, which says nothing about the register.
            if seconds >= self._limits.read:
                self._report(answered=False)
            self._unavailable()
        except (requests.ConnectionError, urllib3.exceptions.ProtocolError) as error:
            self._report(answered=False)
            kind = _NotConnected if _refused(error) else _Broken
            raise kind(self.name, self._limits.retry_after) from None
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

    def _report(self, *, answered: bool) -> None:
        if answered and self.breaker.answered():
            log.warning("register_up", register=self.name)
        elif not answered and self.breaker.failed():
            log.warning("register_down", register=self.name, seconds=self._limits.retry_after)

    def _target(self, path: str, params: Parameters) -> str:
        query = urlencode(params, quote_via=quote, safe=UNQUOTED)
        return f"{self._origin}{path}?{query}" if query else f"{self._origin}{path}"

    def _unavailable(self) -> NoReturn:
        raise RegisterUnavailable(self.name, self._limits.retry_after) from None


class _Broken(RegisterUnavailable):
    """There was no connection, or it broke; a read may be repeated."""


class _NotConnected(_Broken, NotSent):
    """There was no connection."""


def _refused(error: Exception) -> bool:
    """Whether an error is that no connection was made, so that nothing can have been sent."""
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), urllib3.exceptions.NewConnectionError)


def _in_header(user: str) -> bool:
    """Whether a name can stand in a header as it is: visible ASCII, and blanks within (RFC 9110, 5.5)."""
    return bool(user) and user.isascii() and user.isprintable() and user == user.strip()


def _with_slash(base: str) -> str:
    return base if base.endswith("/") else base + "/"
