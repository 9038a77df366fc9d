"""KlantBrug in a process of its own before registers of this one, and what it costs there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import requests
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import TOKEN
from adapter.demo.settings import PUBLIC_PATH
from adapter.dialects import SHIPPED
from adapter.embedded import klanten_contactmomenten, objects, zaken
from adapter.embedded.municipality.plan import objecttypes
from adapter.embedded.server import running

from tests.deployment import Client
from tests.faults.site import PROCESSES, Limits, configured, serve_until_killed
from tests.unreliable import Unreliable

START_SECONDS = 60
DIALECT = "openklant"
# What is less than this says nothing, on a machine that is busy with other things.
UNIT_SECONDS = 0.02


@dataclass
class Served:
    """A KlantBrug that runs; `registers` can be told to be slow, `log` is where it writes."""

    pid: int
    port: int
    client: Client
    registers: dict[str, Unreliable]
    log: Path
    state: str

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> float:
        """MB that it holds."""
        return self._status("VmRSS") / 1024

    def most_memory(self) -> float:
        """MB that it has held at most since `watched` began."""
        return self._status("VmHWM") / 1024

    def cpu(self) -> float:
        """CPU seconds that it has used."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9

    def files(self) -> int:
        """How many files and connections it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def threads(self) -> int:
        """How many threads it has."""
        return self._status("Threads")

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])

    @contextmanager
    def watched(self) -> Iterator[Watched]:
        """Asks whether it lives, again and again; what that took and cost stands there at the end."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        found = Watched(self.memory(), self.threads())
        found.at_rest = median(self._live() for _ in range(20))
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                found.took.append(self._live())
                found.most_threads = max(found.most_threads, self.threads())
                done.wait(0.01)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield found
        finally:
            done.set()
            watcher.join()
            found.most_memory = self.most_memory()

    def _live(self) -> float:
        start = time.perf_counter()
        assert requests.get(f"{self.origin}/_healthz/livez", timeout=60).status_code == 200
        return time.perf_counter() - start


@dataclass
class Watched:
    """What a process cost during a load, and before."""

    memory: float
    threads: int
    at_rest: float = 0.0
    most_memory: float = 0.0
    most_threads: int = 0

    def __post_init__(self) -> None:
        self.took: list[float] = []

    @property
    def slower(self) -> float:
        """How many times longer than at rest the slowest sign of life took."""
        return max(self.took) / max(self.at_rest, UNIT_SECONDS)

    @property
    def larger(self) -> float:
        """How many times the memory at rest it took."""
        return self.most_memory / self.memory


@contextmanager
def served(
    folder: Path,
    limits: Limits | None = None,
    *,
    patches: dict[str, Any] | None = None,
    instead: dict[str, int] | None = None,
    **changes: Any,
) -> Iterator[Served]:
    """A KlantBrug for as long as the context lasts, with other limits or `changes` of the configuration.

    `patches` has what is otherwise in its modules, `instead` the ports of what stands in for a register.
    """
    with ExitStack() as stack:
        registers: dict[str, Unreliable] = {}
        places: dict[str, Place] = {}

        def start(name: str, app: Any) -> str:
            registers[name] = Unreliable(app)
            origin = stack.enter_context(running(registers[name]))
            places[name] = Place(name, ":memory:", int(origin.rpartition(":")[2]), ())
            return origin

        cases = start("zaken", zaken.create_app(related=False))
        app = klanten_contactmomenten.create_app(":memory:", lineage=SHIPPED.lineage(DIALECT), zaken=[cases])
        start("klanten", app)
        start("objects", objects.create_app(":memory:", types=objecttypes(), token=TOKEN))
        for name, port in (instead or {}).items():
            places[name] = Place(name, ":memory:", port, ())
        (port,) = free_ports(1)
        places[ADAPTER] = Place(ADAPTER, ":memory:", port, ())
        state, log = str(folder / "state.sqlite3"), folder / "log"
        order = (places, DIALECT, state, limits or {}, {}, changes, patches or {})
        process = PROCESSES.Process(target=_serve, args=(order, port, str(log)), daemon=True)
        process.start()
        stack.callback(process.join)
        stack.callback(process.kill)
        client = Client(f"http://127.0.0.1:{port}{PUBLIC_PATH}", Authorization="Token demo")
        stack.callback(client.close)
        _wait(client)
        yield Served(process.pid, port, client, registers, log, state)


def _serve(order: tuple[Any, ...], port: int, log: str) -> None:
    *usual, changes, patches = order
    for name, value in patches.items():
        patch(name, value).start()
    serve_until_killed(replace(configured(*usual), **changes), port, log)


def _wait(client: Client) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(requests.ConnectionError):
            client.call("GET", "openapi.json")
            return
        time.sleep(0.02)
    raise TimeoutError
