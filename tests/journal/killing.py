"""KlantBrug in a process of its own, before registers that kill it at a chosen call."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

import requests
from adapter.configuration import Configuration
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import TOKEN
from adapter.demo.settings import PUBLIC_PATH, demo_configuration
from adapter.embedded import klanten_contactmomenten, objects, zaken
from adapter.embedded.municipality.plan import objecttypes
from adapter.embedded.server import running
from adapter.main import prepare
from adapter.serving import serve

from tests.deployment import Client

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
SEARCH = "/objects/search"
START_SECONDS = 30
# Forked from a process that has everything imported: a start costs little, and no thread is forked along.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.journal.killing"])


def configured(places: dict[str, Place], dialect: str, state: str) -> Configuration:
    """That of the demonstration, with a journal that is swept all the time."""
    configuration = demo_configuration(places, dialect, state)
    return replace(configuration, limits=replace(configuration.limits, settle=0.3, sweep=0.2))


def _serve(places: dict[str, Place], dialect: str, state: str, port: int) -> None:
    deployment = prepare(configured(places, dialect, state))
    application = deployment.application(deployment.set_up())
    serve(application, port=port, log_level="error")


class Killer:
    """Wraps a register: at the write numbered `at`, counted over all registers, the victim is killed.

    Before the register sees the request, or when it has done it and not yet answered. What was asked `before`
    is lost on the way.
    """

    def __init__(self) -> None:
        self.victim = 0
        self.at: int | None = None
        self.after = False
        self.seen = 0
        self.killed = False

    def order(self, at: int | None, *, after: bool = False) -> None:
        self.at, self.after, self.seen, self.killed = at, after, 0, False

    def around(self, app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            counts = scope["type"] == "http" and scope["method"] in WRITES and SEARCH not in scope["path"]
            if not counts or self.at is None:
                await app(scope, receive, send)
                return
            number, self.seen = self.seen, self.seen + 1
            if number != self.at:
                await app(scope, receive, send)
                return
            if self.after:
                await app(scope, receive, _unheard)
            self.killed = True
            os.kill(self.victim, signal.SIGKILL)

        return wrapped


async def _unheard(_message: Any) -> None:
    """The answer is lost."""


class Site:
    """Registers that stay, and a KlantBrug that can be killed and started again on the same state."""

    def __init__(self, stack: ExitStack, folder: Any, dialect: str, state: str) -> None:
        self.killer = Killer()
        places: dict[str, Place] = {}

        def start(name: str, app: Any) -> str:
            origin = stack.enter_context(running(self.killer.around(app)))
            places[name] = Place(name, str(folder / name), int(origin.rpartition(":")[2]), ())
            return origin

        cases = start("zaken", zaken.create_app(related=False))
        path = folder / "klanten.sqlite3"
        start("klanten", klanten_contactmomenten.create_app(path, strict=dialect == "vng", zaken=[cases]))
        start("objects", objects.create_app(folder / "objects.sqlite3", types=objecttypes(), token=TOKEN))
        places[ADAPTER] = Place(ADAPTER, ":memory:", *free_ports(1), ())
        self.configuration = configured(places, dialect, state)
        self.places, self.dialect = places, dialect
        self.process: Any = None
        self.served = Client(self.configuration.public_url, Authorization="Token demo")
        stack.callback(self.served.close)
        stack.callback(self.kill)

    def start(self) -> None:
        """Start KlantBrug, and wait until it answers."""
        port = self.places[ADAPTER].port
        order = (self.places, self.dialect, self.configuration.state, port)
        self.process = PROCESSES.Process(target=_serve, args=order, daemon=True)
        self.process.start()
        self.killer.victim = self.process.pid
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with suppress(requests.ConnectionError):
                self.served.call("GET", "openapi.json")
                return
            time.sleep(0.02)
        raise TimeoutError

    def kill(self) -> None:
        """Kill KlantBrug, if it still lives."""
        if self.process is not None and self.process.pid:
            self.process.kill()
            self.process.join()

    def url(self) -> str:
        return self.places[ADAPTER].origin + PUBLIC_PATH


@contextmanager
def site(folder: Any, dialect: str, state: str):
    """A site whose KlantBrug runs."""
    with ExitStack() as stack:
        found = Site(stack, folder, dialect, state)
        found.start()
        yield found
