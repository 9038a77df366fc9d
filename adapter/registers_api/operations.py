"""The handler of one operation of the old APIs; it runs in a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request as Asked
from starlette.responses import Response

from adapter.api.bodies import Bounds, exceeding
from adapter.api.handlers import Handler
from adapter.api.request import Request
from adapter.collection import CannotAnswer, Keeper, Key, MemberRefused
from adapter.embedded.answers import PUBLIC, invalid, json_answer, not_found, origin_of
from adapter.embedded.resources import Resource, performed
from adapter.errors import Invalid
from adapter.openapi.checked import WHOLE, Problem
from adapter.openapi.document import Operation
from adapter.openapi.formats import canonical_uuid
from adapter.service import Caller
from adapter.state.errors import MadeAndGone


def handler(resource: Resource, operation: Operation, keeper: Keeper, url: str, bounds: Bounds) -> Handler:
    """The handler of an operation on a collection or one of its records; `url` begins what it refers to."""
    method = operation.method.upper()

    def handle(request: Request) -> Response:
        if request.caller.idempotency is not None:
            return _once(resource, keeper, request, carry_out, asked_for(request))
        return carry_out(request)

    def asked_for(request: Request, uuid: str | None = None) -> Asked:
        return asked_of(resource, method, request, uuid, url)

    def carry_out(request: Request) -> Response:
        uuid = canonical_uuid(request.identifier) if request.identifier else None
        if request.identifier and uuid is None:
            raise not_found()
        asked = asked_for(request, uuid)

        async def body() -> Any:
            return _body(request, bounds)

        alone = (f"{resource.description.name}/{uuid}",) if uuid else ()
        with _refusals(), keeper.request(writes=method != "GET", alone=alone):
            return _finished(performed(resource, method, uuid, asked, body))

    return handle


def asked_of(resource: Resource, method: str, request: Request, uuid: str | None, url: str) -> Asked:
    """A request as the collections get it; `url` begins what is referred to when it did not say otherwise."""
    path = resource.description.path
    parts = urlsplit(request.caller.base or url)
    return Asked(
        {
            "type": "http",
            "method": method,
            "scheme": parts.scheme,
            "server": (parts.hostname, parts.port),
            "path": f"{path}/{uuid}" if uuid else path,
            "query_string": request.query.encode("latin-1"),
            "headers": [(b"host", parts.netloc.encode("ascii"))],
            PUBLIC: f"{parts.scheme}://{parts.netloc}{parts.path}",
        }
    )


def key_of(caller: Caller) -> Key | None:
    """The idempotency key of a caller, as a keeper knows it."""
    given = caller.idempotency
    return Key(caller.name, given.key, given.fingerprint) if given is not None else None


def _once(
    resource: Resource, keeper: Keeper, request: Request, work: Callable[[Request], Response], asked: Asked
) -> Response:
    """The answer to a POST with an idempotency key: what it made, now or when it first came, read anew."""
    answers: list[Response] = []

    def make() -> str:
        answers.append(work(request))
        return answers[0].headers["location"].rpartition("/")[2]

    uuid = keeper.once(key_of(request.caller), make)
    if answers:
        return answers[0]
    with _refusals(), keeper.request(writes=False):
        row = resource.table.get(uuid)
        if row is None:
            raise MadeAndGone
        made = resource.shown([row], origin_of(asked), ())[0]
        return json_answer(made, 201, {"Location": made["url"]})


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
