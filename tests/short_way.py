"""Requests from this process to a server in it, without sockets: they go straight to the loop of the server.

All else is as over HTTP: whoever asks goes through `requests`, the server does what it does at the same time
for others, and time limits end a request. Over sockets three quarters of a call would go to sockets and the
parsing of HTTP. Tests that are about HTTP itself ask over sockets, as other processes do.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from http.client import responses
from io import BytesIO
from json import dumps
from types import coroutine
from typing import Any
from unittest.mock import patch
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from adapter.embedded.server import running as served
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.models import RequestEncodingMixin
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

# What uvicorn answers where an application fails.
FAILED, PLAIN = 500, {"content-type": "text/plain; charset=utf-8"}


class Reached:
    """An application that is served, and the event loop that serves it.

    Of one that is `plain`, what only reads is answered without that loop too, in the thread that asks;
    nothing else of the application goes on meanwhile.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.process = os.getpid()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.turn = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.loop = asyncio.get_running_loop()
        answering = self.app(scope, receive, send)
        await (_in_turn(self.turn, answering) if hasattr(self.app, "plain") else answering)

    def answers_at_once(self, request: requests.PreparedRequest) -> bool:
        """Whether a request waits for nothing."""
        return request.method == "GET" and getattr(self.app, "plain", False)


@coroutine
def _in_turn(turn: threading.Lock, going: Any) -> Generator[Any, Any, None]:
    """Let a coroutine go on; nobody else has the turn from one of its waits to the next."""
    go: Callable[[], Any] = partial(going.send, None)
    while True:
        try:
            with turn:
                waits = go()
        except StopIteration:
            return
        try:
            go = partial(going.send, (yield waits))
        except BaseException as error:
            go = partial(going.throw, error)


class ShortWay(BaseAdapter):
    """Gives each request to an application that a loop of this process serves."""

    def __init__(self, reached: Reached) -> None:
        super().__init__()
        self.reached = reached
        self._sockets = HTTPAdapter()

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **_: Any
    ) -> requests.Response:
        """The answer of the application. Raises ReadTimeout when it takes longer than the timeout."""
        if not isinstance(request.body, str | bytes | None):
            return self._sockets.send(request, timeout=timeout)  # it comes in pieces
        exchange = _Exchange(self.reached, request)
        # none of what the caller knows of its request is known there
        context = Context()
        if not (self.reached.answers_at_once(request) and context.run(exchange.at_once)):
            assert self.reached.loop is not None
            exchange = _Exchange(self.reached, request)
            context.run(self.reached.loop.call_soon_threadsafe, exchange.begin)
            seconds = timeout[1] if isinstance(timeout, tuple) else timeout
            if not exchange.done.acquire(timeout=-1 if seconds is None else seconds):
                raise requests.ReadTimeout(request=request)
        body = b"" if request.method == "HEAD" else exchange.body
        if not stream and "content-encoding" not in exchange.headers:
            return self._read(request, exchange, body)
        raw = HTTPResponse(
            BytesIO(body),
            exchange.headers,
            exchange.status,
            preload_content=False,
            request_method=request.method,
        )
        return HTTPAdapter.build_response(self, request, raw)  # type: ignore[arg-type]

    def _read(self, request: requests.PreparedRequest, exchange: _Exchange, body: bytes) -> requests.Response:
        """An answer of which the whole body is read."""
        answer = requests.Response()
        answer.status_code, answer.reason = exchange.status, responses.get(exchange.status, "")
        answer.headers = CaseInsensitiveDict(exchange.headers)
        answer.encoding = get_encoding_from_headers(answer.headers)
        answer.request, answer.url, answer.connection = request, request.url or "", self
        answer._content, answer._content_consumed = body, True
        return answer

    def close(self) -> None:
        """Nothing is kept open."""


