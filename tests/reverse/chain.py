"""The chain: a client of the old APIs, the reverse direction, KlantBrug as new register, old registers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapter.demo.places import free_ports
from adapter.demo.registers import TOKEN, bearer_token
from adapter.dialects import SHIPPED
from adapter.embedded.addresses import Addresses
from adapter.embedded.contactmomenten import Contactmomenten, Klantcontactmomenten, Objectcontactmomenten
from adapter.embedded.dialect import document_of
from adapter.embedded.klanten import Klanten
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS, DESCRIPTIONS, Endpoint
from adapter.embedded.register import Register as FaceRegister
from adapter.embedded.server import running
from adapter.embedded.zaken import create_app as create_zaken
from adapter.engine.deployment import Deployment as Serving
from adapter.engine.deployment import ObjectType
from adapter.main import load_mappings
from adapter.registers.client import Register
from adapter.registers.objecttypes import set_up
from adapter.registers.services import build_service
from adapter.reverse.engine import Reverse
from adapter.reverse.opening import AsideType, open_reverse
from adapter.shipped import served_document
from adapter.state.opening import open_state
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.deployment import Client, Running, deployed

ORDER = {"contactmomenten": "registratiedatum"}


class Killed(BaseException):
    """What ends a process without asking."""


class WholeRequest(Endpoint):
    """An endpoint whose requests are one request of the reverse direction each."""

    def __init__(self, resource: Any, reverse: Reverse) -> None:
        super().__init__(resource, DEMO_SECRETS)
        self.reverse = reverse

    async def _answer(self, request: Any, uuid: str | None, methods: Any) -> Any:
        writes = request.method != "GET"
        alone = [f"{self.resource.description.name}/{uuid}"] if writes and uuid else []
        try:
            with self.reverse.request(writes=writes, alone=alone):
                return await super()._answer(request, uuid, methods)
        except Killed:
            return Response(status_code=500)


@dataclass
class Chain:
    """What tests see of a chain: `old` is a client at its origin, `direct` one of the registers."""

    running: Running
    reverse: Reverse
    origin: str
    old: Client
    direct: Client
    zaken: str
    calls: list[tuple[str, str, str]]

    def reset(self) -> None:
        """Empty all registers."""
        self.running.reset()
        self.calls.clear()


@contextmanager
def chained(dialect: str, folder: Path) -> Iterator[Chain]:
    """A chain for as long as the context lasts."""
    with ExitStack() as stack:
        below = stack.enter_context(deployed(dialect, folder, watched=False))
        chain = _chain(stack, dialect, below)
        yield chain


def _chain(stack: ExitStack, dialect: str, below: Running) -> Chain:
    (port,) = free_ports(1)
    origin = f"http://127.0.0.1:{port}"
    # Every zaak is related to every contactmoment there, as when the scenarios were recorded.
    zaken = stack.enter_context(running(create_zaken()))
    new = _register("klantinteracties", below.configuration.public_url, "Token demo")
    objects = _register("objects", below.objects.base, f"Token {TOKEN}")
    for each in (new, objects):
        stack.callback(each.close)
    (made,) = set_up(objects, [AsideType()])
    state = open_state(":memory:")
    stack.callback(state.close)
    pool = stack.enter_context(ThreadPoolExecutor(8))
    registers = {each.name: each for each in (new, objects)}
    serving = Serving(
        mappings=load_mappings(below.configuration, registers),
        registers=registers,
        types={made.name: ObjectType(made.name, made.uuid, made.url, made.version)},
        settings=below.configuration.settings,
        public_url=below.configuration.public_url,
        pool=pool,
        state=state,
        settle=0.0,
    )
    documents = {name: document_of(name, SHIPPED.lineage(dialect)) for name in ("klanten", "contactmomenten")}
    resources: dict[str, Any] = {}
    reverse = open_reverse(
        library=SHIPPED,
        dialect=dialect,
        new=served_document(),
        old=documents,
        settings=below.configuration.settings,
        serving=serving,
        register="klantinteracties",
        bases={
            "klanten": [f"{origin}/klanten/api/v1"],
            "contactmomenten": [f"{origin}/contactmomenten/api/v1"],
            "zaken": [zaken],
        },
        complete=lambda name, values: resources[name].filled(values, {}),
        order=ORDER,
    )
    face = FaceRegister(reverse.collections, documents, Addresses(DESCRIPTIONS), zaken=[zaken])
    klant_links, object_links = Klantcontactmomenten(face), Objectcontactmomenten(face)
    links = {"klantcontactmomenten": klant_links, "objectcontactmomenten": object_links}
    for each in (Klanten(face), Contactmomenten(face, links), klant_links, object_links):
        resources[each.description.name] = each
    routes = []
    for each in resources.values():
        endpoint = WholeRequest(each, reverse)
        routes += [
            Route(each.description.path, endpoint),
            Route(f"{each.description.path}/{{uuid}}", endpoint),
        ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    stack.enter_context(running(app, port))
    calls: list[tuple[str, str, str]] = []
    for register in (new, objects):
        register.observers.append(lambda it: calls.append((it.register, it.method, it.path)))
    bearer = f"Bearer {bearer_token()}"
    old = Client(origin, Authorization=bearer)
    direct = Client(below.klanten.base.removesuffix("/klanten/api/v1"), Authorization=bearer)
    for client in (old, direct):
        stack.callback(client.close)
    return Chain(below, reverse, origin, old, direct, zaken, calls)


def _register(name: str, base: str, token: str) -> Register:
    service = build_service(
        {
            "identifier": name,
            "label": name,
            "api_type": "orc",
            "api_root": f"{base}/",
            "auth_type": "api_key",
            "header_key": "Authorization",
            "header_value": token,
        }
    )
    headers = {"Content-Crs": "EPSG:4326"} if name == "objects" else {}
    return Register(name, service, reads=["objects/search"], headers=headers)
