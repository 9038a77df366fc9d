"""The fault table of the reverse direction: every fault at every register call of every write.

In one process: the client of a register meets what a register might do. A case is right when the registers
hold all of the write, or nothing of it, once what was left is recovered; and when the answer agrees.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.registers.messages import Answer, RegisterFault

from tests.deployment import KEPT, Running
from tests.faults.table import _without_new_blanks
from tests.reverse.chain import Chain, Killed
from tests.reverse.test_undoing import WRITES, everything, perform, recover

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What is new each time besides: moments, numbers that are given out, fingerprints.
NEW = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?|\bK[A-Z2-7]{7}\b|\b\d{10}\b|\b[0-9a-f]{16,64}\b"
)
NAME = "klantinteracties"
KILLED = 500


@dataclass(frozen=True)
class Fault:
    """done: whether the register does what it was asked; lasting: whether nothing answers from here on.

    answer: what the caller gets: an answer, or an error that is raised.
    """

    done: bool
    answer: Callable[[], Any]
    lasting: bool = False


def _down() -> Any:
    return RegisterUnavailable(NAME)


FAULTS = {
    "refused": Fault(False, _down),
    "no answer": Fault(True, _down),
    "down from here": Fault(False, _down, lasting=True),
    "down from here, done": Fault(True, _down, lasting=True),
    "500": Fault(False, lambda: RegisterFault(NAME, 500, 5)),
    "500, done": Fault(True, lambda: RegisterFault(NAME, 500, 5)),
    "503": Fault(False, lambda: RegisterFault(NAME, 503, 5)),
    "no json": Fault(False, lambda: RegisterAnswer(NAME)),
    "no json, done": Fault(True, lambda: RegisterAnswer(NAME)),
    "other json": Fault(True, lambda: Answer(200, {})),
    "a list": Fault(False, lambda: Answer(200, [])),
    "403": Fault(False, lambda: Answer(403, {"code": "permission_denied"})),
}
KILLS = {
    "killed before": Fault(False, Killed, lasting=True),
    "killed after": Fault(True, Killed, lasting=True),
}
OF_READS = ("refused", "500", "no json", "other json", "a list", "403", "down from here")


class Spoiler:
    """Counts the calls of registers, those that write and those that read, and spoils one of them."""

    def __init__(self, chain: Chain, patch: pytest.MonkeyPatch) -> None:
        self.seen: Counter[bool] = Counter()
        self.fault: Fault | None = None
        self.of = ""
        """The register of which a call was spoilt."""
        self.at, self.gone, self._alone = (False, -1), False, threading.Lock()
        for register in chain.reverse.deployment.serving.registers.values():
            patch.setattr(register, "call", self.spoilt(register.name, register.call))

    def arm(self, fault: Fault | None = None, *, writes: bool = False, number: int = -1) -> None:
        """Spoil the call with this number, of those that write or those that read; from 0."""
        self.seen.clear()
        self.fault, self.at, self.gone = fault, (writes, number), False

    def spoilt(self, name: str, call: Any) -> Any:
        def calling(method: str, path: str, **options: Any) -> Any:
            writes = method in WRITES and not path.endswith("search")
            with self._alone:
                place = (writes, self.seen[writes])
                self.seen[writes] += 1
            if self.gone and self.fault is not None:
                raise self.fault.answer()
            if self.fault is None or place != self.at:
                return call(method, path, **options)
            self.gone, self.of = self.fault.lasting, name
            if self.fault.done:
                call(method, path, **options)
            found = self.fault.answer()
            if isinstance(found, BaseException):
                raise found
            return found

        return calling


def kept(running: Running) -> dict[str, list[Any]]:
    """All rows of the registers."""
    return {
        table: list(running.databases[name].execute(f"SELECT * FROM {table}"))
        for name, tables in KEPT.items()
        for table in tables
    }


def put_back(running: Running, rows: dict[str, list[Any]]) -> None:
    """Let the registers hold what they held."""
    for name, tables in KEPT.items():
        with running.databases[name] as database:
            for table in tables:
                database.execute(f"DELETE FROM {table}")
                for row in rows[table]:
                    database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


def contents(running: Running) -> dict[str, list[Any]]:
    """What the registers hold, apart from how often it was written."""
    database = running.databases["klanten"]
    found: dict[str, list[Any]] = {
        table: [
            [uuid, json.loads(data)] for uuid, data in database.execute(f"SELECT uuid, data FROM {table}")
        ]
        for table in KEPT["klanten"]
    }
    objects = running.databases["objects"].execute("SELECT uuid, data FROM records WHERE latest = 1")
    found["objects"] = [[uuid, json.loads(data)] for uuid, data in objects]
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


@dataclass
class Table:
    """The cases of writes, and what came of them."""

    chain: Chain
    spoiler: Spoiler
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def try_all(
        self, write: tuple[str, str, Any], faults: Callable[[int, int], Iterator[tuple[bool, int, str]]]
    ) -> None:
        """Every case of a write, which is done in the end. `faults` gives them for its writes and reads."""
        running = self.chain.running
        rows, before, shown = kept(running), contents(running), everything(self.chain)
        known = set(UUID.findall(repr(before))) | set(NEW.findall(repr(before)))
        self.spoiler.arm()
        assert perform(self.chain, *write) < 300, write[:2]
        seen = dict(self.spoiler.seen)
        done, done_shown = _alike(contents(running), known), everything(self.chain)
        for writes, number, name in faults(seen.get(True, 0), seen.get(False, 0)):
            put_back(running, rows)
            self.spoiler.arm({**FAULTS, **KILLS}[name], writes=writes, number=number)
            status = perform(self.chain, *write)
            self.spoiler.arm()
            recover(self.chain)
            now = contents(running)
            held = "all" if _alike(now, known) == done else "part"
            if _without_new_blanks(now, before) == before:
                held = "nothing"
            if held == "part":
                told = everything(self.chain)
                held = "all" if told == done_shown else "nothing" if told == shown else "part"
            self._note(
                write, f"{name} at {'write' if writes else 'read'} {number + 1}", status, held, name in KILLS
            )
        put_back(running, rows)
        assert perform(self.chain, *write) < 300, write[:2]

    def _note(self, write: tuple[str, str, Any], case: str, status: int, held: str, killed: bool) -> None:
        self.cases += 1
        self.outcomes[f"{'done' if status < 300 else 'failed'}/{held}"] += 1
        fitting = (200, 201, 204, 502, 503, *((KILLED,) if killed else ()))
        # a zaak that cannot be read is not one, as with Open Klant 1.0
        fitting += (400,) * (self.spoiler.of == "zaken" and held == "nothing")
        if held == "part" or (status < 300 and held != "all") or status not in fitting:
            self.wrong.append(f"{write[0]} {write[1]}: {case}: {held}, answered {status}")

    def __str__(self) -> str:
        found = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return f"{self.cases} cases: {found}; wrong {len(self.wrong)}"


def _alike(found: dict[str, list[Any]], known: set[str]) -> dict[str, list[str]]:
    def bare(row: Any) -> str:
        text = json.dumps(row, sort_keys=True)
        for pattern in (UUID, NEW):
            text = pattern.sub(lambda it: it[0] if it[0] in known else "*", text)
        return text

    return {name: sorted(map(bare, rows)) for name, rows in found.items()}


def every(writes: int, reads: int) -> Iterator[tuple[bool, int, str]]:
    """Every fault and kill at every call that writes, and the faults of a read at every one that reads."""
    for number in range(writes):
        yield from ((True, number, name) for name in (*FAULTS, *KILLS))
    for number in range(reads):
        yield from ((False, number, name) for name in OF_READS)


def in_turn(writes: int, _reads: int) -> Iterator[tuple[bool, int, str]]:
    """One fault at every call that writes, another at the next."""
    names = ("500, done", "other json", "down from here, done", "no answer")
    yield from ((True, number, names[number % len(names)]) for number in range(0, writes, 2))
