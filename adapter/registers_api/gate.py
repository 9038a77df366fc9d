"""The checks that every request to the old APIs passes before its operation.

In this order, as Open Klant 1.0 has it: repeated headers (400), path (404), method (405), Accept (406), token
and permission (403, never 401), the phase of a move (503), length (413) and Content-Type (415) of the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import orjson
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapter.api import log
from adapter.api.entrance import READS, WITH_BODY, Entrance
from adapter.api.errors import error_answer
from adapter.api.health import Health
from adapter.api.memory import Memory
from adapter.api.negotiation import check_accept, check_content_type, check_single
from adapter.api.operations import addressed
from adapter.api.published import Form, forms
from adapter.api.request import IDEMPOTENCY_KEY, Request, idempotency_key
from adapter.api.routes import Match, Routes
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.embedded import answers
from adapter.embedded.answers import Refused
from adapter.embedded.tokens import claimed, wrongly_signed
from adapter.errors import (
    AdapterError,
    Forbidden,
    Invalid,
    MalformedBody,
    NotAcceptable,
    NotFound,
    Unauthenticated,
    UnsupportedMediaType,
)
from adapter.openapi.document import Document, Operation
from adapter.phases.phase import Phases

_UNKNOWN = "<!doctype html><title>Not Found</title><h1>Not Found</h1>"


class OldGate(Entrance):
    """The outermost ASGI application of the old APIs; `app` serves the operations.

    `apis` are their documents by base path, of which only the operations `served` are.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        *,
        apis: Mapping[str, Document],
        served: Iterable[str],
        phases: Phases,
        health: Health,
        memory: Memory,
        watch: Watch | None = None,
    ) -> None:
        versions = {document.raw["info"]["version"] for document in apis.values()}
        super().__init__(app, settings, version=max(versions), health=health, memory=memory, watch=watch)
        self._apis = apis
        self._forms: dict[str, Mapping[str, Form]] = {}
        self._routes = {base: Routes(document) for base, document in apis.items()}
        self._served = frozenset(served)
        self._phases = phases
        self._clients = frozenset(each.client_id for each in settings.tokens if each.client_id)

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, exchange: log.Exchange
    ) -> None:
        check_single(headers)
        if (answer := await self._own_answer(scope, headers, exchange)) is not None:
            await answer(scope, receive, send)
            return
        if (form := self._published(scope)) is not None:
            await form.answer(headers.get("if-none-match"))(scope, receive, send)
            return
        base, match = self._match(scope["path"])
        if match is None:
            await HTMLResponse(_UNKNOWN, 404)(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            allow = {"Allow": ", ".join(match.route.allowed)}
            await Response(status_code=204, headers=allow)(scope, receive, send)
            return
        operation = self._operation(match, scope["method"])
        exchange.operation = operation.operation_id
        check_accept(headers.get("accept"))
        caller, may = await self._caller(scope, headers)
        exchange.caller = caller.name
        if not may(operation.operation_id):
            raise Forbidden
        self._phases.check_old(scope["method"])
        body = await self._body(receive, headers) if scope["method"] in WITH_BODY else b""
        if body:
            check_content_type(headers.get("content-type"))
        if scope["method"] == "POST":
            key = idempotency_key(headers.get(IDEMPOTENCY_KEY), base + operation.path, body)
            caller = replace(caller, idempotency=key)
        # KISS puts a second question mark in front of some of its queries
        query = scope["query_string"].decode("latin-1").lstrip("?")
        request = Request(caller, match.identifier, query, body, may)
        await self._serve(scope, send, addressed(operation.operation_id, base, request))

    def _published(self, scope: Scope) -> Form | None:
        """The specification of an API, at the path of the design rules and at that of Open Klant 1.0."""
        base = next((each for each in self._apis if scope["path"].startswith(f"{each}/")), None)
        if base is None or scope["method"] not in READS:
            return None
        path = scope["path"][len(base) :].removeprefix("/schema")
        if path not in {"/openapi.yaml", "/openapi.json"}:
            return None
        if base not in self._forms:
            self._forms[base] = forms(self._apis[base].raw)
        return self._forms[base][path]

    def _match(self, path: str) -> tuple[str, Match | None]:
        """The base path of an API, and what its document has at the rest of the path."""
        for base, routes in self._routes.items():
            if path.startswith(f"{base}/"):
                match = routes.match(path[len(base) :])
                return base, match if match and self._is_served(match) else None
        return "", None

    def _is_served(self, match: Match) -> bool:
        return any(each.operation_id in self._served for each in match.route.operations.values())

    def _operation(self, match: Match, method: str) -> Operation:
        operation = match.route.operations.get("GET" if method == "HEAD" else method)
        if operation is None:
            raise answers.method_not_allowed(method, match.route.operations)
        return operation

    def _refuse(self, error: Exception, headers: Headers, exchange: log.Exchange) -> Response:
        refused, public = self._refused(error, headers), self._settings.base_url
        if refused is None:
            answer = error_answer(error, public)
            content, status, more = answer.body, answer.status, dict(answer.headers)
        else:
            content, status = answers.content_of(refused, public), refused.status
            more = dict(refused.headers or {})
        expected = isinstance(error, AdapterError | Refused)
        exchange.refused(error, content["instance"], expected=expected)
        return Response(orjson.dumps(content), status, more, answers.JSON)

    def _refused(self, error: Exception, headers: Headers) -> Refused | None:
        """The refusal in the words of Open Klant 1.0; None for what it has no words for."""
        match error:
            case Refused():
                return error
            case Invalid():
                return answers.invalid(*error.problems)
            case MalformedBody():
                return answers.malformed(error.detail)
            case Unauthenticated():
                return self._denial(headers.get("authorization"))
            case Forbidden():
                return answers.denied()
            case NotFound():
                return answers.not_found()
            case NotAcceptable():
                return answers.not_acceptable()
            case UnsupportedMediaType():
                return answers.unsupported(error.media_type)
        return None

    def _denial(self, header: str | None) -> Refused:
        try:
            claimed(header, self._clients)
        except Refused as refused:
            return refused
        return wrongly_signed()
