"""What KlantBrug asks of its registers for each operation, and what they answer: recorded, then replayed.

The embedded registers are filled by way of KlantBrug. Then each operation is done once while every exchange
is kept, so that the measurements can be done with registers that answer from memory.
"""

import asyncio
import pickle
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from adapter.configuration import Configuration
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import TOKEN
from adapter.demo.settings import demo_configuration
from adapter.dialects import SHIPPED
from adapter.embedded import klanten_contactmomenten, objects, zaken
from adapter.embedded.municipality.plan import objecttypes
from adapter.embedded.server import running
from adapter.main import prepare
from adapter.registers.objecttypes import Outcome
from adapter.registers.session import USER_AGENT
from tests import bodies
from tests.deployment import Client

PAGE = 100
PARTIJEN = 10
# Long enough for calls that are made side by side to overlap.
RECORDING_PAUSE = 0.05
EXPAND = (
    "hadBetrokkenen,leiddeTotInterneTaken,gingOverOnderwerpobjecten,"
    "hadBetrokkenen.digitaleAdressen,hadBetrokkenen.wasPartij"
)


@dataclass
class Call:
    """One register call: the port of the register, method, target and body."""

    port: int
    method: str
    target: str
    body: bytes
    started: float = 0.0
    ended: float = 0.0

    @property
    def key(self) -> tuple[int, str, str, bytes]:
        """What tells it from others: what is made or changed is answered whatever it says."""
        searches = self.method == "GET" or self.target.split("?")[0].endswith("/search")
        return (self.port, self.method, self.target, self.body if searches else b"")


@dataclass
class Operation:
    """One request to KlantBrug, in variants, with its register calls in rounds and what it answered."""

    name: str
    method: str
    variants: list[tuple[str, bytes]]
    rounds: list[list[Call]] = field(default_factory=list)
    answer: bytes = b""
    status: int = 200

    @property
    def calls(self) -> list[Call]:
        """All its calls."""
        return [call for each in self.rounds for call in each]


@dataclass
class Tape:
    """Everything that was recorded. `dialect` and `places` are of the registers that it was recorded from."""

    dialect: str
    places: dict[str, Place]
    made: list[Outcome]
    answers: dict[tuple[int, str, str, bytes], tuple[int, bytes]] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)

    def configuration(self, state: str = ":memory:") -> Configuration:
        """KlantBrug before the replayed registers."""
        return demo_configuration(self.places, self.dialect, state)

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self))

    @staticmethod
    def load(path: Path) -> "Tape":
        """One that was saved by this run."""
        return pickle.loads(path.read_bytes())


class Recorder:
    """Wraps a register and keeps what KlantBrug asks of it."""

    def __init__(self, app: Any, port: int, tape: Tape) -> None:
        self.app, self.port, self.tape = app, port, tape
        self.calls: list[Call] = []
        self.pause = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        agent = dict(scope.get("headers", ())).get(b"user-agent", b"").decode()
        if scope["type"] != "http" or agent != USER_AGENT:
            await self.app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        query = scope["query_string"].decode()
        target = scope["path"] + (f"?{query}" if query else "")
        call = Call(self.port, scope["method"], target, body, time.perf_counter())
        status, content = 0, b""

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Any) -> None:
            nonlocal status, content
            status = message.get("status", status)
            content += message.get("body", b"")
            await send(message)

        if self.pause:
            await asyncio.sleep(self.pause)
        call.ended = time.perf_counter()
        await self.app(scope, again, keep)
        self.calls.append(call)
        self.tape.answers[call.key] = (status, content)


def record(folder: Path, dialect: str = "openklant", size: int = PAGE) -> Tape:
    """Fill registers with so many klantcontacten, do every operation once, and keep all exchanges."""
    with ExitStack() as stack:
        tape, recorders = _start(stack, folder, dialect)
        adapter = prepare(tape.configuration())
        stack.callback(adapter.close)
        tape.made = list(adapter.set_up())
        stack.enter_context(running(adapter.application(tape.made), tape.places[ADAPTER].port))
        served = Client(adapter.configuration.public_url, Authorization="Token demo")
        stack.callback(served.close)
        tape.operations = _operations(*_filled(served, size))
        for operation in tape.operations:
            _perform(operation, served, recorders)
    return tape


