"""The handler of one operation of the old APIs; it runs in a worker thread."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request as Asked
from starlette.responses import Response

from adapter.api.bodies import Bounds, exceeding
from adapter.api.handlers import Handler
from adapter.api.request import Request
from adapter.collection import CannotAnswer, Keeper, MemberRefused
from adapter.embedded.answers import PUBLIC, invalid, not_found
from adapter.embedded.resources import Resource, performed
from adapter.errors import Invalid
from adapter.openapi.checked import WHOLE, Problem
from adapter.openapi.document import Operation
from adapter.openapi.formats import canonical_uuid


def handler(resource: Resource, operation: Operation, keeper: Keeper, url: str, bounds: Bounds) -> Handler:
    """The handler of an operation on a collection or one of its records; `url` begins what it refers to."""
    method = operation.method.upper()
    path = resource.description.path
    parts = urlsplit(url)

    def handle(request: Request) -> Response:
        uuid = canonical_uuid(request.identifier) if request.identifier else None
        if request.identifier and uuid is None:
            raise not_found()
        asked = Asked(
            {
                "type": "http",
                "method": method,
                "scheme": parts.scheme,
                "server": (parts.hostname, parts.port),
                "path": f"{path}/{uuid}" if uuid else path,
                "query_string": request.query.encode("latin-1"),
                "headers": [(b"host", parts.netloc.encode("ascii"))],
                PUBLIC: url,
            }
        )

        async def body() -> Any:
            return _body(request, bounds)

        alone = (f"{resource.description.name}/{uuid}",) if uuid else ()
        with _refusals(), keeper.request(writes=method != "GET", alone=alone):
            return _finished(performed(resource, method, uuid, asked, body))

    return handle


def _body(request: Request, bounds: Bounds) -> Any:
    """The JSON of a body. Raises MalformedBody and Invalid."""
    body = request.json()
    if isinstance(body, dict) and (problems := [*exceeding(body, bounds)]):
        raise Invalid(problems)
    return body


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a collection cannot do into a 400 that says so."""
    try:
        yield
    except CannotAnswer as error:
        raise invalid(Problem(WHOLE, "not-supported", error.reason)) from None
    except MemberRefused as error:
        raise invalid(Problem(error.name, error.code, error.reason)) from None


def _finished(coroutine: Coroutine[Any, Any, Response]) -> Response:
    """The result of a coroutine that waits for nothing: what it calls blocks this thread."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: Response = done.value
        return answer
    coroutine.close()
    raise RuntimeError
