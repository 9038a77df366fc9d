"""The process of the embedded registers: `python -m adapter.demo.registers`.

It is a process apart, so that registers and KlantBrug can use a processor each. It reads its orders from its
input, writes a line to its output when it is ready, and ends when its input does, so that it cannot outlive
the process that started it.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

import jwt
from starlette.applications import Starlette
from starlette.routing import Mount

from adapter.demo.orders import READY, Orders
from adapter.demo.places import Place
from adapter.dialects import SHIPPED
from adapter.embedded import esuite, klanten_contactmomenten, notificaties, objects, zaken
from adapter.embedded.esuite import municipality
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.municipality.filling import Filling
from adapter.embedded.municipality.plan import Size, objecttypes, plan
from adapter.embedded.server import running

TOKEN = "demo"  # noqa: S105 (nothing is secret in a demonstration)
CLIENT = "demo"
# Below the origin of the Zaken API.
NOTIFICATIONS_PATH = "/notificaties/api/v1"
# The paths of an e-Suite, when not its own ones.
BASES = {"klanten": "/klanten/api/v1", "contactmomenten": "/contactmomenten/api/v1"}
# The year 2100, in seconds since 1970.
CENTURY = 4_102_444_800


def bearer_token() -> str:
    """A JWT for the demonstration, valid for longer than anybody demonstrates."""
    claims = {
        "client_id": CLIENT,
        "iss": CLIENT,
        "iat": 0,
        "exp": CENTURY,
        "user_id": CLIENT,
        "user_representation": "Demo",
    }
    return jwt.encode(claims, DEMO_SECRETS[CLIENT], algorithm="HS256")


def type_url(place: Place, uuid: str) -> str:
    """The URL of an objecttype of the embedded Objects API."""
    return f"{place.origin}/api/v2/objecttypes/{uuid}"


def main() -> None:
    """Serve the registers until stdin ends."""
    orders = Orders.read(sys.stdin.readline())
    with ExitStack() as stack:
        serve(orders, stack)
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        sys.stdin.read()


def serve(orders: Orders, stack: ExitStack) -> None:
    """Fill and start the registers; they stop when the stack is closed."""
    klanten, objecten, cases = (orders.places[name] for name in ("klanten", "objects", "zaken"))
    library = SHIPPED.with_own(Path(orders.mappings) if orders.mappings else None)
    # A Notificaties API too, below the same origin: it is too small for a server of its own.
    told = Mount(NOTIFICATIONS_PATH, notificaties.create_app())
    stack.enter_context(running(Starlette(routes=[told, Mount("/", zaken.create_app())]), cases.port))
    is_suite = library.gathers(orders.dialect)
    town = municipality.small(cases.origin, orders.contacts) if is_suite else None
    origins = [cases.origin, *cases.earlier]
    registers_app = (
        esuite.create_app(
            klanten.path,
            zaken=[f"{each}/zaken" for each in origins],
            bases=BASES,
            organisation=municipality.organisation(town),
        )
        if town is not None
        else klanten_contactmomenten.create_app(
            klanten.path,
            lineage=library.lineage(orders.dialect),
            zaken=origins,
            aliases=klanten.earlier,
            library=library,
        )
    )
    seeds = objecttypes(library.shapes(library.lineage(orders.dialect)))
    objects_app = objects.create_app(objecten.path, types=seeds, token=TOKEN)
    if orders.fill:
        types = {each.name: each.uuid for each in objecttypes()}
        filling = Filling(registers_app, klanten.origin, objects_app, types)
        if town is not None:
            # The rest is recorded through the APIs, once KlantBrug is there.
            filling.store_directory(town)
        else:
            size = Size.of(orders.contacts) if orders.contacts else Size()
            filling.store(plan(size, cases.origin))
    stack.enter_context(running(registers_app, klanten.port))
    stack.enter_context(running(objects_app, objecten.port))


if __name__ == "__main__":
    main()
