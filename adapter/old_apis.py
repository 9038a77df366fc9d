"""Assembly of the old APIs: their HTTP face over a register Klantinteracties, through correspondences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from adapter.api.health import Health
from adapter.api.room import Room
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.collection import Collection, Key
from adapter.configuration import Configuration
from adapter.configuration.parts import Objecttype, RegistersApi
from adapter.correspondence.model import Correspondence, Reference
from adapter.embedded.dialect import document_of
from adapter.embedded.klanten_contactmomenten import DESCRIPTIONS
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.exchange import API
from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.entities.stored_object import ASIDES
from adapter.engine.maintenance.objecttypes import ObjectTypeDefinition
from adapter.mapping.paths import copied
from adapter.openapi.document import Document
from adapter.openapi.objecttypes import objecttype_schema
from adapter.phases.phase import Phases
from adapter.registers.client import Register
from adapter.registers.services import build_service
from adapter.registers_api import BASES, OldApis, completed_by, create_app
from adapter.registers_api.absent import Absent
from adapter.registers_api.objects_gate import ObjectsGate
from adapter.registers_api.taken import Objects
from adapter.reverse.deployment import Complete
from adapter.reverse.engine import Reverse
from adapter.reverse.opening import AsideType, correspondences, open_reverse
from adapter.reverse.table import AsideTable
from adapter.shipped import served_document
from adapter.state.opening import State

NEW, ZAKEN, OBJECTS = "klantinteracties", "zaken", "objects"
# What logs and errors call the Objects API when a client asks it something with its own token.
BEHIND = "objects_of_clients"
# The correspondence, and the collection, of interne taken as objects.
TAAK = "internetaak"


class Kept:
    """What the reverse direction keeps, as a `Keeper`.

    A collection of which the records refer to an API that is not configured is empty: without a base URL
    there is no URL to show.
    """

    def __init__(self, reverse: Reverse, bases: Mapping[str, Sequence[str]]) -> None:
        self.reverse = reverse
        self.collections: dict[str, Collection] = dict(reverse.collections)
        for name, it in reverse.deployment.correspondences.items():
            if (member := _leading_nowhere(it, bases)) is not None:
                self.collections[name] = Absent(member)

    def request(self, *, writes: bool, alone: Sequence[str] = ()) -> AbstractContextManager[None]:
        """See `Keeper`."""
        return self.reverse.request(writes=writes, alone=alone)

    def once(self, key: Key | None, make: Callable[[], str]) -> str:
        """See `Keeper`."""
        return self.reverse.once(key, make)


def _leading_nowhere(it: Correspondence, bases: Mapping[str, Sequence[str]]) -> str | None:
    for pair in it.pairs:
        for step in pair.conversions:
            if isinstance(step, Reference) and step.right == "url":
                register, _, _ = step.collection.partition("/")
                if not bases.get(register):
                    return ".".join(pair.right)
    return None


class OldOrNew:
    """Gives a request to the application of the old APIs when its path is one of theirs, else to the other.

    The lifespan is that of the other, which keeps the threads of both.
    """

    def __init__(self, new: ASGIApp, old: ASGIApp, bases: Iterable[str] = (*BASES, API)) -> None:
        self._new, self._old = new, old
        self._paths = tuple(f"{base}/" for base in bases)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        theirs = scope["type"] == "http" and scope["path"].startswith(self._paths)
        await (self._old if theirs else self._new)(scope, receive, send)


def apis_of(configuration: Configuration, registers: Mapping[str, Register]) -> OldApis:
    """How a deployment serves the old APIs."""
    served = configuration.registers_api
    return OldApis(
        old_documents(configuration),
        aliases=served.aliases,
        other_urls=served.other_urls,
        zaken=registers.get(ZAKEN),
        relations=served.zaakcontactmoment,
    )


def keeper_of(
    configuration: Configuration, registers: Mapping[str, Register], deployment: Deployment
) -> Kept:
    """What keeps the records of the old APIs. Raises MappingError."""
    return Kept(_reverse(configuration, registers, deployment), _bases(configuration, registers))


def old_application(
    configuration: Configuration,
    registers: Mapping[str, Register],
    keeper: Kept,
    settings: ApiSettings,
    *,
    health: Health,
    room: Room,
    watch: Watch | None,
    phases: Phases,
) -> ASGIApp:
    """The application of the old APIs."""
    served, old = configuration.registers_api, apis_of(configuration, registers)
    settings = replace(settings, public_url=served.url, other_urls=served.other_urls)
    app = create_app(keeper, settings, old, health=health, room=room, watch=watch, phases=phases)
    if served.internetaak is None:
        return app
    gate = ObjectsGate(
        app,
        settings,
        objects=Objects(keeper, TAAK, _seed(served.internetaak)),
        behind=_without_token(configuration),
        spelled=partial(_spelled, served.url, _urls(served)),
        shown=lambda text, asked: _spelled(asked, (served.url,), text),
        health=health,
        room=room,
        watch=watch,
        phases=phases,
    )
    return OldOrNew(app, gate, (API,))


def _seed(kind: Objecttype) -> TypeSeed:
    """The objecttype of interne taken, with as many versions as there are."""
    schemas = (objecttype_schema(TAAK),) * kind.version
    return TypeSeed(kind.url.rstrip("/").rpartition("/")[2].lower(), TAAK, TAAK, schemas)


def _without_token(configuration: Configuration) -> Register:
    """A client of the Objects API that sends the tokens of others, and none of its own."""
    known = configuration.registers[OBJECTS]
    service = {**known.service, "auth_type": "no_auth", "header_key": "", "header_value": ""}
    limits = configuration.limits.register_limits(float(known.service["timeout"]), 1)
    return Register(BEHIND, build_service(service, known.certificates), limits=limits)


def _urls(served: RegistersApi) -> tuple[str, ...]:
    """The URLs above the paths of the old APIs by which clients may refer to records; the first is kept."""
    return (served.url, *served.other_urls, *served.aliases)


def _spelled(url: str, others: Iterable[str], text: str) -> str:
    """A text with this address in the place of others."""
    for other in others:
        for base in BASES if other != url else ():
            text = text.replace(f"{other}{base}/", f"{url}{base}/")
    return text


def _reverse(
    configuration: Configuration, registers: Mapping[str, Register], deployment: Deployment
) -> Reverse:
    documents = old_documents(configuration)
    return open_reverse(
        library=configuration.library,
        dialect=configuration.dialect,
        new=served_document(),
        old=documents,
        settings=configuration.settings,
        serving=deployment,
        register=NEW,
        bases=_bases(configuration, registers),
        complete=_completing(documents),
        left_out=() if configuration.registers_api.internetaak else (TAAK,),
        order={each.name: each.order[0][0] for each in DESCRIPTIONS if each.order},
        each_row=configuration.registers_api.volgend_in_lijsten,
    )


def _completing(documents: Mapping[str, Document]) -> Complete:
    """A function that makes a record complete; an object has the members that it has."""
    completed = completed_by(documents)
    return lambda name, values: copied(dict(values)) if name == TAAK else completed(name, values)


def old_documents(configuration: Configuration) -> dict[str, Document]:
    """The documents of the old APIs, as the dialect of the deployment has them."""
    library = configuration.library
    return {
        name: document_of(name, library.lineage(configuration.dialect), library) for name in BASES.values()
    }


def aside_type() -> ObjectTypeDefinition:
    """The objecttype of what a register Klantinteracties has no place for."""
    it = AsideType()
    return ObjectTypeDefinition(it.uuid, it.name, it.name_plural, it.schema)


def aside_table(state: State) -> tuple[dict[str, AsideTable], dict[str, ObjectType]]:
    """The table of asides as one of the registers, and its kind of objects as one of the objecttypes."""
    it = AsideType()
    return {ASIDES: AsideTable(state.asides)}, {it.name: ObjectType(it.name, it.uuid, "", 1)}


def new_collections(configuration: Configuration) -> list[str]:
    """The collections of the register Klantinteracties in which the old records are. Raises MappingError."""
    found = correspondences(
        configuration.library,
        configuration.dialect,
        new=served_document(),
        old=old_documents(configuration),
        settings=configuration.settings,
    )
    return [each.left.name for each in found.values()]


def _bases(configuration: Configuration, registers: Mapping[str, Register]) -> dict[str, Sequence[str]]:
    """The URLs of the APIs to whose records a record refers, by the name of the API."""
    served = configuration.registers_api
    found: dict[str, Sequence[str]] = {
        name: [f"{url}{base}" for url in _urls(served)] for base, name in BASES.items()
    }
    zaken = registers.get(ZAKEN)
    return found | {ZAKEN: zaken.aliases if zaken else ()}