class _Exchange:
    """One request, and the answer once `done` can be acquired."""

    def __init__(self, reached: Reached, request: requests.PreparedRequest) -> None:
        self.reached, self.request = reached, request
        self.done = threading.Lock()
        self.done.acquire()
        self.status, self.headers, self.body = FAILED, HTTPHeaderDict(PLAIN), b"Internal Server Error"

    def begin(self) -> None:
        """Let the application answer; on its loop."""
        loop = asyncio.get_running_loop()
        self.task = asyncio.Task(self._answered(self.reached), loop=loop, eager_start=True)

    def at_once(self) -> bool:
        """Let the application answer here; whether it could, for it cannot wait for anything."""
        answered = self._answered(self.reached.app)
        with self.reached.turn:
            try:
                answered.send(None)
            except StopIteration:
                return self.status != FAILED
        answered.close()
        return False

    async def _answered(self, app: Any) -> None:
        messages: list[Any] = []
        body = self.request.body.encode() if isinstance(self.request.body, str) else self.request.body
        waiting = [{"type": "http.request", "body": body or b"", "more_body": False}]
        ended = asyncio.Event()

        async def receive() -> Any:
            if waiting:
                return waiting.pop()
            await ended.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            messages.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                ended.set()

        try:
            # uvicorn logs it, and answers as much of it as there is
            with suppress(Exception):
                await app(_scope(self.request), receive, send)
            if messages:
                start, *rest = messages
                self.status, self.headers = start["status"], HTTPHeaderDict()
                for name, value in start["headers"]:
                    self.headers.add(name.decode("latin-1"), value.decode("latin-1"))
                self.body = b"".join(each.get("body", b"") for each in rest)
        finally:
            self.done.release()


def _scope(request: requests.PreparedRequest) -> dict[str, Any]:
    """As uvicorn makes it."""
    parts: SplitResult = urlsplit(request.url or "")
    headers = [(_bytes(name).lower(), _bytes(value)) for name, value in request.headers.items()]
    if "Host" not in request.headers:
        headers.insert(0, (b"host", parts.netloc.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": headers,
        "client": (parts.hostname, 1),
        "server": (parts.hostname, parts.port),
    }


def _bytes(value: str | bytes) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else value


_ways: dict[str, ShortWay] = {}
_sockets = threading.Event()


@contextmanager
def running(app: Any, port: int = 0) -> Iterator[str]:
    """As `adapter.embedded.server.running`; requests of this process take the short way."""
    reached = Reached(app)
    with served(reached, port) as origin:
        _ways[origin] = ShortWay(reached)
        try:
            yield origin
        finally:
            del _ways[origin]


@contextmanager
def over_sockets() -> Iterator[None]:
    """For as long as the context lasts, requests go over sockets."""
    _sockets.set()
    try:
        yield
    finally:
        _sockets.clear()


_outside = requests.Session.get_adapter


def _adapter(session: requests.Session, url: str) -> BaseAdapter:
    parts = urlsplit(url)
    way = None if _sockets.is_set() else _ways.get(f"{parts.scheme}://{parts.netloc}")
    # a process that was forked from this one has none of its loops
    return way if way and way.reached.process == os.getpid() else _outside(session, url)


patch.object(requests.Session, "get_adapter", _adapter).start()

# The options of a request that `asked` takes.
TAKEN = {"params", "json", "headers"}
# What `requests` would leave in a URL as it is.
_PLAIN = re.compile(r"[\w:/.?=&,+~-]*", re.ASCII)


def asked(
    session: requests.Session,
    method: str,
    url: str,
    *,
    timeout: float,
    params: Mapping[str, Any] | None = None,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
) -> requests.Response | None:
    """What `session.request` gives for a request that stays in the process; None where it is to be asked.

    Half of such a request is otherwise what `requests` does for those that leave the process: cookies,
    redirects, proxies, and looking at every part of a URL.
    """
    way, headers = session.get_adapter(url), {**session.headers, **(headers or {})}
    if isinstance(way, HTTPAdapter) or session.auth or None in headers.values() or not _PLAIN.fullmatch(url):
        return None
    prepared = requests.PreparedRequest()
    query = RequestEncodingMixin._encode_params(params or {})
    prepared.method, prepared.hooks = method.upper(), session.hooks
    prepared.url = f"{url}{'&' if '?' in url else '?'}{query}" if query else url
    prepared.headers = CaseInsensitiveDict(headers)
    if json is not None:
        prepared.body = dumps(json, allow_nan=False).encode()
        prepared.headers.setdefault("Content-Type", "application/json")
    if prepared.body is not None or prepared.method not in ("GET", "HEAD"):
        prepared.headers["Content-Length"] = str(len(prepared.body or b""))
    answer = way.send(prepared, timeout=timeout)
    for each in session.hooks["response"]:
        each(answer, timeout=timeout)
    return answer