def _start(stack: ExitStack, folder: Path, dialect: str) -> tuple[Tape, list[Recorder]]:
    ports = dict(zip(("zaken", "klanten", "objects", ADAPTER), free_ports(4), strict=True))
    places = {name: Place(name, str(folder / name), port, ()) for name, port in ports.items()}
    tape = Tape(dialect, places, [])
    cases = zaken.create_app(related=False)
    apps = {
        "zaken": cases,
        "klanten": klanten_contactmomenten.create_app(
            folder / "klanten", lineage=SHIPPED.lineage(dialect), zaken=[places["zaken"].origin]
        ),
        "objects": objects.create_app(folder / "objects", types=objecttypes(), token=TOKEN),
    }
    recorders = [Recorder(app, ports[name], tape) for name, app in apps.items()]
    for recorder in recorders:
        stack.enter_context(running(recorder, recorder.port))
    return tape, recorders


def _filled(served: Client, size: int) -> tuple[list[Any], list[Any]]:
    """(klantcontacten, partijen): a page, each with somebody who called, every fourth with a taak."""
    partijen = [served.post("partijen", bodies.persoon()) for _ in range(PARTIJEN)]
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    contacts = []
    for number in range(size):
        inhoud = f"Mevrouw belt over aanvraag {number} en wil weten wanneer zij iets hoort."
        contact = served.post("klantcontacten", bodies.contact(inhoud=inhoud, indicatieContactGelukt=True))
        partij = partijen[number % PARTIJEN] if number % 2 else None
        name = {"voornaam": "Eva", "achternaam": "Groot"}
        body = bodies.betrokkene(contact, partij, contactnaam=name)
        caller = served.post("betrokkenen", body)
        if number % 4 == 0:
            served.post("internetaken", bodies.taak(contact, actor))
            served.post("onderwerpobjecten", bodies.onderwerp(contact))
            served.post("digitaleadressen", bodies.adres("p@example.nl", betrokkene=caller))
            link = {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)}
            served.post("actorklantcontacten", link)
        contacts.append(contact)
    return contacts, partijen


def _operations(contacts: list[Any], partijen: list[Any]) -> list[Operation]:
    one = f"klantcontacten/{contacts[-4]['uuid']}"
    when = "2025-03-01T10:15:00Z"
    new = [
        bodies.contact(inhoud=f"Vraag {number}", reactie="Antwoord", plaatsgevondenOp=when)
        for number in range(PARTIJEN)
    ]
    forms = [
        {
            "klantcontact": each,
            "betrokkene": {"wasPartij": bodies.ref(partij), "rol": "klant", "initiator": True},
        }
        for each, partij in zip(new, partijen, strict=True)
    ]
    return [
        Operation("GET klantcontact", "GET", [(one, b"")]),
        Operation("page of 100", "GET", [(f"klantcontacten?pageSize={PAGE}", b"")]),
        Operation("page of 100, expand", "GET", [(f"klantcontacten?pageSize={PAGE}&expand={EXPAND}", b"")]),
        Operation("POST klantcontact", "POST", [("klantcontacten", orjson.dumps(each)) for each in new]),
        Operation("maak-klantcontact", "POST", [("maak-klantcontact", orjson.dumps(each)) for each in forms]),
    ]


def _perform(operation: Operation, served: Client, recorders: list[Recorder]) -> None:
    for recorder in recorders:
        recorder.pause = RECORDING_PAUSE
    for path, body in reversed(operation.variants):
        for recorder in recorders:
            recorder.calls.clear()
        headers = {"Content-Type": "application/json"} if body else {}
        answer = served.call(operation.method, path, data=body or None, headers=headers)
        assert answer.status_code < 300, answer.text
    calls = sorted((call for each in recorders for call in each.calls), key=lambda call: call.started)
    operation.answer, operation.status = answer.content, answer.status_code
    operation.rounds = []
    for call in calls:
        if not operation.rounds or call.started > max(each.ended for each in operation.rounds[-1]):
            operation.rounds.append([])
        operation.rounds[-1].append(call)
    for recorder in recorders:
        recorder.pause = 0.0
