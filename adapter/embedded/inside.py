"""Direct calls of ASGI applications in this process, without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import orjson

from adapter.embedded.remote import Remote, Unreachable

JSON_TYPE = "application/json"
# The address of the client in such calls.
HERE = ("127.0.0.1", 1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request with its whole URL; Host, Content-Length and, unless given, a JSON Content-Type are added."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of an application."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = field(repr=False)


async def inside(app: Any, sent: Sent) -> Answered:
    """Send a request to an ASGI application; returns its answer."""
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    await app(_scope(sent), receive, send)
    start, *rest = answered
    body = b"".join(message.get("body", b"") for message in rest)
    return Answered(start["status"], tuple(start["headers"]), body)


def _scope(sent: Sent) -> dict[str, Any]:
    parts = urlsplit(sent.url)
    given = {"host": parts.netloc} | {name.lower(): value for name, value in sent.headers}
    if sent.body:
        given = {"content-type": JSON_TYPE, **given, "content-length": str(len(sent.body))}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
        "client": HERE,
        "server": (parts.hostname, parts.port),
    }


class AtOnce(Executor):
    """An executor that runs a task at once, in the thread of the caller."""

    def submit[T](self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """Run the function; returns a future with its result or exception."""
        done: Future[T] = Future()
        try:
            done.set_result(function(*arguments, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


class Neighbours(Remote):
    """Fetches URLs of applications in this process; `apps` are these by their origin."""

    def __init__(self, apps: Mapping[str, Any]) -> None:
        super().__init__()
        self._apps = apps

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON). Raises Unreachable for any other origin."""
        parts = urlsplit(url)
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise Unreachable(f"there is nothing at {parts.netloc}")
        target = f"{url}?{urlencode(parameters)}" if parameters else url
        answer = await inside(app, Sent("GET", target))
        return answer.status, orjson.loads(answer.body) if answer.body else None
