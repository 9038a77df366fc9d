"""A small stand-in for a Zaken API, with what a register needs to link contacts to zaken.

Every version 4 uuid is that of an existing zaak, except those that begin with `dead`. By default every zaak
is related to every contactmoment until the relation is deleted; or to none, until it is created.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapter.embedded.answers import Refused, invalid, json_answer, not_found, origin_of, refusal
from adapter.openapi import reasons
from adapter.openapi.checked import Problem

VERSION = 4
GONE = "dead"
PAIR = ("zaak", "contactmoment")

Pair = tuple[str, str]


class Relations:
    """The pairs of zaak and contactmoment; stored are only those that differ from the default."""

    def __init__(self, *, related: bool) -> None:
        self._related = related
        self._others: set[Pair] = set()
        self._known: dict[str, Pair] = {}
        self._made: Counter[Pair] = Counter()

    def uuid(self, pair: Pair) -> str:
        """The uuid of a pair; it changes when the relation is created again."""
        found = str(uuid5(NAMESPACE_URL, f"{' '.join(pair)} {self._made[pair]}"))
        self._known[found] = pair
        return found

    def pair(self, uuid: str) -> Pair | None:
        """The related pair with a uuid that was answered before, or None."""
        found = self._known.get(uuid)
        return found if found and self.exists(found) else None

    def exists(self, pair: Pair) -> bool:
        """Whether the two are related."""
        return (pair in self._others) != self._related

    def others(self) -> frozenset[Pair]:
        """The pairs that differ from the default."""
        return frozenset(self._others)

    def put(self, pair: Pair, *, related: bool) -> None:
        """Create or delete a relation."""
        self._made[pair] += related and not self.exists(pair)
        if related == self._related:
            self._others.discard(pair)
        else:
            self._others.add(pair)


def create_app(*, related: bool = True) -> Starlette:
    """The stand-in; it asks for no token, and may be mounted below a path.

    `related` is whether a relation exists by default.
    """
    relations = Relations(related=related)

    def shown(pair: Pair, request: Request) -> dict[str, Any]:
        uuid = relations.uuid(pair)
        url = f"{_base(request)}/zaakcontactmomenten/{uuid}"
        return {"url": url, "uuid": uuid, **dict(zip(PAIR, pair, strict=True))}

    async def zaak(request: Request) -> Response:
        return json_answer(_zaak(request))

    async def collection(request: Request) -> Response:
        if request.method == "POST":
            pair = _pair(await _object(request))
            relations.put(pair, related=True)
            made = shown(pair, request)
            return json_answer(made, 201, {"Location": made["url"]})
        pair = _pair(request.query_params)
        if request.method == "DELETE":
            relations.put(pair, related=False)
            return json_answer(None, 204)
        return json_answer([shown(pair, request)] if relations.exists(pair) else [])

    async def relation(request: Request) -> Response:
        pair = relations.pair(request.path_params["uuid"])
        if pair is None:
            raise not_found()
        if request.method == "DELETE":
            relations.put(pair, related=False)
            return json_answer(None, 204)
        return json_answer(shown(pair, request))

    async def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, Refused):
            raise error
        return refusal(error, request)

    routes = [
        Route("/zaken/{uuid}", zaak),
        Route("/zaakcontactmomenten", collection, methods=["GET", "POST", "DELETE"]),
        Route("/zaakcontactmomenten/{uuid}", relation, methods=["GET", "DELETE"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Refused: refused})
    app.router.redirect_slashes = False
    app.state.relations = relations
    return app


def _base(request: Request) -> str:
    return origin_of(request) + str(request.scope.get("root_path", ""))


def _zaak(request: Request) -> dict[str, Any]:
    try:
        uuid = UUID(request.path_params["uuid"])
    except ValueError:
        raise not_found() from None
    if uuid.version != VERSION or str(uuid).startswith(GONE):
        raise not_found()
    origin = _base(request)
    return {
        "url": f"{origin}/zaken/{uuid}",
        "uuid": str(uuid),
        "identificatie": f"ZAAK-{uuid.hex[:8]}",
        "bronorganisatie": "517439943",
        "verantwoordelijkeOrganisatie": "517439943",
        "omschrijving": "Zaak",
        "zaaktype": f"{origin}/zaaktypen/{uuid5(NAMESPACE_URL, 'zaaktype')}",
        "registratiedatum": "2023-01-02",
        "startdatum": "2023-01-02",
    }


async def _object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _pair(source: Any) -> Pair:
    problems = [Problem(name, "required", reasons.REQUIRED) for name in PAIR if not source.get(name)]
    if problems:
        raise invalid(*problems)
    return str(source["zaak"]), str(source["contactmoment"])
