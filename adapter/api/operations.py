"""The operations of the specification, as a middleware of Connexion.

`Gate` has already matched the path and read the request, so this middleware calls the handler of the
operation with that request. Connexion's own handling of a request (routing, inspecting the handler's
signature, building a request object) takes more time than all checks of `Gate` together.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from adapter.api.handlers import Handler, Write
from adapter.api.request import Request
from adapter.openapi.document import Document

with warnings.catch_warnings():
    # Connexion brings Starlette's test client along, which complains about the HTTP client that it finds.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from connexion import ConnexionMiddleware
    from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware

REQUEST = "klantbrug_request"

# Long bodies are parsed one at a time, since parsing takes many times their length in memory.
_one_at_a_time: RunVar[CapacityLimiter] = RunVar("one_at_a_time")


def connected(
    apis: Mapping[str, Document],
    handlers: Mapping[str, Handler],
    lifespan: Callable[[Any], Any],
) -> ASGIApp:
    """The ASGI application of the operations of some APIs, by their base path.

    `handlers` has the handler of each operationId that is served.
    """
    middlewares = [LifespanMiddleware, _Operations]
    app: Any = ConnexionMiddleware(
        _nothing,
        import_name=__name__,
        lifespan=lifespan,
        middlewares=middlewares,
        resolver=handlers.__getitem__,
    )
    for base_path, document in apis.items():
        app.add_api(_paths_alone(document, handlers), base_path=base_path)
    return app  # type: ignore[no-any-return]


def _paths_alone(document: Document, handlers: Mapping[str, Handler]) -> dict[str, Any]:
    """The document without schemas: Connexion would validate and resolve those at every start."""
    paths: dict[str, dict[str, Any]] = {}
    for each in document.operations:
        if each.operation_id in handlers:
            paths.setdefault(each.path, {})[each.method] = {
                "operationId": each.operation_id,
                "responses": {"default": {"description": ""}},
            }
    return {"openapi": document.raw["openapi"], "info": document.raw["info"], "paths": paths}


def addressed(operation_id: str, base_path: str, request: Request) -> dict[str, Any]:
    """The `extensions` of an ASGI scope that lead a request to its operation."""
    return {
        ROUTING_CONTEXT: {"api_base_path": base_path, "operation_id": operation_id},
        REQUEST: request,
    }


class _Operation:
    """One operation; its handler blocks on register calls, so it runs in a worker thread."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope["extensions"][REQUEST]
        if request.is_long and isinstance(self._handle, Write):
            read = await to_thread.run_sync(self._handle.read, request, limiter=_limiter())
            answer = await run_in_threadpool(self._handle.finish, request, read)
        else:
            answer = await run_in_threadpool(self._handle, request)
        await answer(scope, receive, send)


def _limiter() -> CapacityLimiter:
    try:
        return _one_at_a_time.get()
    except LookupError:
        limiter = CapacityLimiter(1)
        _one_at_a_time.set(limiter)
        return limiter


class _API(RoutedAPI[_Operation]):  # type: ignore[misc]
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.add_paths()

    def make_operation(self, operation: Any) -> _Operation:
        return _Operation(operation.function)


class _Operations(RoutedMiddleware[_API]):  # type: ignore[misc]
    api_cls = _API


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """The application behind the middleware; never called, since `Gate` passes nothing but operations."""
