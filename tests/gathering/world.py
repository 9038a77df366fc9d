"""A register that takes one POST, with faults at will; a composer of plain pieces; and processes that die.

The composer knows contacts, names, addresses, tasks and cases, and writes each as a line; what is not part of
the record stands in the aside. So whatever was sent can be read back from the two.
"""

import uuid as uuids
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from adapter.counts import Counts
from adapter.gathering.attempts import Attempts
from adapter.gathering.doubles import Doubles
from adapter.gathering.dropped import Dropped
from adapter.gathering.gatherer import Gatherer, Pieces
from adapter.gathering.holds import Holds
from adapter.gathering.kept import Piece
from adapter.gathering.lists import Lists
from adapter.gathering.ports import Composition, Link, NotSent, Record, RecordPage, Refused, Unanswered
from adapter.gathering.sealing import Keyring, new_key
from adapter.gathering.sending import Sender, Times, Tools
from adapter.gathering.sign import Sign
from adapter.gathering.triggers import Trigger, Triggers
from adapter.state.aliases import Aliases
from adapter.state.opening import open_state

KEYS = Keyring("k", {"k": new_key()})
SIGN = Sign("Kenmerk: {check}", b"secret")
CONTACTS, NAMES, ADDRESSES, TASKS, CASES = "contacten", "namen", "adressen", "taken", "zaken"
PIECES = Pieces(
    CONTACTS,
    {NAMES: ("van",), ADDRESSES: ("van",), TASKS: ("van",), CASES: ("van",)},
    frozenset({TASKS}),
)
RULES = (
    Trigger("verzoek", piece=TASKS),
    Trigger("verzoek", only=((("kanaal",), frozenset({"site"})),), fall_back=True),
    Trigger("moment"),
)
PER_PAGE = 3


class Died(BaseException):
    """The process is no more: nothing that it was doing goes on, and no `finally` helps."""


@dataclass
class Clock:
    """The time of the world, which only a test moves."""

    now: float = 1_000_000.0

    def __call__(self):
        return self.now


class Composer:
    """Writes every piece that is not late as a line of the record's text."""

    def compose(self, contact, pieces, kind, *, fall_back):
        lines = [f"{each.uuid} {each.resource} {each.body['tekst']}" for each in pieces if not each.late]
        body = {"type": kind, "tekst": SIGN.put("\n".join(lines), SIGN.of(contact, {}))}
        body |= {each.body["naar"]: each.body["groep"] for each in pieces if each.resource == TASKS}
        if fall_back:
            body["groep"] = "vangnet"
        addresses = [each.body["tekst"] for each in pieces if each.resource == ADDRESSES and not each.late]
        short = [{"adres": addresses[0]}] if addresses else []
        return Composition(
            kind=kind, collection="records", body=body, user="jan", check=SIGN.check(contact), signed="tekst",
            searches=(*short, {"type": kind}), droppable=("medewerker",),
        )  # fmt: skip

    def aside(self, contact, pieces, kind, content):
        written = content["tekst"].split("\n")
        return {
            "rows": {
                each.uuid: each.body
                for each in pieces
                if f"{each.uuid} {each.resource} {each.body['tekst']}" not in written
            },
            "bodies": {each.uuid: [each.resource, each.body.get("van")] for each in pieces},
        }

    def links(self, pieces, record):
        return [
            Link(each.uuid, "links", {"record": record, "zaak": each.uuid})
            for each in pieces
            if each.resource == CASES
        ]


@dataclass
class Register:
    """The register. `faults` are those of its next posts: lost, unanswered, late, refused connection."""

    clock: Clock
    records: list = field(default_factory=list)
    links: list = field(default_factory=list)
    on_its_way: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    late: float = 100.0
    newest_first: bool = True
    users: list = field(default_factory=list)
    groups: frozenset = frozenset({"balie", "vangnet"})

    def post(self, collection, body, user):
        self.users.append(user)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "refused":
            raise NotSent
        if fault == "lost":
            raise Unanswered
        if fault == "late":
            self.on_its_way.append((self.clock.now + self.late, collection, body))
            raise Unanswered
        made = self._made(collection, body)
        if fault == "dies":
            raise Died
        if fault == "unanswered":
            raise Unanswered
        return made

    def link(self, collection, body, user):
        self.post(collection, body, user)

    def arrive(self):
        """What was late and is due now is processed."""
        for each in [each for each in self.on_its_way if each[0] <= self.clock.now]:
            self.on_its_way.remove(each)
            # Nobody hears that it is refused.
            with suppress(Refused):
                self._made(*each[1:])

    def _made(self, collection, body):
        if collection == "links":
            if body in self.links:
                raise Refused(conflict=True)
            self.links.append(dict(body))
            return Record("", body)
        for name in ("groep", "afdeling"):
            if name in body and body[name] not in self.groups:
                raise Refused((name,))
        if body.get("medewerker") == "niemand":
            raise Refused(("medewerker",))
        record = Record(str(uuids.uuid4()), dict(body))
        self.records.append(record)
        return record

    def retrieve(self, collection, uuid):
        return next((each for each in self.records if each.uuid == uuid), None)

    def page(self, collection, filters, number):
        self.arrive()
        found = self.records[::-1] if self.newest_first else self.records
        for name, value in filters.items():
            found = [
                each
                for each in found
                if (value in each.content["tekst"] if name == "adres" else each.content[name] == value)
            ]
        page = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        return RecordPage(len(found), tuple(page), number * PER_PAGE < len(found))


