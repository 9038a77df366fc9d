"""The ASGI application of the old APIs, built from their OpenAPI documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from starlette.types import ASGIApp

from adapter.api.handlers import in_room
from adapter.api.health import Health
from adapter.api.operations import connected
from adapter.api.request import LONG_BODY
from adapter.api.room import Room
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.collection import Keeper
from adapter.embedded.klanten_contactmomenten import DESCRIPTIONS, resources_of
from adapter.embedded.resources import Resource
from adapter.openapi.document import Document, Operation
from adapter.phases.phase import Phases
from adapter.registers.client import Register as Client
from adapter.registers_api.gate import OldGate
from adapter.registers_api.operations import handler
from adapter.registers_api.register import Shared, UuidAddresses, Zaken

# The base path of each API, with the name of its document.
BASES: Mapping[str, str] = {each.base: each.document for each in DESCRIPTIONS}


@dataclass(frozen=True, slots=True)
class OldApis:
    """How the old APIs are served.

    documents: the document of each, by its name, as a dialect has it.
    aliases: other URLs than the public ones below which clients may refer to records.
    other_urls: further public URLs; links follow the one under which was asked.
    zaken: the Zaken API of the zaken that contacts are linked with.
    relations: whether such a link must be there too, before it is made here and until it is deleted.
    """

    documents: Mapping[str, Document]
    aliases: tuple[str, ...] = ()
    other_urls: tuple[str, ...] = ()
    zaken: Client | None = None
    relations: bool = False


def completed_by(documents: Mapping[str, Document]) -> Callable[[str, Mapping[str, Any]], dict[str, Any]]:
    """A function of a collection and the members of a record: the whole record, as the face stores it."""
    register = Shared({}, documents, UuidAddresses(DESCRIPTIONS))
    resources = {each.description.name: each for each in resources_of(register)}
    return lambda name, values: resources[name].filled(values, {})


def operations_of(keeper: Keeper, old: OldApis, public: str) -> Iterator[tuple[Resource, Operation]]:
    """The operations on each collection; `public` is the first URL above the paths of both APIs."""
    documents = old.documents
    register = Shared(
        keeper.collections,
        documents,
        UuidAddresses(DESCRIPTIONS, (public, *old.other_urls, *old.aliases)),
        aliases=(public, *old.other_urls, *old.aliases),
        kept_at=public,
        zaken=old.zaken.aliases if old.zaken else (),
        remote=Zaken(old.zaken),
        relations=old.relations,
    )
    for resource in resources_of(register):
        for operation in documents[resource.description.document].operations:
            if operation.path in resource.paths:
                yield resource, operation


def create_app(
    keeper: Keeper,
    settings: ApiSettings,
    old: OldApis,
    *,
    health: Health | None = None,
    room: Room | None = None,
    watch: Watch | None = None,
    phases: Phases | None = None,
) -> ASGIApp:
    """The application that serves the collections of a keeper and the health endpoints.

    `settings.public_url` is the URL above the paths of both APIs. With a `room` the application shares the
    threads of another one, whose lifespan keeps them; without one it has its own.
    """
    health = health or Health()
    documents = old.documents
    public = settings.base_url
    # No record of these APIs is as long as a body may be elsewhere.
    settings = replace(settings, body_limit=min(settings.body_limit, LONG_BODY))
    working = room or Room(settings.threads, settings.most_threads)
    handlers = {
        operation.operation_id: in_room(
            handler(resource, operation, keeper, public, settings.bounds), working
        )
        for resource, operation in operations_of(keeper, old, public)
    }

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        async with working.kept():
            health.started = True
            yield
            health.started = False

    apis = {base: documents[name] for base, name in BASES.items()}
    app = connected(apis, handlers, lifespan)
    return OldGate(
        app,
        settings,
        apis=apis,
        served=handlers,
        phases=phases or Phases(),
        health=health,
        memory=working.memory,
        watch=watch,
    )
