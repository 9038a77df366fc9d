"""The ASGI application of the Klantinteracties API, built from its OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from adapter.api.gate import Gate
from adapter.api.handlers import Endpoint, handler, in_room
from adapter.api.health import Health
from adapter.api.operations import connected
from adapter.api.passing import Action, Passing
from adapter.api.published import Published
from adapter.api.room import Room
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.phases.moving import Moving
from adapter.service import Service
from adapter.shipped import served_document


def create_app(
    service: Service,
    settings: ApiSettings,
    health: Health | None = None,
    watch: Watch | None = None,
    *,
    room: Room | None = None,
    moving: Moving | None = None,
    action: Action = lambda _: nullcontext(),
) -> ASGIApp:
    """The application that serves every operation of the specification and the health endpoints.

    Connexion resolves the operations to the generic handlers. Authentication and validation are done by
    `Gate` and the handlers, not by Connexion, because clients compare their errors with Open Klant's. `watch`
    measures the requests, if somebody does; `room` limits those of another application too; `moving` has the
    phases of a move, and `action` logs what the target answers in one of them.
    """
    document = served_document()
    base_path = urlsplit(document.raw["servers"][0]["url"]).path.rstrip("/")
    health = health or Health()
    room = room or Room(settings.threads, settings.most_threads)
    if settings.ready_with_room:
        health.is_full = room.is_full

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        async with room.kept():
            health.started = True
            yield
            health.started = False

    endpoints = {
        each.operation_id: Endpoint(service, document, each, settings.base_url, settings.bounds)
        for each in document.operations
    }
    handlers = {name: in_room(handler(each), room) for name, each in endpoints.items()}
    app = connected({base_path: document}, handlers, lifespan)
    published = Published(base_path)
    return Gate(
        app,
        settings,
        document=document,
        published=published,
        passing=Passing(moving or Moving(), endpoints, handlers, room, action),
        health=health,
        base_path=base_path,
        memory=room.memory,
        watch=watch,
    )
