"""KlantBrug before an e-Suite in processes that can be killed at any call and at any step of their state."""

import hashlib
import os
import signal
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace

import requests
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.settings import PUBLIC_PATH, demo_configuration
from adapter.state.database import SqliteDatabase
from adapter.state.opening import open_database
from adapter.state.postgres import PostgresDatabase

from tests.deployment import Client
from tests.faults.proxy import Order, proxied
from tests.faults.site import PROCESSES, is_emptied, serve_until_killed, until_it_answers
from tests.gathering.service import suite

GATHERING = {"quiet": 1.0, "sweep": 0.1, "unsure": 0.5, "lease": 3.0, "retry": 0.1}
LIMITS = {"settle": 0.3, "sweep": 0.3}
PATIENCE = 40.0
# The answers after which a client asks again: a register fails, or answers nonsense.
WAITS = (502, 503)
TRIES = 100
# The calls after which a register that is down is back: so many that clients ask again, and the sweep too.
DOWN = 20
PROCESSES.set_forkserver_preload(["tests.faults.site", "tests.gathering.mortal", "tests.gathering.warm"])


@dataclass(frozen=True)
class Given:
    """What a process is started with; it is sent to another process."""

    places: dict
    state: str
    gathering: dict
    timeout: float = 0.0

    def configuration(self):
        """That of the demonstration, in which nobody waits."""
        found = demo_configuration(self.places, "esuite", self.state)
        gathering = replace(found.gathering, **{**GATHERING, **self.gathering})
        limits = replace(found.limits, failures=1_000_000, **LIMITS)
        if self.timeout:
            limits = replace(limits, total_timeout=self.timeout, connect_timeout=self.timeout / 4)
            registers = {
                name: replace(each, service={**each.service, "timeout": self.timeout})
                for name, each in found.registers.items()
            }
            found = replace(found, registers=registers)
        return replace(found, gathering=gathering, limits=limits)


def _serve(given, port, log, fate):
    for kind in (SqliteDatabase, PostgresDatabase):
        kind.transaction = _fated(kind.transaction, fate)
    serve_until_killed(given.configuration(), port, log)


def _fated(transaction, fate):
    """Transactions that change something, with a step before that and one after they are committed.

    Between two of them the state is the same, so that it does not matter where a process dies there.
    """

    @contextmanager
    def stepped(database):
        with transaction(database) as found:
            told = _Told(found, fate, _whence(sys._getframe(2)))
            yield told
        if told.changes:
            fate.step(f"after {told.whence}")

    return stepped


class _Told:
    """A transaction with a step before its first change."""

    def __init__(self, inner, fate, whence):
        self._inner, self._fate, self.whence = inner, fate, whence
        self.changes = False

    def run(self, statement, values=()):
        self._look(statement)
        return self._inner.run(statement, values)

    def changed(self, statement, values=()):
        self._look(statement)
        return self._inner.changed(statement, values)

    def each(self, statement, rows):
        self._look(statement)
        self._inner.each(statement, rows)

    def _look(self, statement):
        if self.changes or statement.lstrip().upper().startswith("SELECT"):
            return
        self.changes = True
        self._fate.step(f"before {self.whence}")


