"""KlantBrug in a process of its own, and proxies between it and its registers."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import requests
from adapter import logs
from adapter.configuration import Configuration
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import TOKEN, bearer_token
from adapter.demo.settings import PATHS, PUBLIC_PATH, demo_configuration
from adapter.dialects import SHIPPED
from adapter.embedded import klanten_contactmomenten, objects, zaken
from adapter.embedded.municipality.plan import objecttypes
from adapter.embedded.server import running
from adapter.main import prepare
from adapter.serving import serve
from adapter.state.opening import open_database

from tests.deployment import KEPT, Client
from tests.engine.old_kiss import OldKiss
from tests.faults.proxy import Order, proxied
from tests.watching import planted_in

START_SECONDS = 60
# A machine that is busy with other things is slow to finish what was left.
PATIENCE = 60
TRIES = 5
# The answers that tell of a register which fails.
DOWN = (502, 503)
# Forked from a process that has everything imported: a start costs little, and no thread is forked along.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.site"])

Limits = dict[str, float]
Settings = dict[str, Any]
Manner = tuple[Limits, Settings]
Kept = tuple[dict[str, list[tuple[Any, ...]]], frozenset[tuple[str, str]]]
QUICK: Limits = {"settle": 0.3, "sweep": 0.2}


def configured(
    places: dict[str, Place], dialect: str, state: str, limits: Limits, settings: Settings
) -> Configuration:
    """That of the demonstration with changes; `timeout` is how long a register may be silent."""
    found = demo_configuration(places, dialect, state)
    found = replace(found, settings=MappingProxyType({**found.settings, **settings}))
    own = {name: value for name, value in limits.items() if name != "timeout"}
    found = replace(found, limits=replace(found.limits, failures=1_000_000, **own))
    if "timeout" not in limits:
        return found
    registers = {
        name: replace(each, service=MappingProxyType({**each.service, "timeout": limits["timeout"]}))
        for name, each in found.registers.items()
    }
    return replace(found, registers=MappingProxyType(registers))


def _serve(configuration: tuple[Any, ...], port: int, log: str) -> None:
    serve_until_killed(configured(*configuration), port, log)


def serve_until_killed(configuration: Configuration, port: int, log: str) -> None:
    """Serve in this process, which writes into a file what it logs."""
    deployment = prepare(configuration)
    application = deployment.application(deployment.set_up())
    with Path(log).open("a", buffering=1) as stream:
        serve(application, port=port, log_level="debug", started=lambda: logs.to_stream("debug", stream))


def until_it_answers(client: Client, path: str) -> None:
    """Wait for a process that starts."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(requests.ConnectionError):
            client.call("GET", path)
            return
        time.sleep(0.02)
    raise TimeoutError


class Replica:
    """A KlantBrug that can be killed and started again on the same state."""

    def __init__(self, order: tuple[Any, ...], log: Path, told: Order) -> None:
        places, *_ = order
        self.port = places[ADAPTER].port
        self.url = places[ADAPTER].origin + PUBLIC_PATH
        self.served = Client(self.url, Authorization="Token demo")
        self.process: Any = None
        self._order, self._log, self._told = order, log, told

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        """Start it."""
        self.process = PROCESSES.Process(
            target=_serve, args=(self._order, self.port, str(self._log)), daemon=True
        )
        self.process.start()
        self._told.victim = self.process.pid

    def wait(self) -> None:
        """Wait until it answers."""
        until_it_answers(self.served, "openapi.json")

    def kill(self) -> None:
        """kill -9, if it still lives."""
        if self.process is not None and self.process.pid:
            self.process.kill()
            self.process.join()

    def died(self) -> bool:
        """Whether it is dead, or dies now."""
        self.process.join(0.5)
        return not self.process.is_alive()

    def close(self) -> None:
        """The end of it."""
        self.kill()
        self.served.close()


