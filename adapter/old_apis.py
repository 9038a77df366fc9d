"""Assembly of the old APIs: their HTTP face over a register Klantinteracties, through correspondences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from starlette.types import ASGIApp, Receive, Scope, Send

from adapter.api.health import Health
from adapter.api.room import Room
from adapter.api.settings import ApiSettings
from adapter.api.watch import Watch
from adapter.collection import Collection
from adapter.configuration import Configuration
from adapter.correspondence.model import Correspondence, Reference
from adapter.embedded.dialect import document_of
from adapter.embedded.klanten_contactmomenten import DESCRIPTIONS
from adapter.engine.deployment import Deployment
from adapter.engine.maintenance.objecttypes import ObjectTypeDefinition
from adapter.openapi.document import Document
from adapter.phases.phase import Phases
from adapter.registers.client import Register
from adapter.registers_api import BASES, OldApis, completed_by, create_app
from adapter.registers_api.absent import Absent
from adapter.reverse.engine import Reverse
from adapter.reverse.opening import AsideType, correspondences, open_reverse
from adapter.shipped import served_document

NEW, ZAKEN = "klantinteracties", "zaken"


class Kept:
    """What the reverse direction keeps, as a `Keeper`.

    A collection of which the records refer to an API that is not configured is empty: without a base URL
    there is no URL to show.
    """

    def __init__(self, reverse: Reverse, bases: Mapping[str, Sequence[str]]) -> None:
        self._reverse = reverse
        self.collections: dict[str, Collection] = dict(reverse.collections)
        for name, it in reverse.deployment.correspondences.items():
            if (member := _leading_nowhere(it, bases)) is not None:
                self.collections[name] = Absent(member)

    def request(self, *, writes: bool, alone: Sequence[str] = ()) -> AbstractContextManager[None]:
        """See `Keeper`."""
        return self._reverse.request(writes=writes, alone=alone)


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

    def __init__(self, new: ASGIApp, old: ASGIApp) -> None:
        self._new, self._old = new, old
        self._paths = tuple(f"{base}/" for base in BASES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        theirs = scope["type"] == "http" and scope["path"].startswith(self._paths)
        await (self._old if theirs else self._new)(scope, receive, send)


def old_application(
    configuration: Configuration,
    registers: Mapping[str, Register],
    deployment: Deployment,
    settings: ApiSettings,
    *,
    health: Health,
    room: Room,
    watch: Watch | None,
    phases: Phases,
) -> ASGIApp:
    """The application of the old APIs. Raises MappingError."""
    served = configuration.registers_api
    old = OldApis(
        old_documents(configuration),
        aliases=served.aliases,
        zaken=registers.get(ZAKEN),
        relations=served.zaakcontactmoment,
    )
    keeper = Kept(_reverse(configuration, registers, deployment, old), _bases(configuration, registers))
    return create_app(
        keeper,
        replace(settings, public_url=served.url, other_urls=()),
        old,
        health=health,
        room=room,
        watch=watch,
        phases=phases,
    )


def _reverse(
    configuration: Configuration, registers: Mapping[str, Register], deployment: Deployment, old: OldApis
) -> Reverse:
    return open_reverse(
        library=configuration.library,
        dialect=configuration.dialect,
        new=served_document(),
        old=old.documents,
        settings=configuration.settings,
        serving=deployment,
        register=NEW,
        bases=_bases(configuration, registers),
        complete=completed_by(old.documents),
        order={each.name: each.order[0][0] for each in DESCRIPTIONS if each.order},
        each_row=configuration.registers_api.volgend_in_lijsten,
    )


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
        name: [f"{url}{base}" for url in (served.url, *served.aliases)] for base, name in BASES.items()
    }
    zaken = registers.get(ZAKEN)
    return found | {ZAKEN: zaken.aliases if zaken else ()}
