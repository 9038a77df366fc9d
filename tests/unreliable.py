"""A register that can be told to fail: wraps an application and spoils what the next requests get."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON = b"application/json"
HTML = b"text/html"
PERMISSIONS = "/permissions"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a request gets instead of an answer. `done` lets the register do the work first, unseen.

    With `silent` it gets none: it is given up, where it is made inside the process (`tests.inside`).
    """

    status: int = 500
    body: bytes = b"<h1>Server Error (500)</h1>"
    content_type: bytes = HTML
    location: bytes = b""
    seconds: float = 0.0
    done: bool = False
    silent: bool = False


DOWN = Fault(503, b"{}", JSON)
BROKEN = Fault()
BROKEN_JSON = Fault(200, b'{"count": ', JSON)
PORTAL = Fault(200, b"<title>Maintenance</title>", HTML)
MOVED = Fault(302, b"", HTML, location=b"http://127.0.0.1:9/elsewhere")
SLOW = Fault(200, b"{}", JSON, seconds=4)
LOST = Fault(done=True)
UNHEARD, UNANSWERED = Fault(silent=True), Fault(silent=True, done=True)


@dataclass(slots=True)
class _Order:
    method: str
    path: str
    fault: Fault
    skip: int


class Unreliable:
    """The application, and the faults that it was told of; without any it is the application itself.

    `decide` may say of each request what it gets, before those faults; `hold` is awaited before the answer.
    `rewrite` gives what is answered instead of the JSON of a good answer.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.decide: Callable[[Scope], Fault | None] | None = None
        self.hold: Callable[[Scope], Awaitable[None]] | None = None
        self.rewrite: Callable[[Scope, Any], Any] | None = None
        self._orders: list[_Order] = []

    @property
    def plain(self) -> bool:
        """Whether it is the application itself now."""
        return not (self._orders or self.decide or self.hold or self.rewrite)

    @contextmanager
    def failing(self, fault: Fault, *, method: str = "", path: str = "", skip: int = 0):
        """Every request with this method, and this text in its path, fails once `skip` of them went well."""
        order = _Order(method, path, fault, skip)
        self._orders.append(order)
        try:
            yield
        finally:
            self._orders.remove(order)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.hold and scope["type"] == "http" and not scope["path"].endswith(PERMISSIONS):
            await self.hold(scope)
        fault = self._fault(scope) if scope["type"] == "http" else None
        if fault is None:
            spoilt = self.rewrite and scope["type"] == "http"
            await self.app(scope, receive, self._rewritten(scope, send) if spoilt else send)
            return
        if fault.done:
            await self.app(scope, receive, _unheard)
        if fault.silent:
            raise TimeoutError
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        headers = [(b"content-type", fault.content_type)]
        if fault.location:
            headers.append((b"location", fault.location))
        await send({"type": "http.response.start", "status": fault.status, "headers": headers})
        await send({"type": "http.response.body", "body": fault.body})

    def _rewritten(self, scope: Scope, send: Send) -> Send:
        """Sends what `rewrite` makes of the JSON of an answer."""
        start: list[MutableMapping[str, Any]] = []
        body = b""

        async def keep(message: MutableMapping[str, Any]) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            if start[0]["status"] < 300 and body and self.rewrite:
                body = json.dumps(self.rewrite(scope, json.loads(body))).encode()
            headers = [each for each in start[0]["headers"] if each[0].lower() != b"content-length"]
            await send({**start[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})

        return keep

    def _fault(self, scope: Scope) -> Fault | None:
        aside = scope["path"].endswith(PERMISSIONS)  # asked from time to time, whatever a test does
        if self.decide and not aside and (fault := self.decide(scope)):
            return fault
        for order in self._orders:
            if aside and order.path != PERMISSIONS:
                continue
            if order.path in scope["path"] and order.method in ("", scope["method"]):
                if not order.skip:
                    return order.fault
                order.skip -= 1
        return None


async def _unheard(_message: MutableMapping[str, Any]) -> None:
    """The answer is lost on the way."""
