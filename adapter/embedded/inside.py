"""Applications of this process called directly, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import orjson

from adapter.embedded.remote import Remote, Unreachable


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: its whole URL, and the headers besides those that follow from URL and body."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)


async def inside(app: Any, sent: Sent) -> tuple[int, bytes]:
    """Status and body of the answer of an ASGI application."""
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    await app(_scope(sent), receive, send)
    return answered[0]["status"], b"".join(message.get("body", b"") for message in answered[1:])


def _scope(sent: Sent) -> dict[str, Any]:
    parts = urlsplit(sent.url)
    given = [("host", parts.netloc), *sent.headers]
    if sent.body:
        given += [("content-type", "application/json"), ("content-length", str(len(sent.body)))]
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
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given],
        "client": None,
        "server": None,
    }


class Neighbours(Remote):
    """Fetches the URLs of applications of this process; `apps` gives each by its origin."""

    def __init__(self, apps: Mapping[str, Any]) -> None:
        super().__init__()
        self._apps = apps

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON content. Raises Unreachable for every other origin."""
        parts = urlsplit(url)
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise Unreachable(f"there is nothing at {parts.netloc}")
        target = f"{url}?{urlencode(parameters)}" if parameters else url
        status, content = await inside(app, Sent("GET", target))
        return status, orjson.loads(content) if content else None
