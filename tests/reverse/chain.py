"""The chain: a client of the old APIs, the reverse direction, KlantBrug as new register, old registers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapter.api.health import Health
from adapter.api.room import Room
from adapter.api_settings import api_settings
from adapter.demo.places import ADAPTER, OLD, Place, free_ports
from adapter.demo.registers import bearer_token
from adapter.demo.settings import turned_configuration
from adapter.embedded.zaken import create_app as create_zaken
from adapter.main import prepare
from adapter.old_apis import keeper_of, old_application
from adapter.phases.phase import Phases
from adapter.reverse.engine import Reverse
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.deployment import Client, Running, deployed
from tests.short_way import running


class Killed(BaseException):
    """What ends a process without asking."""


class Survivor:
    """Answers 500 where a process would have been killed, so that the test goes on with what that left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Killed:
            await Response(status_code=500)(scope, receive, send)


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
        """Empty all registers, and the table of asides."""
        self.running.reset()
        asides = self.reverse.deployment.serving.state.asides
        for uuid, _ in asides.found(1_000_000):
            asides.remove(uuid)
        self.calls.clear()


@contextmanager
def chained(dialect: str, folder: Path) -> Iterator[Chain]:
    """A chain for as long as the context lasts."""
    with deployed(dialect, folder, watched=False) as below, turned(dialect, below) as chain:
        yield chain


@contextmanager
def turned(dialect: str, below: Running, *, taken: bool = False, asides: str = "objects") -> Iterator[Chain]:
    """The old APIs over a KlantBrug; with `taken` also interne taken as objects of the Objects API."""
    with ExitStack() as stack:
        yield _turned(stack, dialect, below, taken=taken, asides=asides)


def _turned(stack: ExitStack, dialect: str, below: Running, *, taken: bool, asides: str) -> Chain:
    (port,) = free_ports(1)
    # Every zaak is related to every contactmoment there, as when the scenarios were recorded.
    zaken = stack.enter_context(running(create_zaken()))
    places = {
        name: Place(name, ":memory:", int(origin.split(":")[2].split("/")[0]), ())
        for name, origin in {
            ADAPTER: below.configuration.public_url,
            "objects": below.objects.base,
            "zaken": zaken,
            OLD: f"http://127.0.0.1:{port}",
        }.items()
    }
    configuration = turned_configuration(places, dialect, ":memory:")
    limits = replace(configuration.limits, failures=1_000_000, wrong_tokens=1_000_000, settle=0)
    served = configuration.registers_api
    others = (f"http://localhost:{port}",)
    served = replace(
        served, other_urls=others, internetaak=served.internetaak if taken else None, asides=asides
    )
    adapter = prepare(replace(configuration, limits=limits, registers_api=served))
    stack.callback(adapter.close)
    deployment = adapter.deployment(adapter.set_up())
    keeper = keeper_of(adapter.configuration, adapter.registers, deployment)
    settings = api_settings(adapter.configuration)
    room = Room(settings.threads, settings.most_threads)
    app = old_application(
        adapter.configuration,
        adapter.registers,
        keeper,
        settings,
        health=Health(),
        room=room,
        watch=None,
        phases=Phases(),
    )
    stack.enter_context(running(Survivor(app), port))
    origin = places[OLD].origin
    calls: list[tuple[str, str, str]] = []
    for name in ("klantinteracties", "objects"):
        adapter.registers[name].observers.append(lambda it: calls.append((it.register, it.method, it.path)))
    bearer = f"Bearer {bearer_token()}"
    old = Client(origin, Authorization=bearer)
    direct = Client(below.klanten.base.removesuffix("/klanten/api/v1"), Authorization=bearer)
    for client in (old, direct):
        stack.callback(client.close)
    return Chain(below, keeper.reverse, origin, old, direct, zaken, calls)
