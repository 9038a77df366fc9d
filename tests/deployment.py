"""A running deployment for tests: embedded registers and KlantBrug before them, each on a port of its own.

Everything goes over HTTP, as in production. Where the dialect gathers, the registers are an e-Suite, and
nothing that waits is sent before a test says so (`Running.send_held`). Every exchange of KlantBrug with a
register is checked against the contract of that register and recorded; a break ends the request and stands in
`findings`. Every answer of KlantBrug is checked against the served specification; what breaks it stands in
`invalid`.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import requests
from adapter.configuration import Configuration, Token
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import TOKEN, bearer_token
from adapter.demo.settings import PATHS, PUBLIC_PATH, demo_configuration
from adapter.dialects import SHIPPED
from adapter.embedded import esuite, klanten_contactmomenten, objects, zaken
from adapter.embedded.esuite import Looseness
from adapter.embedded.esuite.organisation import Organisation
from adapter.embedded.municipality.plan import objecttypes
from adapter.errors import RegisterAnswer
from adapter.main import Adapter, prepare
from adapter.registers.contract import Finding
from adapter.registers.messages import Exchange
from adapter.registers.objecttypes import Outcome
from adapter.registers.permissions import PERMISSIONS
from adapter.shipped import register_document
from connexion.spec import OpenAPISpecification

from tests.checked_once import CheckedOnce
from tests.served_contract import violations
from tests.short_way import TAKEN, asked, running
from tests.unreliable import Unreliable

# Runs an application at a port (0: any) and gives its origin.
Serve = Callable[..., AbstractContextManager[str]]

SEARCH = "objects/search"
# Tokens for the Objects API: one with the permissions that a test gives it, and a superuser's.
LIMITED, SUPERUSER = "limited", "superuser"
# Which tables hold what the registers keep of a test; objecttypes stay.
KEPT = {
    "klanten": ("klanten", "contactmomenten", "klantcontactmomenten", "objectcontactmomenten"),
    "objects": ("records", "attributes", "members"),
}
# And the state, where a part of what clients recorded stands there.
GATHERED = {**KEPT, "state": ("holds", "pieces", "aliases", "sent", "doubles", "doubted", "found", "keys")}
# A sweep that comes only when a test asks for it.
NEVER = 1_000_000.0


_validate, _valid = OpenAPISpecification._validate_spec, set()


def _validate_once(document: dict[str, Any]) -> None:
    """Hold what KlantBrug gives Connexion to the schema of OpenAPI, unless the same was right before.

    It takes a third of a start.
    """
    key = repr(document)
    if key not in _valid:
        _validate(document)
        _valid.add(key)


patch.object(OpenAPISpecification, "_validate_spec", staticmethod(_validate_once)).start()


class Client:
    """A client of one API: paths are relative to its base, or whole URLs."""

    def __init__(self, base: str, **headers: str) -> None:
        self.base = base.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Accept": "application/json", **headers})

    def url(self, path: str) -> str:
        """Of a path below the base."""
        return path if path.startswith("http") else f"{self.base}/{path.lstrip('/')}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request."""
        url = self.url(path)
        if options.keys() <= TAKEN:
            answer = asked(self.session, method, url, timeout=30, **options)
            if answer is not None:
                return answer
        return self.session.request(method, url, timeout=30, allow_redirects=False, **options)

    def get(self, path: str, expect: int = 200, **parameters: Any) -> Any:
        """The JSON of a GET, which must have the status `expect`."""
        return self._json(self.call("GET", path, params=parameters), expect)

    def post(self, path: str, body: Any, expect: int = 201) -> Any:
        """The JSON of a POST, which must have the status `expect`."""
        return self._json(self.call("POST", path, json=body), expect)

    def patch(self, path: str, body: Any, expect: int = 200) -> Any:
        """The JSON of a PATCH, which must have the status `expect`."""
        return self._json(self.call("PATCH", path, json=body), expect)

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        """The JSON of a PUT, which must have the status `expect`."""
        return self._json(self.call("PUT", path, json=body), expect)

    def delete(self, path: str, expect: int = 204, **parameters: Any) -> Any:
        """A DELETE, which must have the status `expect`."""
        return self._json(self.call("DELETE", path, params=parameters), expect)

    def all(self, path: str, **parameters: Any) -> list[Any]:
        """The results of every page of a list."""
        page = self.get(path, **parameters)
        found = list(page["results"])
        while page["next"]:
            page = self.get(page["next"])
            found += page["results"]
        return found

    def close(self) -> None:
        self.session.close()

    def _json(self, answer: requests.Response, expect: int) -> Any:
        assert answer.status_code == expect, (answer.status_code, answer.text)
        return answer.json() if answer.content else None


