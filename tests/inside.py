"""HTTP without sockets: requests to some origins are answered by applications in this process.

Whoever calls them, and however, goes through `requests` as ever; only the last step differs. Tests that do
thousands of requests take this way.
"""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import anyio.to_thread
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

Sent = dict[str, Any]


class Inside(BaseAdapter):
    """Gives each request to an ASGI application that waits for nothing but `anyio.to_thread`."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app = app

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The application's answer."""
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        messages: list[Sent] = []

        async def receive() -> Sent:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Sent) -> None:
            messages.append(message)

        _finish(self.app(_scope(request), receive, send))
        start = messages[0]
        raw = HTTPResponse(
            BytesIO(b"".join(each.get("body", b"") for each in messages[1:])),
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]],
            start["status"],
            preload_content=False,
        )
        return HTTPAdapter.build_response(self, request, raw)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing is kept open."""


def _scope(request: requests.PreparedRequest) -> Sent:
    parts = urlsplit(request.url or "")
    headers = [(name.lower().encode("latin-1"), _bytes(value)) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "server": (parts.hostname, parts.port),
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", parts.netloc.encode()), *headers],
    }


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def _finish(coroutine: Any) -> None:
    try:
        # in a context of its own, as a request has one
        copy_context().run(coroutine.send, None)
    except StopIteration:
        return
    raise AssertionError("the application waits for something")


class AtOnce(Executor):
    """Does what it is given in the thread of the caller: calls side by side happen one after another."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """A future that is over."""
        done: Future[Any] = Future()
        try:
            done.set_result(function(*arguments, **named))
        except Exception as error:
            done.set_exception(error)
        return done


async def _at_once(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
    return function(*arguments)


# Ports that no server listens on are enough here; no two networks have the same.
_PORTS = itertools.count(1)
_LOWEST = 1024


class Network:
    """Serves applications as `adapter.embedded.server.running` does, without a socket."""

    def __init__(self) -> None:
        self._adapters: dict[str, Inside] = {}

    @contextmanager
    def running(self, app: Any, port: int = 0) -> Iterator[str]:
        """Serve `app` for as long as the context lasts; gives its base URL."""
        port = port or next(_PORTS)
        origin = f"http://127.0.0.1:{port}"
        with socket.socket() as held:
            if port > _LOWEST:
                # so that nobody else is given it meanwhile
                held.bind(("127.0.0.1", port))
            self._adapters[origin] = Inside(app)
            yield origin
            del self._adapters[origin]

    @contextmanager
    def connected(self) -> Iterator[None]:
        """For as long as the context lasts, requests to what is served end here."""
        outside = requests.Session.get_adapter

        def get_adapter(session: requests.Session, url: str) -> Any:
            parts = urlsplit(url)
            return self._adapters.get(f"{parts.scheme}://{parts.netloc}") or outside(session, url)

        with (
            patch.object(requests.Session, "get_adapter", get_adapter),
            patch.object(anyio.to_thread, "run_sync", _at_once),
            patch("adapter.api.gate.fail_after", nullcontext),
            patch("adapter.main.ThreadPoolExecutor", AtOnce),
        ):
            yield
