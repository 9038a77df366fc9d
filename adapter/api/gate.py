"""The checks that every request passes before its operation, and the headers of every answer.

Health and the published specification are answered here. Any other request is checked in this order, which
decides the status of one with several faults: repeated headers (400), path (404), Accept (406), token (401),
method (405), permission (403), the phase of a move (503), length (413) and Content-Type (415) of the body. A
request that passes goes on without the client's headers and with its body read, so that nothing behind this
module depends on HTTP.
"""

from __future__ import annotations

from dataclasses import replace

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapter import context
from adapter.api import log
from adapter.api.entrance import WITH_BODY, Entrance
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
from adapter.api.passing import Passing, passed
from adapter.api.published import Published
from adapter.api.request import IDEMPOTENCY_KEY, Request, everything, idempotency_key
from adapter.api.routes import Match, Routes
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.errors import AdapterError, Forbidden, MethodNotAllowed, NotFound
from adapter.openapi.document import Document, Operation
from adapter.service import Caller


class Gate(Entrance):
    """The outermost ASGI application; `app` serves the operations."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        *,
        document: Document,
        published: Published,
        passing: Passing,
        health: Health,
        base_path: str,
        memory: Memory,
        watch: Watch | None = None,
    ) -> None:
        version = document.raw["info"]["version"]
        super().__init__(app, settings, version=version, health=health, memory=memory, watch=watch)
        self._routes = Routes(document)
        self._published = published
        self._passing = passing
        self._base_path = base_path

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
        heard = None
        if self._passing.concerns(operation):
            path = self._below_base(scope["path"])
            asked = passed(scope["method"], path, request, self._settings.base_url)
            if (answer := await self._passing.answer(operation, request, asked)) is not None:
                await answer(scope, receive, send)
                return
            heard = self._passing.heard(operation, request, asked, send)
        await self._serve(scope, heard or send, addressed(operation.operation_id, self._base_path, request))
        if heard is not None:
            heard.compare()

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
        caller, may = (
            (Caller(base=self._base(scope, headers)), everything)
            if public
            else await self._caller(scope, headers)
        )
        exchange.caller = caller.name
        if operation is None:
            raise MethodNotAllowed(method, match.route.allowed)
        exchange.operation = operation.operation_id
        if (request := context.current()) is not None:
            request.operation = operation.operation_id
        if not may(operation.operation_id):
            raise Forbidden
        self._passing.phases.check(method)
        if self._passing.phases.follows:
            exchange.note(phase=str(self._passing.phases.current))
        body = b""
        if method in WITH_BODY:
            body = await self._body(receive, headers)
            if body:
                check_content_type(headers.get("content-type"))
        if method == "POST":
            caller = _with_key(caller, headers, operation, body)
        query = scope["query_string"].decode("latin-1")
        return operation, Request(caller, match.identifier, query, body, may)

    def _refuse(self, error: Exception, headers: Headers, exchange: log.Exchange) -> Response:
        answer = error_answer(error, self._settings.origin)
        exchange.refused(error, answer.body["instance"], expected=isinstance(error, AdapterError))
        media_type = error_media_type(headers.get("accept"))
        return Response(orjson.dumps(answer.body), answer.status, answer.headers, media_type)


def _with_key(caller: Caller, headers: Headers, operation: Operation, body: bytes) -> Caller:
    key = idempotency_key(headers.get(IDEMPOTENCY_KEY), operation.path, body)
    return caller if key is None else replace(caller, idempotency=key)