@dataclass
class Objects:
    """The objects, in memory."""

    asides: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)

    def put_aside(self, contact, content, *, there=False):
        self.asides[contact] = content

    def drop_aside(self, contact):
        self.asides.pop(contact, None)

    def aside(self, contact):
        return self.asides.get(contact)

    def put_alias(self, contact, record, collection):
        self.aliases[contact] = record


@dataclass
class Fate:
    """Counts the steps of a process; at `at` (from 1) something happens to it, by default its death."""

    at: int = 0
    steps: int = 0
    dead: bool = False
    meanwhile: object = None
    chance: object = None

    def step(self):
        if self.dead:
            raise Died
        self.steps += 1
        if self.chance is not None and self.chance():
            self.dead = True
            raise Died
        if self.steps != self.at:
            return
        if self.meanwhile is not None:
            self.meanwhile()
            return
        self.dead = True
        raise Died


class Fated:
    """Whatever it stands for, with a step before and after each call."""

    def __init__(self, inner, fate):
        self._inner, self._fate = inner, fate

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given, **named):
            self._fate.step()
            try:
                return found(*given, **named)
            finally:
                self._fate.step()

        return call


class FatedDatabase:
    """A database with a step before each transaction begins and after it is committed."""

    def __init__(self, inner, fate):
        self._inner, self._fate = inner, fate

    @contextmanager
    def transaction(self):
        self._fate.step()
        with self._inner.transaction() as transaction:
            yield transaction
        self._fate.step()


class Process:
    """A replica: its own connection to the state that all share."""

    def __init__(self, world, fate, classes=(Sender, Attempts, Lists)):
        sender, attempts, lists = classes
        database = FatedDatabase(world.state.database, fate)
        self.fate, self.holds, self.aliases = fate, Holds(database, KEYS), Aliases(database)
        self.counts = Counts()
        tools = Tools(
            self.holds, attempts(database), Fated(world.register, fate), Fated(world.objects, fate),
            Composer(), Triggers(RULES), SIGN, self.counts, world.clock, world.times,
        )  # fmt: skip
        self.sender = sender(tools)
        self.gatherer = Gatherer(PIECES, tools, self.sender)
        self.doubles, self.dropped = Doubles(world.state.database), Dropped(database)
        self.lists = lists(self.holds, self.aliases, SIGN, (("tekst",),), self.doubles, world.clock)

    def read(self, register):
        """The list of all contacts, as {uuid: (from where, its pieces)}."""
        listed = self.lists.listed(lambda: [Record(each.uuid, each.content) for each in register.records])
        found = [(each.contact, "hold") for each in listed.held]
        return found + [(served, record) for served, record in listed.records]


@dataclass
class World:
    """One register, one place for objects, one state, and processes that come and go."""

    address: str
    times: Times = field(default_factory=Times)
    classes: tuple = (Sender, Attempts, Lists)

    def __post_init__(self):
        self.clock = Clock()
        self.register, self.objects = Register(self.clock), Objects()
        self.state = open_state(self.address)
        self.sent, self.known = {}, []

    def close(self):
        self.state.close()

    def process(self, at=0, meanwhile=None, chance=None):
        return Process(self, Fate(at, meanwhile=meanwhile, chance=chance), self.classes)

    def settle(self, seconds=700.0, rounds=12):
        """Time passes, and a process sweeps, until nothing is to be done any more."""
        process = self.process()
        for _ in range(rounds):
            self.clock.now += seconds
            self.register.arrive()
            process.sender.sweep()
            process.dropped.sweep(self.objects, self.clock.now)
        return process

    def expect(self, uuid, resource, body):
        """Note what a client was told is recorded."""
        self.sent[uuid] = (resource, body)

    # the laws

    def problems(self):
        """What is not as it must be: each contact once, whole, under its uuid."""
        process, found = self.process(), []
        seen = process.read(self.register)
        contacts = [uuid for uuid, (resource, _) in self.sent.items() if resource == CONTACTS]
        for contact in contacts:
            times = [each for each, _ in seen if each == contact]
            if len(times) != 1:
                found.append(f"{len(times)} times in the list")
        made = list(self.register.records)
        for contact in contacts:
            with_sign = [each for each in made if SIGN.is_of(each.content["tekst"], contact)]
            held = process.holds.of_piece(contact) is not None
            if len(with_sign) > 1:
                found.append("a double")
            if not with_sign and not held:
                found.append("a contact is lost")
        found += [f"a {resource} is lost or half" for uuid, (resource, body) in self.sent.items()
                  if self.reads(process, uuid) != body]  # fmt: skip
        found += ["a foreign uuid" for each, _ in seen if each not in self.known]
        return found

    def reads(self, process, uuid):
        """A piece as it is read now, from what is held or from the record and its aside."""
        piece = process.gatherer.held(uuid)
        if piece is not None:
            return piece.body
        for contact, aside in self.objects.asides.items():
            if uuid not in aside["bodies"]:
                continue
            if uuid in aside["rows"]:
                return aside["rows"][uuid]
            record = self.register.retrieve("records", process.aliases.records([contact])[contact])
            resource, _ = self.sent[uuid]
            wanted = self.sent[uuid][1]
            line = f"{uuid} {resource} {wanted['tekst']}"
            return wanted if record and line in record.content["tekst"].split("\n") else None
        return None


def new(resource, tekst="tekst", **body):
    return Piece(str(uuids.uuid4()), resource, {"tekst": tekst, **body})
