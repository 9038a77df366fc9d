"""Requests and answers, and the checks that a request passes before its handler."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapter.embedded.objects.database import Database
from adapter.embedded.objects.errors import (
    Refusal,
    malformed,
    method_not_allowed,
    not_acceptable,
    precondition_failed,
    unsupported_media_type,
)
from adapter.embedded.objects.grants import Grant, grant_of

API = "/api/v2"
API_VERSION = "2.7.0"
CRS = "EPSG:4326"
WITH_BODY = ("POST", "PUT", "PATCH")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that has passed the first checks.

    `base` is the URL of the API as the client wrote it, `root` the path before `/api/v2`, and `body` the
    parsed JSON; {} without a body.
    """

    database: Database
    grant: Grant
    base: str
    root: str
    url: str
    query: QueryParams
    path: Mapping[str, Any]
    body: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `content` is sent as JSON, None as no body."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Exchange], Reply]


@dataclass(frozen=True)
class Resource:
    """The ASGI application of one path, with a handler for each method.

    With `crs`, requests and answers have the headers for the coordinate reference system. Handlers run in the
    event loop, one after another, so no other write comes between the reading and the writing of one.
    """

    database: Database
    grants: Mapping[str, Grant]
    handlers: Mapping[str, Handler]
    crs: bool = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            reply = await self._reply(request)
        except Refusal as refusal:
            reply = Reply(refusal.content(origin_of(request)), refusal.status, refusal.headers)
        await self._response(reply)(scope, receive, send)

    async def _reply(self, request: Request) -> Reply:
        method = "GET" if request.method == "HEAD" else request.method
        check_accept(request.headers.get("accept"))
        grant = grant_of(request.headers.get("authorization"), self.grants)
        handler = self.handlers.get(method)
        body = await parsed_body(request) if handler and method in WITH_BODY else {}
        if self.crs:
            check_crs(request.headers, method)
        if handler is None:
            raise method_not_allowed(request.method, ", ".join((*self.handlers, "HEAD")))
        root = request.scope.get("root_path", "")
        origin = origin_of(request)
        exchange = Exchange(
            database=self.database,
            grant=grant,
            base=f"{origin}{root}{API}",
            root=root,
            url=f"{origin}{request.url.path}" + (f"?{request.url.query}" if request.url.query else ""),
            query=request.query_params,
            path=request.path_params,
            body=body,
        )
        try:
            return handler(exchange)
        except RecursionError:
            raise malformed("JSON parse error - too deeply nested") from None

    def _response(self, reply: Reply) -> Response:
        headers = {"API-version": API_VERSION, **reply.headers}
        if self.crs:
            headers["Content-Crs"] = CRS
        if reply.content is None:
            return Response(status_code=reply.status, headers=headers)
        content = orjson.dumps(reply.content)
        return Response(content, reply.status, headers, media_type="application/json")


def origin_of(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def check_accept(accept: str | None) -> None:
    ranges = [part.split(";", 1)[0].strip().lower() for part in (accept or "*/*").split(",")]
    if not {"*/*", "application/*", "application/json"}.intersection(ranges):
        raise not_acceptable()


def check_crs(headers: Mapping[str, str], method: str) -> None:
    """Check Content-Crs, which is required with a body, and Accept-Crs, which is optional.

    As in the Objects API, DELETE ignores Accept-Crs.
    """
    asked = headers.get("accept-crs")
    if asked is not None and asked != CRS and method != "DELETE":
        raise not_acceptable(f"CRS '{asked}' is niet ondersteund")
    if method not in WITH_BODY:
        return
    given = headers.get("content-crs")
    if given is None:
        raise precondition_failed("'Content-Crs' header ontbreekt")
    if given != CRS:
        raise not_acceptable(f"CRS '{given}' is niet ondersteund")


async def parsed_body(request: Request) -> Any:
    content = await request.body()
    # the usual server of the Objects API does not pass on a chunked body either
    return read_body(content if "content-length" in request.headers else b"", request.headers)


def read_body(content: bytes, headers: Mapping[str, str]) -> Any:
    """The JSON of a body; {} without one. Raises Refusal."""
    if not content:
        return {}
    given = headers.get("content-type", "")
    if given.split(";", 1)[0].strip().lower() != "application/json":
        raise unsupported_media_type(given)
    try:
        text = content.decode()
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if "\\u" in text:  # only an escape can contain a NUL or a lone surrogate
            check_texts(value)
    except UnicodeDecodeError:
        raise malformed("JSON parse error - the body is not valid UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise malformed(f"JSON parse error - {error}") from None
    return value


def check_texts(value: Any) -> None:
    """Raise ValueError for a text that cannot be stored, with a NUL or a lone surrogate."""
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("unsupported Unicode escape sequence")
    elif isinstance(value, dict):
        for name, item in value.items():
            check_texts(name)
            check_texts(item)
    elif isinstance(value, list):
        for item in value:
            check_texts(item)


def _finite(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise ValueError(f"Out of range float values are not JSON compliant: {literal!r}")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")
