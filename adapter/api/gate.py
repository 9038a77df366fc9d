"""The checks that every request passes before its operation, and the headers of every answer.

Health and the published specification are answered here. Any other request is checked in this order, which
decides the status of one with several faults: repeated headers (400), path (404), Accept (406), token (401),
method (405), permission (403), length (413) and Content-Type (415) of the body. A request that passes goes on
without the client's headers and with its body read, so that nothing behind this module depends on HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from anyio import fail_after
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapter import context
from adapter.api import health, log, trail
from adapter.api.access import Access
from adapter.api.errors import error_answer
from adapter.api.health import Health
from adapter.api.memory import Memory
from adapter.api.negotiation import (
    check_accept,
    check_content_type,
    check_format,
    check_single,
    error_media_type,
)
from adapter.api.operations import addressed
from adapter.api.published import Published
from adapter.api.request import IDEMPOTENCY_KEY, Request, everything, idempotency_key
from adapter.api.routes import Match, Routes
from adapter.api.settings import ApiSettings
from adapter.api.watch import MEDIA_TYPE, METRICS, OPERATION, Watch
from adapter.errors import AdapterError, Forbidden, MethodNotAllowed, NotFound, TooLarge, TooSlow
from adapter.openapi.document import Document, Operation
from adapter.service import Caller

_WITH_BODY = {"POST", "PUT", "PATCH"}
_READS = {"GET", "HEAD"}


class ClientGone(Exception):
    """The client disconnected before its request was complete, so there is nobody to answer."""


class Gate:
    """The outermost ASGI application; `app` serves the operations."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        *,
        document: Document,
        published: Published,
        health: Health,
        base_path: str,
        memory: Memory,
        watch: Watch | None = None,
    ) -> None:
        self._app = app
        self._watch = watch
        self._settings = settings
        self._routes = Routes(document)
        self._published = published
        self._health = health
        self._base_path = base_path
        self._memory = memory
        self._access = Access(settings.tokens, settings.proxies, settings.wrong_tokens)
        self._headers = _answer_headers(
            document.raw["info"]["version"], secure=settings.public_url.startswith("https:")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        followed = trail.followed(headers, self._settings.request_seconds)
        if scope["method"] in _READS:
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

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, exchange: log.Exchange
    ) -> None:
        check_single(headers)
        if (answer := await self._own_answer(scope, headers, exchange)) is not None:
            await answer(scope, receive, send)
            return
        known = headers.get("if-none-match")
        if (answer := self._published.answer(scope["method"], scope["path"], known)) is not None:
            await answer(scope, receive, send)
            return
        match = self._routes.match(self._below_base(scope["path"]))
        if match is None:
            raise NotFound
        check_format(scope["query_string"].decode("latin-1"))
        check_accept(headers.get("accept"))
        if scope["method"] == "OPTIONS":
            allow = {"Allow": ", ".join(match.route.allowed)}
            await Response(status_code=204, headers=allow)(scope, receive, send)
            return
        operation, request = await self._request(match, scope, receive, headers, exchange)
        extensions = addressed(operation.operation_id, self._base_path, request)
        await self._app(_clean(scope, extensions), _no_body, send)

    async def _own_answer(self, scope: Scope, headers: Headers, exchange: log.Exchange) -> Response | None:
        """The answer of health or the metrics, at the root of the server; None for any other path."""
        path = scope["path"]
        if scope["method"] not in _READS:
            return None
        if path.startswith(health.DETAIL):
            exchange.operation, exchange.quiet = health.OPERATION, True
            if path != health.DETAIL:
                return self._health.probe(path)
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

    def _below_base(self, path: str) -> str:
        if not path.startswith(self._base_path):
            raise NotFound
        return path[len(self._base_path) :]

    async def _request(
        self, match: Match, scope: Scope, receive: Receive, headers: Headers, exchange: log.Exchange
    ) -> tuple[Operation, Request]:
        method = scope["method"]
        operation = match.route.operations.get("GET" if method == "HEAD" else method)
        public = operation is not None and operation.path == "/"
        caller, may = (Caller(), everything) if public else await self._caller(scope, headers)
        exchange.caller = caller.name
        if operation is None:
            raise MethodNotAllowed(method, match.route.allowed)
        exchange.operation = operation.operation_id
        if not may(operation.operation_id):
            raise Forbidden
        body = b""
        if method in _WITH_BODY:
            body = await self._body(receive, headers)
            if body:
                check_content_type(headers.get("content-type"))
        if method == "POST":
            caller = _with_key(caller, headers, operation, body)
        query = scope["query_string"].decode("latin-1")
        return operation, Request(caller, match.identifier, query, body, may)

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
        return Caller(token.name, token.legacy_fields), token.may

    def _refuse(self, error: Exception, headers: Headers, exchange: log.Exchange) -> Response:
        answer = error_answer(error, self._settings.origin)
        exchange.refused(error, answer.body["instance"], expected=isinstance(error, AdapterError))
        media_type = error_media_type(headers.get("accept"))
        return Response(orjson.dumps(answer.body), answer.status, answer.headers, media_type)

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


def _with_key(caller: Caller, headers: Headers, operation: Operation, body: bytes) -> Caller:
    key = idempotency_key(headers.get(IDEMPOTENCY_KEY), operation.path, body)
    return caller if key is None else Caller(caller.name, caller.legacy_fields, key)


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


def _clean(scope: Scope, extensions: dict[str, Any]) -> Scope:
    """The scope without query and headers, which have been read by now, and with the given extensions."""
    return {**scope, "query_string": b"", "headers": [], "extensions": extensions}


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