class Site:
    """Registers behind proxies, and replicas of KlantBrug before them."""

    def __init__(
        self, stack: ExitStack, folder: Path, dialect: str, *, state: str, manner: Manner, replicas: int
    ) -> None:
        self.order, self.dialect, self.state, self.folder = Order(), dialect, state, folder
        self.log = folder / "log"
        through = stack.enter_context(proxied(self.order))
        places: dict[str, Place] = {}

        def start(name: str, app: Any) -> str:
            origin = stack.enter_context(running(app))
            port = through(int(origin.rpartition(":")[2]))
            places[name] = Place(name, str(folder / f"{name}.sqlite3"), port, ())
            return places[name].origin

        app = zaken.create_app(related=False)
        self.relations: zaken.Relations = app.state.relations
        cases = start("zaken", app)
        path = folder / "klanten.sqlite3"
        start(
            "klanten",
            klanten_contactmomenten.create_app(path, lineage=SHIPPED.lineage(dialect), zaken=[cases]),
        )
        start("objects", objects.create_app(folder / "objects.sqlite3", types=objecttypes(), token=TOKEN))
        self.places = places
        self.replicas = []
        for port in free_ports(replicas):
            order = ({**places, ADAPTER: Place(ADAPTER, ":memory:", port, ())}, dialect, state, *manner)
            self.replicas.append(Replica(order, self.log, self.order))
            stack.callback(self.replicas[-1].close)
        self.databases = {name: sqlite3.connect(places[name].path, check_same_thread=False) for name in KEPT}
        for each in self.databases.values():
            stack.callback(each.close)
        self.old = self._old(stack)

    def _old(self, stack: ExitStack) -> OldKiss:
        """An old client of the registers."""
        clients = {}
        for name, (place, path) in PATHS.items():
            headers = {"Authorization": f"Bearer {bearer_token()}"}
            if name == "objects":
                headers = {"Authorization": f"Token {TOKEN}", "Content-Crs": "EPSG:4326"}
            clients[name] = Client(self.places[place].origin + path, **headers)
            stack.callback(clients[name].close)
        base = f"{self.places['objects'].origin}/api/v2/objecttypes"
        types = {each.name: f"{base}/{each.uuid}" for each in objecttypes()}
        return OldKiss(SimpleNamespace(**clients, types=types))  # type: ignore[arg-type]

    @property
    def served(self) -> Client:
        """A client of the first replica."""
        return self.replicas[0].served

    # what the registers hold

    def kept(self) -> Kept:
        """Everything that the registers hold, to be put back."""
        rows = {
            table: list(self.databases[name].execute(f"SELECT * FROM {table}"))
            for name, tables in KEPT.items()
            for table in tables
        }
        return rows, self.relations.others()

    def put_back(self, kept: Kept) -> None:
        """Let the registers hold what they held."""
        rows, related = kept
        for name, tables in KEPT.items():
            with self.databases[name] as database:
                for table in tables:
                    database.execute(f"DELETE FROM {table}")
                    marks = ",".join("?" * len(rows[table][0])) if rows[table] else ""
                    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
        for pair in self.relations.others() ^ related:
            self.relations.put(pair, related=pair in related)

    def contents(self) -> dict[str, list[Any]]:
        """What the registers hold, apart from how often and when it was written."""
        found: dict[str, list[Any]] = {}
        database = self.databases["klanten"]
        for table in KEPT["klanten"]:
            found[table] = [
                [uuid, json.loads(data)] for uuid, data in database.execute(f"SELECT uuid, data FROM {table}")
            ]
        statement = "SELECT uuid, objecttype, data FROM records WHERE latest = 1"
        found["objects"] = [
            [uuid, kind, json.loads(data)]
            for uuid, kind, data in self.databases["objects"].execute(statement)
        ]
        found["relations"] = [[*pair, True] for pair in self.relations.others()]
        return {name: sorted(each, key=repr) for name, each in found.items()}

    # writing

    def unspoilt(self, method: str, path: str, body: Any) -> list[tuple[bool, str]]:
        """Do a write of which nothing is spoilt; what it called.

        On a machine that is busy with other things, a register may seem too slow.
        """
        for _ in range(TRIES):
            self.order.arm()
            answer = self.served.call(method, path, json=body)
            calls = self.order.disarm()
            if answer.status_code not in DOWN:
                break
            assert self.journal_is_empty()
        assert answer.status_code < 300, answer.text
        return calls

    # the journal

    def journal_is_empty(self, patience: float = PATIENCE) -> bool:
        """Wait until the sweep has closed everything."""
        return is_emptied(self.state, patience)


def is_emptied(state: str, patience: float = PATIENCE) -> bool:
    """Whether the journal of a state has nothing open any more, after so many seconds at most."""
    until = time.monotonic() + patience
    with closing(open_database(state)) as database:
        while time.monotonic() < until:
            with database.transaction() as transaction:
                if not transaction.run("SELECT 1 FROM writes LIMIT 1"):
                    return True
            time.sleep(0.02)
    return False


def replicas_for(state: str) -> int:
    """How many replicas a state is for: only a server's is for several."""
    return 2 if state.startswith("postgres") else 1


@contextmanager
def site(
    folder: Path,
    dialect: str,
    state: str,
    limits: Limits | None = None,
    *,
    replicas: int = 1,
    settings: Settings | None = None,
) -> Iterator[Site]:
    """A site whose KlantBrugs run."""
    with ExitStack() as stack:
        manner = ({**QUICK, **(limits or {})}, settings or {})
        found = Site(stack, folder, dialect, state=state, manner=manner, replicas=replicas)
        found.replicas[0].start()
        for each in found.replicas[1:]:
            each.begin()
        for each in found.replicas[1:]:
            each.wait()
        yield found
        lines = found.log.read_text().splitlines()
        assert lines
        assert [line[:300] for line in lines if planted_in(line)] == []
