"""The embedded e-Suite as an ASGI application."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapter.embedded.esuite import faults, office
from adapter.embedded.esuite.asked import Asked, asked
from adapter.embedded.esuite.bodies import JSON
from adapter.embedded.esuite.contacts import Contacts
from adapter.embedded.esuite.faults import Refused
from adapter.embedded.esuite.klanten import Klanten
from adapter.embedded.esuite.links import KlantLinks, ZaakLinks
from adapter.embedded.esuite.looseness import Looseness
from adapter.embedded.esuite.office import Office
from adapter.embedded.esuite.organisation import Organisation, read_organisation
from adapter.embedded.esuite.records import CONTACTS, KLANT_LINKS, KLANTEN, ZAAK_LINKS, Records
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification

log = logging.getLogger(__name__)

WRITES = frozenset({"POST", "PATCH"})
# (uuid of the path, JSON of the body, who asks what) → status and JSON of the answer
Operation = Callable[[str, Any, Asked], Awaitable[tuple[int, JSON]]]


def create_app(
    path: str | Path = ":memory:",
    *,
    secrets: Mapping[str, str] = DEMO_SECRETS,
    zaken: Collection[str] = (),
    organisation: Organisation | None = None,
    looseness: Looseness | None = None,
    bases: Mapping[str, str] = MappingProxyType({}),
) -> Starlette:
    """The application, on a SQLite file or in memory.

    secrets: the secret of each client that may sign a JWT, by its client_id.
    zaken: the URLs below which every URL is that of a zaak in this e-Suite.
    organisation: the names that exist in it; those of the demonstration unless given.
    looseness: what the specifications leave open.
    bases: the path of `klanten` and of `contactmomenten` below the host, when not the usual one.

    `app.state.store` is its database, `app.state.looseness` may be changed while it runs.
    """
    looseness = looseness or Looseness()
    organisation = organisation or read_organisation()
    records = Records(path, looseness, bases)
    klanten_document = Document.load(specification("esuite-klanten"))
    contacts_document = Document.load(specification("esuite-contactmomenten"))
    contacts = Contacts(records, organisation, contacts_document)
    late: set[asyncio.Task[None]] = set()

    def is_zaak(url: str) -> bool:
        known = any(url.startswith(f"{base.rstrip('/')}/") for base in zaken)
        return known and url.rpartition("/")[2] not in looseness.unknown

    async def add(body: Any, who: Asked) -> JSON:
        """Record a contact; answered by a gateway when that takes too long or the answer gets lost."""
        record = contacts.prepared(body, who)
        if looseness.late:
            late.add(asyncio.create_task(_after(looseness.late, lambda: contacts.add(record))))
            raise _gave_up()
        row = contacts.add(record)
        if looseness.take("lost"):
            raise _gave_up()
        return contacts.shown(row, who.origin, whole=True)

    desks = Office(records, organisation, contacts)
    operations = {
        **_klanten(records.paths, Klanten(records, organisation, klanten_document)),
        **_contacts(records.paths, contacts, add),
        **_links(
            records.paths,
            KlantLinks(records, contacts_document),
            ZaakLinks(records, contacts_document, is_zaak),
        ),
        **_desks(desks),
    }

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        for task in late:
            task.cancel()
        records.store.close()

    routes = [
        Route(path, Endpoint(methods, secrets, organisation, looseness))
        for path, methods in operations.items()
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _unknown_path})
    app.router.redirect_slashes = False
    app.state.store, app.state.looseness = records.store, looseness
    return app


class Endpoint:
    """The operations of one path, by their method, as an ASGI application."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        secrets: Mapping[str, str],
        organisation: Organisation,
        looseness: Looseness,
    ) -> None:
        self._operations = operations
        self._secrets, self._organisation, self._looseness = secrets, organisation, looseness

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refused as refused:
            response = faults.refusal(refused, mute=self._looseness.mute)
        except Exception as error:
            # the message of an error may hold what a client sent
            log.error("internal error: %s", type(error).__name__)  # noqa: TRY400
            response = faults.refusal(Refused(500, "INTERNAL", "Er ging iets mis."))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation = self._operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            raise Refused(405, "VALIDATION", "Dit kan hier niet.")
        who = asked(request, self._secrets, self._organisation)
        body = None
        if request.method in WRITES:
            body = await _body(request)
            if self._looseness.take("conflicts"):
                raise faults.conflict("Probeer het later nog eens.")
        status, content = await operation(request.path_params.get("uuid", ""), body, who)
        return faults.answer(content, status)


def _klanten(paths: Mapping[str, str], klanten: Klanten) -> dict[str, dict[str, Operation]]:
    path = paths[KLANTEN.name]
    return {
        path: {
            "GET": _read(lambda _, who: klanten.listed(who)),
            "POST": _written(201, lambda _, body, who: klanten.create(body, who)),
        },
        f"{path}/{{uuid}}": {
            "GET": _read(klanten.record),
            "PATCH": _written(200, klanten.change),
        },
    }


def _contacts(
    paths: Mapping[str, str], contacts: Contacts, add: Callable[[Any, Asked], Awaitable[JSON]]
) -> dict[str, dict[str, Operation]]:
    path = paths[CONTACTS.name]

    async def create(_uuid: str, body: Any, who: Asked) -> tuple[int, JSON]:
        return 201, await add(body, who)

    return {
        path: {"GET": _read(lambda _, who: contacts.listed(who)), "POST": create},
        f"{path}/{{uuid}}": {"GET": _read(contacts.record)},
    }


def _links(
    paths: Mapping[str, str], of_klanten: KlantLinks, of_zaken: ZaakLinks
) -> dict[str, dict[str, Operation]]:
    return {
        paths[KLANT_LINKS.name]: {
            "GET": _read(lambda _, who: of_klanten.listed(who)),
            "POST": _written(201, lambda _, body, who: of_klanten.create(body, who)),
        },
        paths[ZAAK_LINKS.name]: {
            "GET": _read(lambda _, who: of_zaken.listed(who)),
            "POST": _written(201, lambda _, body, who: of_zaken.create(body, who)),
        },
    }


def _desks(desks: Office) -> dict[str, dict[str, Operation]]:
    one = f"{office.BASE}/{{uuid}}"
    return {
        office.BASE: {"GET": _read(lambda _, who: desks.listed(who))},
        one: {"GET": _read(desks.record), "PATCH": _written(200, desks.change)},
        f"{one}/antwoorden": {"POST": _written(201, desks.answer)},
        f"{one}/kopie": {"POST": _written(201, lambda uuid, _, who: desks.copy(uuid, who))},
    }


def _read(read: Callable[[str, Asked], JSON]) -> Operation:
    async def operation(uuid: str, _body: Any, who: Asked) -> tuple[int, JSON]:
        return 200, read(uuid, who)

    return operation


def _written(status: int, write: Callable[[str, Any, Asked], JSON]) -> Operation:
    async def operation(uuid: str, body: Any, who: Asked) -> tuple[int, JSON]:
        return status, write(uuid, body, who)

    return operation


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refused(400, "VALIDATION", "De inhoud is geen JSON.") from None


async def _after(seconds: float, do: Callable[[], object]) -> None:
    await asyncio.sleep(seconds)
    do()


def _gave_up() -> Refused:
    """504, from a gateway before the e-Suite that did not wait for its answer."""
    return Refused(504, "INTERNAL", "De e-Suite antwoordt niet.")


async def _unknown_path(_request: Request, _error: Exception) -> Response:
    return faults.refusal(faults.not_found())