def _whence(frame):
    """The functions of KlantBrug that lead to a transaction, the nearest first."""
    found = []
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("adapter."):
            found.append(f"{module.removeprefix('adapter.')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found)


class Fate:
    """The steps of the states of processes; the first of a kind that is wanted ends its process.

    A kind says during which sort of request a step is, and before or after which change of the state, by the
    functions that lead to it: the ticks of a sweep, as many as there may be, are of few kinds.
    """

    def __init__(self, path):
        self._path = path
        self._wanted, self._fired = PROCESSES.Array("c", 32), PROCESSES.Value("i", 0)
        self._noting, self._request = PROCESSES.Value("b", False), PROCESSES.Value("i", 0)

    def asks(self, sort):
        """A client makes a request of this sort, a number, from here on."""
        self._request.value = sort

    def arm(self, kind):
        """End the process that comes to a step of this kind from now on; "" for none."""
        with self._wanted.get_lock():
            self._wanted.value, self._fired.value = _digest(kind) if kind else b"", 0

    @property
    def fired(self):
        """The id of the process that died since it was armed, 0 for none."""
        return self._fired.value

    @contextmanager
    def noted(self):
        """The kinds of the steps that are made meanwhile, in the order of their first."""
        found = []
        self._path.write_text("")
        self._noting.value = True
        try:
            yield found
        finally:
            self._noting.value = False
            found += dict.fromkeys(self._path.read_text().splitlines())

    def step(self, kind):
        """Note a step; at the wanted one this process dies."""
        kind = f"{self._request.value} {kind}"
        if self._noting.value:
            with self._path.open("a") as file:
                file.write(f"{kind}\n")
        with self._wanted.get_lock():
            last = bool(self._wanted.value) and not self._fired.value and self._wanted.value == _digest(kind)
            if last:
                self._fired.value = os.getpid()
        # Not while the lock is held, which outlives the process.
        if last:
            os.kill(os.getpid(), signal.SIGKILL)


def _digest(kind):
    return hashlib.blake2b(kind.encode(), digest_size=16).hexdigest()[:31].encode()


class Mortal:
    """A KlantBrug in a process of its own."""

    def __init__(self, given, log, order, fate):
        (self.port,) = free_ports(1)
        place = Place(ADAPTER, ":memory:", self.port, ())
        self.given = replace(given, places={**given.places, ADAPTER: place})
        self.client = Client(place.origin + PUBLIC_PATH, Authorization="Token demo")
        self.process = None
        self._log, self._order, self._fate = log, order, fate

    def start(self):
        """Start it, and wait until it answers."""
        self.begin()
        self.wait()

    def begin(self):
        """Start it."""
        args = (self.given, self.port, str(self._log), self._fate)
        self.process = PROCESSES.Process(target=_serve, args=args, daemon=True)
        self.process.start()
        self._order.victim = self.process.pid

    def wait(self):
        """Wait until it answers."""
        until_it_answers(self.client, "openapi.json")

    def kill(self):
        """kill -9, if it still lives."""
        if self.process is not None and self.process.pid:
            self.process.kill()
            self.process.join()

    def close(self):
        """The end of it."""
        self.kill()
        self.client.close()


class Site:
    """An e-Suite and an Objects API behind proxies, and KlantBrugs before them on one state."""

    def __init__(self, stack, town, folder, *, state, replicas, gathering, timeout):
        self.town, self.state, self.folder = town, state, folder
        self.order, self.fate, self.log = Order(), Fate(folder / "steps"), folder / "log"
        through = stack.enter_context(proxied(self.order))
        places = {name: each for name, each in town.places.items() if name != ADAPTER}
        places |= {
            name: Place(name, ":memory:", through(places[name].port), ()) for name in ("klanten", "objects")
        }
        given = Given(places, state, gathering, timeout)
        self.replicas = [Mortal(given, self.log, self.order, self.fate) for _ in range(replicas)]
        for each in self.replicas:
            stack.callback(each.close)

    @property
    def desk(self):
        """A client of the first replica."""
        return self.replicas[0].client

    # faults

    def at_call(self, number, fault):
        """Spoil the register write with this number from here on; `fault` is one of `proxy`.

        One that lasts ends by itself: then the register is back.
        """
        self.order.arm(number, fault, lasts=DOWN)

    def at_step(self, kind):
        """Die at the first step of the state of this kind from here on."""
        self.fate.arm(kind)

    def calm(self):
        """Nothing is spoilt any more; what is about to die is dead."""
        for each in self.replicas:
            if each.process.pid in (self.fate.fired, self.order.doomed):
                each.process.join(5)
        self.order.disarm()
        self.fate.arm("")

    def revive(self):
        """Start again what died; whether something had."""
        dead = [each for each in self.replicas if not each.process.is_alive()]
        for each in dead:
            each.process.join()
            each.start()
        return bool(dead)

    # what is there in the end

    def rows(self, statement):
        """Rows of the state."""
        with closing(open_database(self.state)) as database, database.transaction() as transaction:
            return transaction.run(statement)

    def settle(self, but=()):
        """Wait until nothing is held, but these contacts, and no write is open; whether it came to that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.revive()
            if {contact for (contact,) in self.rows("SELECT contact FROM holds")} <= set(but):
                return is_emptied(self.state)
            time.sleep(0.05)
        return False

    def objects(self, kind):
        """The data of the objects of a type, by its name."""
        place = self.town.places["objects"]
        headers = {"Authorization": "Token demo", "Content-Crs": "EPSG:4326"}
        with closing(Client(f"{place.origin}/api/v2", **headers)) as client:
            types = {each["name"]: each["url"] for each in client.all("objecttypes")}
            found = client.all("objects", type=types[kind])
        return [each["record"]["data"] for each in found]


@contextmanager
def site(folder, state="", *, replicas=1, timeout=0.0, **gathering):
    """A site whose KlantBrugs run; `gathering` are its settings."""
    with ExitStack() as stack:
        town = stack.enter_context(suite())
        address = state or str(folder / "state.sqlite3")
        found = Site(
            stack, town, folder, state=address, replicas=replicas, gathering=gathering, timeout=timeout
        )
        found.replicas[0].start()
        for each in found.replicas[1:]:
            each.begin()
        for each in found.replicas[1:]:
            each.wait()
        yield found


def dying(site, replica, done):
    """What `done` gives; as often as the process dies of it, it is started and asked again."""
    for _ in range(4):
        try:
            return done(replica.client)
        except requests.RequestException:
            replica.process.join(5)
            site.revive()
    raise TimeoutError


def answered(site, step):
    """The answer to a request that is done again as long as a register fails, or nothing is told."""
    for _ in range(TRIES):
        answer = dying(site, site.replicas[0], step)
        if answer.status_code not in WAITS:
            return answer
        time.sleep(0.1)
    return answer
