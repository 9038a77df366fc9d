"""The application: the handler of each path and method."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, Router

from adapter.embedded.objects import catalogue, object_handlers, records, type_handlers
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.database import Database
from adapter.embedded.objects.errors import broken
from adapter.embedded.objects.exchange import API, Handler, Resource, origin_of
from adapter.embedded.objects.grants import Grant, Mode
from adapter.embedded.objects.records import Draft

# A token without permissions, for trying what such a client is answered.
POWERLESS: Mapping[str, Mapping[str, Mode]] = {"objects-token-readonly-0123456789": {}}

OBJECTS: Mapping[str, Mapping[str, Handler]] = {
    "/objects": {"GET": object_handlers.list_objects, "POST": object_handlers.create_object},
    "/objects/search": {"POST": object_handlers.search_objects},
    "/objects/{uuid}": {
        "GET": object_handlers.retrieve_object,
        "PUT": object_handlers.update_object,
        "PATCH": object_handlers.partial_update_object,
        "DELETE": object_handlers.delete_object,
    },
    "/objects/{uuid}/history": {"GET": object_handlers.object_history},
    "/objects/{uuid}/{index:int}": {"GET": object_handlers.object_record},
}
TYPES: Mapping[str, Mapping[str, Handler]] = {
    "/objecttypes": {"GET": type_handlers.list_types, "POST": type_handlers.create_type},
    "/objecttypes/{uuid}": {
        "GET": type_handlers.retrieve_type,
        "PUT": type_handlers.update_type,
        "PATCH": type_handlers.partial_update_type,
        "DELETE": type_handlers.delete_type,
    },
    "/objecttypes/{uuid}/versions": {
        "GET": type_handlers.list_versions,
        "POST": type_handlers.create_version,
    },
    "/objecttypes/{uuid}/versions/{version:int}": {
        "GET": type_handlers.retrieve_version,
        "PUT": type_handlers.change_version,
        "PATCH": type_handlers.change_version,
        "DELETE": type_handlers.delete_version,
    },
    "/permissions": {"GET": type_handlers.list_permissions},
}


def create_app(
    path: str | Path,
    *,
    types: Iterable[TypeSeed] = (),
    token: str = "demo",  # noqa: S107 - the register of a demonstration
    permissions: Mapping[str, Mapping[str, Mode]] = POWERLESS,
    superusers: Iterable[str] = (),
) -> Starlette:
    """An Objects API at `/api/v2` on the SQLite file `path`, or in memory (`:memory:`).

    types: the objecttypes that it must have; missing ones are added.
    token: a token that may do everything.
    permissions: other tokens, each with its mode by the uuid of an objecttype.
    superusers: tokens that may do everything and have no permissions to list.

    The database is `app.state.database`. It is open now, closed when the server stops, and opened again when
    the application is started again.
    """
    database = Database(path)
    catalogue.seed(database, types)
    records.complete(database)
    grants = {name: Grant(modes) for name, modes in permissions.items()} | {token: Grant()}
    grants |= {name: Grant(listed=False) for name in superusers}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        database.open()
        yield
        database.close()

    routes = [
        Route(API + suffix, Resource(database, grants, handlers, crs=crs))
        for resources, crs in ((OBJECTS, True), (TYPES, False))
        for suffix, handlers in resources.items()
    ]
    app = Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={404: _unknown_path, Exception: _failure}
    )
    router: Router = app.router
    router.redirect_slashes = False  # a trailing slash is another path, and unknown
    app.state.database = database
    return app


def insert(app: Starlette, objects: Iterable[tuple[str, Draft]]) -> None:
    """Store objects with their uuids in the database of `app`, all or none, without validation.

    An object that exists already gets another record.
    """
    database: Database = app.state.database
    with database.transaction():
        for uuid, draft in objects:
            records.add(database, uuid, draft)


async def _unknown_path(_: Request, __: Exception) -> Response:
    return HTMLResponse("<!doctype html><title>Not found</title><h1>Not found</h1>", 404)


async def _failure(request: Request, _: Exception) -> Response:
    return JSONResponse(broken().content(origin_of(request)), 500)
