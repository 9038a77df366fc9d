"""HTTP without sockets: requests to some origins are answered by applications in this process.

Whoever calls them, and however, goes through `requests` as ever; only the last step differs. Tests that do
thousands of requests take this way.
"""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import anyio.to_thread
import requests
from adapter.embedded.inside import Answered, AtOnce, Sent, inside
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse


class Inside(BaseAdapter):
    """Gives each request to an ASGI application that waits for nothing but `anyio.to_thread`."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app = app

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The application's answer. Raises ReadTimeout where it raises TimeoutError: it gives none."""
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        headers = tuple((name, _text(value)) for name, value in request.headers.items())
        try:
            answer = _finished(inside(self.app, Sent(request.method or "", request.url or "", headers, body)))
        except TimeoutError:
            raise requests.ReadTimeout(request=request) from None
        raw = HTTPResponse(
            BytesIO(answer.body),
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers],
            answer.status,
            preload_content=False,
        )
        return HTTPAdapter.build_response(self, request, raw)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing is kept open."""


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _finished(coroutine: Coroutine[Any, Any, Answered]) -> Answered:
    try:
        # in a context of its own, as a request has one
        copy_context().run(coroutine.send, None)
    except StopIteration as end:
        answer: Answered = end.value
        return answer
    raise AssertionError("the application waits for something")


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
            patch("adapter.api.entrance.fail_after", nullcontext),
            patch("adapter.main.ThreadPoolExecutor", lambda *_, **__: AtOnce()),
        ):
            yield
