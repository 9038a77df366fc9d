"""The Klantinteracties API as an ASGI application, made from its specification."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.responses import Response
from starlette.types import ASGIApp

from adapter.api.gate import Gate
from adapter.api.handlers import Endpoint, Handler, handler
from adapter.api.health import Health
from adapter.api.published import Published
from adapter.api.settings import ApiSettings
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification
from adapter.service import Service

with warnings.catch_warnings():
    # Connexion brings Starlette's test client along, which complains about the HTTP client that it finds.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from connexion import AsyncApp
    from connexion.middleware.context import ContextMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.middleware.routing import RoutingMiddleware

API = "klantinteracties"


def create_app(service: Service, settings: ApiSettings, health: Health | None = None) -> ASGIApp:
    """The application that serves the specification, and tells how it is doing.

    Of Connexion only the routing is used: gate and handlers validate and authenticate in the way that the
    clients of this API know.
    """
    path = specification(API)
    document = Document.load(path)
    base_path = urlsplit(document.raw["servers"][0]["url"]).path.rstrip("/")
    health = health or Health()

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        health.started = True
        yield
        health.started = False

    app = AsyncApp(
        __name__,
        lifespan=lifespan,
        middlewares=[RoutingMiddleware, LifespanMiddleware, ContextMiddleware],
        resolver=_generic(service, document, settings.base_url),
        uri_parser_class=_NoUriParser,
    )
    app.add_api(dict(document.raw), base_path=base_path)
    published = Published(path, document)
    return Gate(app, settings, document=document, published=published, health=health, base_path=base_path)


def _generic(service: Service, document: Document, base_url: str) -> Callable[[str], Any]:
    """Gives every operation, by its operationId, the generic handler of its kind."""
    handlers = {
        operation.operation_id: _connected(handler(Endpoint(service, document, operation, base_url)))
        for operation in document.operations
    }
    return handlers.__getitem__


def _connected(handle: Handler) -> Any:
    def operation(context_: Mapping[str, Any]) -> Response:
        return handle(context_["request"])

    return operation


class _NoUriParser:
    """Leaves path and query alone: the handlers read both themselves."""

    def __init__(self, _parameters: Any, _body: Any) -> None:
        pass

    def resolve_path(self, _parameters: Any) -> dict[str, Any]:
        return {}

    def resolve_query(self, _parameters: Any) -> dict[str, Any]:
        return {}

    def resolve_form(self, _form: Any) -> dict[str, Any]:
        return {}