@dataclass
class Running:
    """A deployment as tests see it.

    `served` is KlantBrug; `klanten`, `contactmomenten`, `objects` and `zaken` are what an old client sees of
    the registers. `faults` holds the servers behind them, which can be told to fail.
    """

    dialect: str
    configuration: Configuration
    served: Client
    klanten: Client
    contactmomenten: Client
    objects: Client
    zaken: Client
    faults: dict[str, Unreliable]
    types: dict[str, str]
    databases: dict[str, sqlite3.Connection]
    made: list[Outcome]
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: KEPT)
    sweep: Callable[[], None] = lambda: None
    permissions: dict[str, Any] = field(default_factory=dict)
    watched: bool = True
    findings: list[Finding] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    def reset(self) -> None:
        """Empty the registers and forget what was seen."""
        for name, database in self.databases.items():
            with database:
                for table in self.kept[name]:
                    database.execute(f"DELETE FROM {table}")
        self.findings.clear()
        self.invalid.clear()
        self.exchanges.clear()

    def send_held(self) -> None:
        """Send every contact that is held, as when nothing has been added to it for long enough."""
        with self.databases["state"] as state:
            state.execute("UPDATE holds SET made = 0, changed = 0, due = 0")
        self.sweep()

    @contextmanager
    def writes(self) -> Iterator[list[str]]:
        """What KlantBrug writes to registers in the context, as method and path; filled at its end."""
        found: list[str] = []
        start = len(self.exchanges)
        yield found
        found += [
            f"{each.method} {each.register}/{each.path}"
            for each in self.exchanges[start:]
            if each.method != "GET" and each.path != SEARCH
        ]

    @contextmanager
    def another(self, change: Callable[[Configuration], Configuration]) -> Iterator[Client]:
        """A client of a second KlantBrug before the same registers, configured differently."""
        with ExitStack() as stack:
            yield self._serve(stack, change)

    def _serve(self, stack: ExitStack, change: Callable[[Configuration], Configuration]) -> Client:
        (port,) = free_ports(1)
        url = f"http://127.0.0.1:{port}{PUBLIC_PATH}"
        adapter = prepare(change(replace(self.configuration, public_url=url)))
        stack.callback(adapter.close)
        self.watch(adapter)
        stack.enter_context(running(adapter.application(self.made), port))
        client = Client(url, Authorization="Token demo")
        stack.callback(client.close)
        self.listen(client)
        return client

    def listen(self, client: Client) -> None:
        """Check every answer that this client of KlantBrug gets against the served specification."""

        def check(answer: requests.Response, **_: Any) -> None:
            self.invalid += violations(answer, client.base)

        client.session.hooks["response"].append(check)

    def watch(self, adapter: Adapter) -> None:
        """Check and record every exchange of this KlantBrug with its registers from now on."""
        for name, register in adapter.registers.items():
            register.observers.append(self._observe)
            document = register_document(name, adapter.configuration.registers[name].dialect)
            if document and self.watched:
                register.contract = CheckedOnce(name, document, self._refuse)

    def _observe(self, exchange: Exchange) -> None:
        if exchange.path != PERMISSIONS:  # asked from time to time, whatever a test does
            self.exchanges.append(exchange)

    def _refuse(self, finding: Finding) -> None:
        self.findings.append(finding)
        raise RegisterAnswer(finding.register)


def with_settings(**settings: Any) -> Callable[[Configuration], Configuration]:
    """A change of the settings, for `Running.another`."""
    return lambda it: replace(it, settings=MappingProxyType({**it.settings, **settings}))


