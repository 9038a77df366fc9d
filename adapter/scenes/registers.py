"""Embedded registers in this process, with the interface by which the engine calls registers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import orjson

from adapter.dialects import DOCUMENT, USER_HEADER, Library
from adapter.embedded import esuite, klanten_contactmomenten, objects, zaken
from adapter.embedded.inside import Neighbours, Sent, inside
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.objects import TypeSeed
from adapter.registers.addresses import Addresses
from adapter.registers.messages import Answer, RegisterFault
from adapter.shipped import known_registers

# (application, path in it) of each register.
ORIGIN = "https://{}.example"
PLACES = {
    "klanten": ("klanten", "/klanten/api/v1/"),
    "contactmomenten": ("klanten", "/contactmomenten/api/v1/"),
    "objects": ("objects", "/api/v2/"),
    "zaken": ("zaken", "/"),
}
OBJECTS = "objects"
# The specification of the klanten of an e-Suite.
ESUITE = "esuite-klanten"
# Long after any scene, in seconds since 1970.
MUCH_LATER = 4102444800
# The attribute of `app.state` that closes the database of an application.
KEEPERS = {"klanten": "store", "objects": "database"}
SEARCH = "objects/search"
TOKEN = "scenes"  # noqa: S105 (nothing is secret here)
SERVER_ERROR = 500


@dataclass(slots=True)
class Stage:
    """The applications of all registers, by name; `lineage` is the dialect with those that it extends."""

    lineage: tuple[str, ...]
    types: Sequence[TypeSeed]
    runner: asyncio.Runner
    apps: dict[str, Any]
    library: Library

    def renew(self) -> None:
        """Replace the applications by new ones, with empty registers."""
        self.close()
        origins = {name: ORIGIN.format(name) for name in ("klanten", "objects", "zaken")}
        self.apps["zaken"] = zaken.create_app(related=False)
        neighbours = Neighbours({origins["zaken"]: self.apps["zaken"]})
        if self.library.facts("klanten", self.lineage).get(DOCUMENT) == ESUITE:
            bases = {name: path.rstrip("/") for name, (_, path) in PLACES.items()}
            self.apps["klanten"] = esuite.create_app(zaken=[f"{origins['zaken']}/zaken"], bases=bases)
        else:
            self.apps["klanten"] = klanten_contactmomenten.create_app(
                lineage=self.lineage,
                zaken=[origins["zaken"]],
                remote=neighbours,
                library=self.library,
            )
        self.apps["objects"] = objects.create_app(":memory:", types=self.types, token=TOKEN)

    def close(self) -> None:
        """Close the databases of the applications."""
        for name, part in KEEPERS.items():
            if name in self.apps:
                getattr(self.apps[name].state, part).close()


class InProcess:
    """One register on a stage; implements `adapter.engine.deployment.Register`.

    `asked` are its calls, as (`REGISTER/COLLECTION`, names of parameters).
    """

    def __init__(self, name: str, stage: Stage) -> None:
        self.name, self._stage = name, stage
        self.asked: list[tuple[str, frozenset[str]]] = []
        self._app, self.base = PLACES[name][0], base_of(name)
        self._headers = {"Accept": "application/json", **known_registers()[name].get("headers", {})}
        self._headers["Authorization"] = f"Token {TOKEN}" if name == OBJECTS else f"Bearer {_bearer()}"
        self._user_header = stage.library.facts(name, stage.lineage).get(USER_HEADER, "")
        addresses = Addresses([self.base])
        self.url, self.urls, self.identify = addresses.url, addresses.urls, addresses.identify

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: Any = None,
        user: str = "",
    ) -> Answer:
        """Do one request; `user` is for whom, where that is somebody in particular. Raises RegisterFault."""
        self.asked.append((f"{self.name}/{path.partition('/')[0]}", frozenset(each for each, _ in params)))
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        body = b"" if json is None else orjson.dumps(json)
        headers = self._headers | ({self._user_header: user} if user and self._user_header else {})
        sent = Sent(method, self.base + path + query, tuple(headers.items()), body)
        # `Runner.run` would set up Ctrl-C for every call
        answer = self._stage.runner.get_loop().run_until_complete(inside(self._stage.apps[self._app], sent))
        if answer.status >= SERVER_ERROR:
            raise RegisterFault(self.name, answer.status, 1)
        return Answer(answer.status, orjson.loads(answer.body) if answer.body else None)


def _bearer() -> str:
    claims = {"client_id": "demo", "iss": "demo", "iat": 0, "exp": MUCH_LATER}
    claims |= {"user_id": "demo", "user_representation": "Demo"}
    return jwt.encode(claims, DEMO_SECRETS["demo"], algorithm="HS256")


def all_of(stage: Stage) -> Mapping[str, InProcess]:
    """Every register, by name."""
    return {name: InProcess(name, stage) for name in PLACES}


_BASES = re.compile(rf"https://({'|'.join(PLACES)})\.example/")


def with_bases(text: str) -> str:
    """The text with each `https://REGISTER.example/` replaced by the base URL of that register here."""
    return _BASES.sub(lambda found: base_of(found[1]), text)


def base_of(register: str) -> str:
    """The base URL of a register."""
    app, path = PLACES[register]
    return ORIGIN.format(app) + path
