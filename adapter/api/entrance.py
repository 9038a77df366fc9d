"""What every request to a face passes first and last, whichever API it asks for.

Health and metrics are answered here, a log line is written, the standard headers of every answer are added.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from anyio import fail_after
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapter import context
from adapter.api import health, log, trail
from adapter.api.access import Access
from adapter.api.bases import Bases
from adapter.api.health import Health
from adapter.api.memory import Memory
from adapter.api.settings import ApiSettings
from adapter.api.watch import MEDIA_TYPE, METRICS, OPERATION, Watch
from adapter.errors import Forbidden, TooLarge, TooSlow
from adapter.service import Caller

WITH_BODY = {"POST", "PUT", "PATCH"}
READS = {"GET", "HEAD"}


class ClientGone(Exception):
    """The client disconnected before its request was complete, so there is nobody to answer."""


class Entrance(ABC):
    """The outermost ASGI application of a face; `app` serves its operations."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        *,
        version: str,
        health: Health,
        memory: Memory,
        watch: Watch | None = None,
    ) -> None:
        self._app = app
        self._watch = watch
        self._settings = settings
        self._health = health
        self._memory = memory
        self._access = Access(settings.tokens, settings.proxies, settings.wrong_tokens)
        self._bases = Bases((settings.base_url, *settings.other_urls))
        self._headers = _answer_headers(version, secure=settings.public_url.startswith("https:"))

    @abstractmethod
    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, exchange: log.Exchange
    ) -> None:
        """Answer a request. Raises what it is refused for, and ClientGone."""

    @abstractmethod
    def _refuse(self, error: Exception, headers: Headers, exchange: log.Exchange) -> Response:
        """The answer to a request that is refused, which is noted in the exchange."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        followed = trail.followed(headers, self._settings.request_seconds)
        if scope["method"] in READS:
            followed.most_calls = self._settings.register_calls
        context.begin(followed)
        exchange = log.Exchange(scope["method"], followed)
        ended = self._watch.request(exchange, followed) if self._watch else None
        send = self._decorated(send, exchange, trail.answered(followed), head=scope["method"] == "HEAD")
        try:
            await self._pass(scope, receive, send, headers, exchange)
        except ClientGone:
            return
        except Exception as error:
            await self._refuse(error, headers, exchange)(scope, receive, send)
        finally:
            exchange.end()
            if ended is not None:
                ended()

    async def _own_answer(self, scope: Scope, headers: Headers, exchange: log.Exchange) -> Response | None:
        """The answer of health or the metrics, at the root of the server; None for any other path."""
        path = scope["path"]
        if scope["method"] not in READS:
            return None
        if path.startswith((health.DETAIL, health.VERSION)):
            exchange.operation, exchange.quiet = health.OPERATION, True
            if (probed := self._health.probe(path)) is not None:
                return probed
            if path.rstrip("/") != health.DETAIL:
                return None
            if path != health.DETAIL and "authorization" not in headers:
                return self._health.beginning()
            await self._check_may(health.OPERATION, scope, headers, exchange)
            return self._health.detail()
        if path == METRICS and self._watch is not None and self._watch.serves_metrics:
            exchange.operation, exchange.quiet = OPERATION, True
            await self._check_may(OPERATION, scope, headers, exchange)
            return Response(await run_in_threadpool(self._watch.exposition), media_type=MEDIA_TYPE)
        return None

    async def _check_may(
        self, operation: str, scope: Scope, headers: Headers, exchange: log.Exchange
    ) -> None:
        caller, may = await self._caller(scope, headers)
        exchange.caller = caller.name
        if not may(operation):
            raise Forbidden

    async def _serve(self, scope: Scope, send: Send, extensions: dict[str, Any]) -> None:
        """Have an operation answer; it gets no query and no headers, since those have been read by now."""
        clean = {**scope, "query_string": b"", "headers": [], "extensions": extensions}
        await self._app(clean, _no_body, send)

    async def _body(self, receive: Receive, headers: Headers) -> bytes:
        try:
            with fail_after(self._settings.body_seconds):
                body = await _read(receive, headers, self._settings.body_limit)
        except TimeoutError:
            raise TooSlow from None
        self._memory.used(len(body))
        return body

    async def _caller(self, scope: Scope, headers: Headers) -> tuple[Caller, Callable[[str], bool]]:
        token = await self._access.verified(scope, headers)
        base = self._base(scope, headers)
        caller = Caller(
            token.name,
            token.legacy_fields,
            base=base,
            changing=token.changing,
            settings=token.settings,
            settle=token.settle,
        )
        return caller, token.may

    def _base(self, scope: Scope, headers: Headers) -> str:
        """The public URL under which the request was asked."""
        return self._bases.asked(scope, headers, by_proxy=self._access.is_by_proxy(scope))

    def _decorated(
        self, send: Send, exchange: log.Exchange, more: list[tuple[bytes, bytes]], *, head: bool
    ) -> Send:
        """A `send` that adds the standard headers and `more` to the answer, and drops the body for HEAD."""

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *more,
                    *_missing(self._headers, message["headers"]),
                ]
            elif message["type"] == "http.response.body":
                self._memory.used(len(message["body"]))
                message = {**message, "body": b""} if head else message
            await send(message)

        return decorated


async def _read(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The whole body, chunked or not. Raises TooLarge as soon as it exceeds `limit` bytes, and ClientGone."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise TooLarge
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _answer_headers(version: str, *, secure: bool) -> list[tuple[bytes, bytes]]:
    headers = {
        "API-Version": version,
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


def _missing(wanted: list[tuple[bytes, bytes]], present: Any) -> list[tuple[bytes, bytes]]:
    """The wanted headers that the answer does not set itself."""
    names = {name.lower() for name, _ in present}
    return [(name, value) for name, value in wanted if name not in names]
