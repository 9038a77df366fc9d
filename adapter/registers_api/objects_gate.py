"""The Objects API as old clients know it: objects of one type are served here, all else by the API itself.

What is not ours is handed on with the path, query and body as they came and the client's token, so that the
Objects API judges what the client may do. Of the other headers only those go along that this API reads: no
cookies, and nothing that only a proxy may say of a client. Addresses in the answer become those under which
was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapter import context
from adapter.api import log
from adapter.api.entrance import WITH_BODY, Entrance
from adapter.api.errors import error_answer
from adapter.api.health import Health
from adapter.api.negotiation import check_single
from adapter.api.request import IDEMPOTENCY_KEY, idempotency_key
from adapter.api.room import Room
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.embedded.objects import errors
from adapter.embedded.objects.errors import Refusal
from adapter.embedded.objects.exchange import API, API_VERSION, CRS, Reply, check_accept, check_crs, read_body
from adapter.errors import AdapterError, Forbidden, Unauthenticated
from adapter.phases.phase import Phases
from adapter.registers.client import Register
from adapter.registers.messages import Received
from adapter.registers_api.operations import key_of
from adapter.registers_api.taken import Asked, Objects
from adapter.service import Caller

OBJECTS = f"{API}/objects"
SEARCH = f"{OBJECTS}/search"
OPERATIONS: Mapping[str, str] = {
    "GET": "read",
    "HEAD": "read",
    "PUT": "update",
    "PATCH": "partial_update",
    "DELETE": "delete",
}
METHODS = {*OPERATIONS, "POST", "OPTIONS"}
HANDED_ON = {
    "accept",
    "accept-crs",
    "accept-language",
    "authorization",
    "content-crs",
    "content-type",
    "if-match",
    "if-none-match",
}
# Headers that concern one connection, those that are worked out anew, and what ties requests together.
NOT_HANDED_BACK = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "location",
    "server",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
ADDRESSES = ("url", "type", "next", "previous")


@dataclass(frozen=True, slots=True)
class Handed:
    """A request to be handed on to the Objects API, with the path and the query as they came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class ObjectsGate(Entrance):
    """The outermost ASGI application of the Objects API.

    objects: those that are served here. behind: a client of the Objects API itself, without a token of its
    own. spelled: a text with the addresses of records in it as they are kept; shown: as they are below the
    address under which was asked.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: ApiSettings,
        *,
        objects: Objects,
        behind: Register,
        spelled: Callable[[str], str],
        shown: Callable[[str, str], str],
        health: Health,
        room: Room,
        phases: Phases,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(app, settings, version=API_VERSION, health=health, memory=room.memory, watch=watch)
        self._phases = phases
        self._objects, self._behind, self._spelled, self._shown = objects, behind, spelled, shown
        self._answer, self._hand_on = room.at_work(self._answered), room.at_work(self._handed_on)

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, exchange: log.Exchange
    ) -> None:
        check_single(headers)
        method = scope["method"]
        if method not in METHODS:
            raise errors.method_not_allowed(method, ", ".join(sorted(METHODS)))
        body = await self._body(receive, headers) if method in WITH_BODY else b""
        handed = Handed(method, scope["path"], scope["query_string"].decode("latin-1"), headers, body)
        kind, caller = self._named(handed), None
        if kind is not None or handed.path.startswith(f"{OBJECTS}/"):
            exchange.operation = f"{self._objects.name}_{kind or OPERATIONS.get(method, 'read')}"
            caller = await self._may(scope, headers, exchange, required=kind is not None)
        if caller is None:
            answer = await run_in_threadpool(self._hand_on, handed, self._base(scope, headers))
        else:
            self._phases.check_old("GET" if kind == "list" else method)
            answer = await run_in_threadpool(self._answer, handed, caller, kind)
        await answer(scope, receive, send)

    async def _may(
        self, scope: Scope, headers: Headers, exchange: log.Exchange, *, required: bool
    ) -> Caller | None:
        """The client, if it may do this with our objects; for those of others it need not be known."""
        try:
            caller, may = await self._caller(scope, headers)
        except Unauthenticated:
            if required:
                raise
            return None
        exchange.caller = caller.name
        if not may(exchange.operation):
            if required:
                raise Forbidden
            return None
        return caller

    def _named(self, handed: Handed) -> str | None:
        """`list` or `create` when the request names our type; None for any other."""
        if handed.path not in (OBJECTS, SEARCH):
            return None
        given: Any = None
        if handed.method in ("GET", "HEAD") and handed.path == OBJECTS:
            given = dict(parse_qsl(handed.query.lstrip("?"))).get("type")
        elif handed.method == "POST":
            try:
                body = orjson.loads(handed.body or b"{}")
            except orjson.JSONDecodeError:
                return None
            given = body.get("type") if isinstance(body, dict) else None
        if (
            not isinstance(given, str)
            or given.rstrip("/").rpartition("/")[2].lower() != self._objects.kind.uuid
        ):
            return None
        return "create" if handed.method == "POST" and handed.path == OBJECTS else "list"

    # answers, in a thread

    def _answered(self, handed: Handed, caller: Caller, kind: str | None) -> Response:
        method = "GET" if handed.method == "HEAD" else handed.method
        headers = Headers(handed.headers)
        check_accept(headers.get("accept"))
        check_crs(headers, method)
        # what is no UTF-8 stays so, and is refused below
        text = self._spelled(handed.body.decode("utf-8", "surrogateescape"))
        content = text.encode("utf-8", "surrogateescape")
        body = read_body(content, headers) if method in WITH_BODY else None
        path = handed.path if kind is None else handed.path.removesuffix("/search")
        query = self._spelled(handed.query.lstrip("?"))
        public = caller.base or self._settings.base_url
        asked = Asked(method, f"{public}{path}", query, body)
        if kind == "list":
            reply = self._objects.listed(asked)
        elif kind == "create":
            key = idempotency_key(headers.get(IDEMPOTENCY_KEY), path, handed.body)
            reply = self._objects.made(asked, key_of(replace(caller, idempotency=key)))
        else:
            identifier, _, rest = path.removeprefix(f"{OBJECTS}/").partition("/")
            found = self._objects.one(asked, identifier, rest)
            if found is None:
                return self._elsewhere(handed, headers, public)
            reply = found
        return self._response(reply, public)

    def _response(self, reply: Reply, public: str) -> Response:
        headers = {"Content-Crs": CRS, **reply.headers}
        if reply.content is None:
            return Response(status_code=reply.status, headers=headers)
        content = self._shown(orjson.dumps(reply.content).decode(), public)
        return Response(content, reply.status, headers, media_type="application/json")

    def _elsewhere(self, handed: Handed, headers: Headers, public: str) -> Response:
        """What is not here may be there, for a client with a token that the Objects API can know."""
        if not headers.get("authorization", "").lower().startswith("token "):
            raise errors.not_found()
        return self._handed_on(handed, public)

    def _handed_on(self, handed: Handed, public: str) -> Response:
        path = handed.path.removeprefix(API).lstrip("/")
        if not handed.path.startswith(f"{API}/") or ".." in path.split("/"):
            return HTMLResponse("<!doctype html><title>Not found</title><h1>Not found</h1>", 404)
        request = context.current()
        sent = {name: it for name, it in handed.headers.items() if name.lower() in HANDED_ON}
        sent |= request.headers if request else {}
        query = parse_qsl(handed.query, keep_blank_values=True)
        method, body = handed.method, handed.body or None
        # as it was asked: what is a question mark in a path is none in a URL
        received = self._behind.relay(method, quote(path), params=query, headers=sent, body=body, alone=True)
        return self._returned(received, public)

    def _returned(self, received: Received, public: str) -> Response:
        headers = {name: it for name, it in received.headers.items() if name.lower() not in NOT_HANDED_BACK}
        if "location" in received.headers:
            headers["Location"] = self._here(received.headers["location"], public)
        content = received.body
        if "json" in received.headers.get("content-type", "") and content:
            content = self._readdressed(content, public)
        return Response(content, received.status, headers)

    def _readdressed(self, content: bytes, public: str) -> bytes:
        try:
            body = orjson.loads(content)
        except orjson.JSONDecodeError:
            return content
        for each in [body, *(body.get("results") or ())] if isinstance(body, dict) else []:
            for name in ADDRESSES if isinstance(each, dict) else ():
                if isinstance(each.get(name), str):
                    each[name] = self._here(each[name], public)
        return orjson.dumps(body)

    def _here(self, url: str, public: str) -> str:
        """A URL of the Objects API as clients here know it."""
        path = urlsplit(self._behind.base).path
        parts = urlsplit(url)
        if parts.netloc != urlsplit(self._behind.base).netloc or not parts.path.startswith(path):
            return url
        query = f"?{parts.query}" if parts.query else ""
        return f"{public}{API}/{parts.path.removeprefix(path)}{query}"

    # refusals

    def _refuse(self, error: Exception, headers: Headers, exchange: log.Exchange) -> Response:
        public = self._settings.base_url
        refusal = _refusal(error, headers)
        if refusal is None:
            answer = error_answer(error, public)
            content, status, more = answer.body, answer.status, dict(answer.headers)
        else:
            content, status, more = refusal.content(public), refusal.status, dict(refusal.headers)
        exchange.refused(error, content["instance"], expected=isinstance(error, AdapterError | Refusal))
        return _json(content, status, more)


def _refusal(error: Exception, headers: Headers) -> Refusal | None:
    """The refusal in the words of the Objects API; None for what it has no words for."""
    match error:
        case Refusal():
            return error
        case Unauthenticated() if "authorization" in headers:
            return errors.authentication_failed("Invalid token.")
        case Unauthenticated():
            return errors.not_authenticated()
        case Forbidden():
            return errors.forbidden()
    return None


def _json(content: Any, status: int, headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
