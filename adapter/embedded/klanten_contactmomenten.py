"""The embedded Klanten and Contactmomenten registers: two APIs in one ASGI application.

They behave as Open Klant 1.0, oddities included. Strict ones, for tests of dialect vng, do what the
specifications say and no more.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from adapter.dialects import SHIPPED, Library
from adapter.embedded import answers
from adapter.embedded.addresses import Addresses
from adapter.embedded.contactmomenten import Contactmomenten, Klantcontactmomenten, Objectcontactmomenten
from adapter.embedded.dialect import (
    CONTACTMOMENTEN,
    KLANTCONTACTMOMENTEN,
    KLANTEN,
    OBJECTCONTACTMOMENTEN,
    document_of,
)
from adapter.embedded.klanten import Klanten
from adapter.embedded.register import Register
from adapter.embedded.remote import Remote
from adapter.embedded.resources import Resource, performed
from adapter.embedded.store import Referring, Store, Table
from adapter.embedded.tokens import check_token

log = logging.getLogger(__name__)

DEMO_SECRETS: Mapping[str, str] = {"demo": "demo-secret-demo-secret-demo-secret"}

OPEN_KLANT = ("openklant", "vng")
DESCRIPTIONS = (KLANTEN, CONTACTMOMENTEN, KLANTCONTACTMOMENTEN, OBJECTCONTACTMOMENTEN)


def create_app(
    path: str | Path = ":memory:",
    *,
    lineage: tuple[str, ...] = OPEN_KLANT,
    secrets: Mapping[str, str] = DEMO_SECRETS,
    zaken: Collection[str] = (),
    aliases: Collection[str] = (),
    remote: Remote | None = None,
    loose_order: bool = False,
    library: Library = SHIPPED,
) -> Starlette:
    """The application with both registers, on a SQLite file or in memory.

    lineage: the dialect followed by those that it extends; strict unless it is built on Open Klant.
    secrets: the secret of each client that may sign a JWT, by its client_id.
    zaken: the base URLs of the Zaken APIs to whose zaken contacts may be linked.
    aliases: other origins (scheme and host) by which clients refer to these registers.
    remote: fetches URLs of other servers; over the network unless given.
    loose_order: whether contactmomenten of the same moment change places with every write.
    library: where the dialects are, with their overlays.

    The database is `app.state.store`, and `app.state.resources` are the collections by name.
    """
    store = Store(path)
    store.loose_order = loose_order
    register = _register(store, lineage, library, zaken=zaken, aliases=aliases, remote=remote or Remote())
    resources = resources_of(register)
    routes = []
    for resource in resources:
        endpoint = Endpoint(resource, secrets)
        routes.append(Route(resource.description.path, endpoint))
        routes.append(Route(f"{resource.description.path}/{{uuid}}", endpoint))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        register.remote.close()
        store.close()

    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _unknown_path})
    app.state.store = store
    app.state.resources = {each.description.name: each for each in resources}
    # a path with a slash at its end is another one, and unknown
    app.router.redirect_slashes = False
    return app


def _register(store: Store, lineage: tuple[str, ...], library: Library, **settings: Any) -> Register:
    names = {each.document for each in DESCRIPTIONS}
    documents = {name: document_of(name, lineage, library) for name in names}
    strict = OPEN_KLANT[0] not in lineage
    return Register(tables_of(store), documents, Addresses(DESCRIPTIONS), strict=strict, **settings)


def resources_of(register: Register) -> list[Resource]:
    """The four collections."""
    klant_links = Klantcontactmomenten(register)
    object_links = Objectcontactmomenten(register)
    links = {KLANTCONTACTMOMENTEN.name: klant_links, OBJECTCONTACTMOMENTEN.name: object_links}
    return [Klanten(register), Contactmomenten(register, links), klant_links, object_links]


def tables_of(store: Store) -> dict[str, Table]:
    """The table of each collection, by its name."""
    tables = {
        each.name: Table(store, each.name, each.indexed, each.unique, each.order) for each in DESCRIPTIONS
    }
    for each in DESCRIPTIONS:
        tables[each.name].owned = [Referring(tables[name], path) for name, path in each.owned]
        tables[each.name].referring = [Referring(tables[name], path) for name, path in each.referring]
    return tables


async def _unknown_path(_request: Request, _error: Exception) -> Response:
    return HTMLResponse("<!doctype html><title>Not Found</title><h1>Not Found</h1>", 404)


class Endpoint:
    """The requests on one collection and on its records, as an ASGI application."""

    def __init__(self, resource: Resource, secrets: Mapping[str, str]) -> None:
        self.resource = resource
        self.secrets = secrets

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        uuid: str | None = scope.get("path_params", {}).get("uuid")
        methods = self.resource.methods["collection" if uuid is None else "record"]
        strict = self.resource.register.strict
        try:
            response = await self._answer(request, uuid, methods)
        except answers.Refused as refused:
            response = answers.refusal(refused, request, strict=strict)
        except Exception as error:
            # the message of an error may hold what a client sent
            log.error("internal error: %s", type(error).__name__)  # noqa: TRY400
            response = answers.refusal(answers.broken(), request, strict=strict)
        await response(scope, receive, send)

    async def _answer(self, request: Request, uuid: str | None, methods: Collection[str]) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            raise answers.method_not_allowed(request.method, methods)
        if not accepts_json(request.headers.get("accept", "*/*")):
            raise answers.not_acceptable()
        check_token(request.headers.get("authorization"), self.secrets)
        return await performed(self.resource, method, uuid, request, lambda: _body(request))


def accepts_json(accept: str) -> bool:
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return not wanted.isdisjoint({"*/*", "application/*", "application/json", ""})


async def _body(request: Request) -> Any:
    """The JSON of the body; {} without a Content-Length, since Open Klant reads no chunked bodies."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) == 0:
        return {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if media_type.lower() != "application/json":
        raise answers.unsupported(request.headers.get("content-type", ""))
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise answers.malformed(f"JSON parse error - {error}") from None