@contextmanager
def deployed(
    dialect: str,
    folder: Path,
    serve: Serve = running,
    *,
    watched: bool = True,
    organisation: Organisation | None = None,
) -> Iterator[Running]:
    """Registers and KlantBrug for as long as the context lasts; the registers' data are in the folder.

    Without `watched` the exchanges with registers are recorded but not held to a contract, which takes most
    of the time. `organisation` are the names that an e-Suite knows, when not those of the demonstration.
    """
    with ExitStack() as stack:
        permissions: dict[str, Any] = {}
        faults, places = registers(
            stack, dialect, folder, serve, permissions=permissions, organisation=organisation
        )
        places[ADAPTER] = Place(ADAPTER, ":memory:", *free_ports(1), ())
        gathers = SHIPPED.gathers(dialect)
        files = {name: each.path for name, each in places.items()}
        files["state"] = str(folder / "state.sqlite3") if gathers else ":memory:"
        configuration = _configuration(places, dialect, files["state"])
        clients = {name: _register_client(stack, places, name) for name in PATHS}
        adapter = prepare(configuration)
        stack.callback(adapter.close)
        made = list(adapter.set_up())
        sweep = {"sweep": adapter.deployment(made).gathers.sweep} if gathers else {}
        kept = GATHERED if gathers else KEPT
        databases = {name: sqlite3.connect(files[name], check_same_thread=False) for name in kept}
        for database in databases.values():
            stack.callback(database.close)
        types = {each.name: each.url for each in made}
        types |= {name: each.url for name, each in configuration.objecttypes.items()}
        served = Client(configuration.public_url, Authorization="Token demo")
        stack.callback(served.close)
        found = Running(
            dialect,
            configuration,
            served,
            **clients,
            faults=faults,
            types=types,
            databases=databases,
            made=made,
            kept=kept,
            **sweep,
            permissions=permissions,
            watched=watched,
        )
        found.watch(adapter)
        found.listen(served)
        stack.enter_context(serve(adapter.application(made), places[ADAPTER].port))
        yield found


def registers(
    stack: ExitStack,
    dialect: str,
    folder: Path | None,
    serve: Serve = running,
    *,
    permissions: dict[str, Any] | None = None,
    looseness: Looseness | None = None,
    organisation: Organisation | None = None,
) -> tuple[dict[str, Unreliable], dict[str, Place]]:
    """The registers, running: what can make each fail, and where it is. Without a folder all is in memory."""
    faults, places = {}, {}

    def path(name: str) -> str:
        return str(folder / f"{name}.sqlite3") if folder else ":memory:"

    def start(name: str, app: Any) -> str:
        faults[name] = Unreliable(app)
        origin = stack.enter_context(serve(faults[name]))
        places[name] = Place(name, path(name), int(origin.rpartition(":")[2]), ())
        return origin

    # A relation with a zaak is there when somebody made it, as in a real Zaken API.
    cases = start("zaken", zaken.create_app(related=False))
    if SHIPPED.gathers(dialect):
        bases = {name: PATHS[name][1].rstrip("/") for name in ("klanten", "contactmomenten")}
        known = {"zaken": [f"{cases}/zaken"], "looseness": looseness, "organisation": organisation}
        town = esuite.create_app(path("klanten"), bases=bases, **known)
    else:
        lineage = SHIPPED.lineage(dialect)
        town = klanten_contactmomenten.create_app(path("klanten"), lineage=lineage, zaken=[cases])
    start("klanten", town)
    limited = {} if permissions is None else permissions
    tokens = {"token": TOKEN, "permissions": {LIMITED: limited}, "superusers": [SUPERUSER]}
    start("objects", objects.create_app(path("objects"), types=objecttypes(), **tokens))
    return faults, places


def _configuration(places: dict[str, Place], dialect: str, state: str) -> Configuration:
    """That of the demonstration, and a client that wants nothing but the published specification."""
    configuration = demo_configuration(places, dialect, state)
    if configuration.gathering:
        gathering = replace(configuration.gathering, sweep=NEVER)
        configuration = replace(configuration, gathering=gathering)
    modern = Token("modern", "", "modern", ("*",), False)
    # Tests share the deployment: a register that one of them made fail must not be left alone in the next.
    limits = replace(configuration.limits, failures=1_000_000, wrong_tokens=1_000_000)
    return replace(configuration, tokens=(*configuration.tokens, modern), limits=limits)


def _register_client(stack: ExitStack, places: dict[str, Place], name: str) -> Client:
    place, path = PATHS[name]
    headers = {"Authorization": f"Bearer {bearer_token()}"}
    if name == "objects":
        headers = {"Authorization": f"Token {TOKEN}", "Content-Crs": "EPSG:4326"}
    client = Client(places[place].origin + path, **headers)
    stack.callback(client.close)
    return client
