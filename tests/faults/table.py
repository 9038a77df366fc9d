"""Do a write with one of its register calls spoilt, and see what the registers hold when all is over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from adapter.dialects import SHIPPED

from tests.deployment import KEPT
from tests.faults.cases import Town, Write, known_values, text
from tests.faults.proxy import FAULTS, KILLS, OF_READS, UUID, Fault

# Of the faults of a read each read gets so many; another read gets others.
PER_READ = 2
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
NUMBER = re.compile(r"\bK[A-Z2-7]{7}\b|\b\d{10}\b|\b[0-9a-f]{16,64}\b")
UNFORGOTTEN = "nothing that could be taken back"


def _less(now: Any, before: Any) -> Any:
    """What is there now without the members that were not there before."""
    if isinstance(now, dict) and isinstance(before, dict):
        return {name: _less(now[name], each) for name, each in before.items() if name in now}
    if isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        return [_less(one, other) for one, other in zip(now, before, strict=True)]
    return now


def _without_new_blanks(now: Any, before: Any) -> Any:
    """What is there now without empty values where nothing was before: they say no more."""
    if isinstance(now, dict) and isinstance(before, dict):
        return {
            name: _without_new_blanks(each, before.get(name))
            for name, each in now.items()
            if name in before or _says(each)
        }
    if isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        return [_without_new_blanks(one, other) for one, other in zip(now, before, strict=True)]
    return now


def _says(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(_says(each) for each in (value.values() if isinstance(value, dict) else value))
    return value not in ("", None, False)


@dataclass(frozen=True)
class Case:
    """A write, the number of the register call that is spoilt (of those that write, or read), and how."""

    write: Write
    step: int
    fault: str
    of_writes: bool = True

    def __str__(self) -> str:
        what = f"{'write' if self.of_writes else 'read'} {self.step + 1}"
        return f"{self.write.name} ({self.write.method} {self.write.path}): {self.fault} at {what}"


@dataclass
class Tally:
    """What came of the cases: how many ended with all, or nothing, of the write, and what went wrong."""

    writes: int = 0
    steps: int = 0
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return (
            f"{self.writes} writes, {self.steps} steps, {self.cases} cases: {found}; wrong {len(self.wrong)}"
        )


def cases_of(write: Write) -> Iterator[Case]:
    """Every fault at every register call that writes, and some at every one that reads."""
    for step in range(len(write.writes)):
        for fault in FAULTS:
            yield Case(write, step, fault)
    for step in range(write.reads):
        for turn in range(PER_READ):
            yield Case(write, step, OF_READS[(PER_READ * step + turn) % len(OF_READS)], of_writes=False)


def kills_of(write: Write) -> Iterator[Case]:
    """Killed before and after every register call that writes."""
    for step in range(len(write.writes)):
        for fault in KILLS:
            yield Case(write, step, fault)


class Judge:
    """Does cases, and tells of each whether the registers hold all of the write or nothing of it."""

    def __init__(self, town: Town) -> None:
        self.town, self.site = town, town.site
        self.known = set(known_values(town.before))
        self.tally = Tally()

    def all_of(self, write: Write) -> Any:
        """What the registers hold when a write went well; they hold what they held again afterwards."""
        self.site.unspoilt(write.method, write.path, write.body)
        found = self._alike(self.site.contents())
        self.site.put_back(self.town.kept)
        return found

    def try_(self, case: Case, done: Any) -> None:
        """Do a case; `done` is what the registers hold when the write went well."""
        site, fault = self.site, {**FAULTS, **KILLS}[case.fault]
        site.order.arm(case.step, fault, writes=case.of_writes)
        status = self._answered(case.write)
        site.order.disarm()
        self._recovered(fault, status)
        empty = site.journal_is_empty()
        now = site.contents()
        held = self._held(now, done)
        self.tally.cases += 1
        self.tally.outcomes[f"{self._said(status)}/{held}"] += 1
        if wrong := self._wrong(case, status, held, empty=empty):
            self.tally.wrong.append(
                f"{case}: {wrong}\n{self._difference(now, done) if held == 'part' else ''}"
            )
        if held != "nothing":
            site.put_back(self.town.kept)

    def _answered(self, write: Write) -> int:
        """The status of the answer; 0 when there was none."""
        try:
            return self.site.served.call(write.method, write.path, json=write.body).status_code
        except requests.RequestException:
            return 0

    def _recovered(self, fault: Fault, status: int) -> None:
        replica = self.site.replicas[0]
        if fault.then == "kill" and status == 0 and replica.died():
            replica.start()

    def _held(self, now: Any, done: Any) -> str:
        if _without_new_blanks(now, self.town.before) == self.town.before:
            return "nothing"
        if self._alike(now) == done:
            return "all"
        return UNFORGOTTEN if self._unforgotten(now) else "part"

    def _unforgotten(self, now: Any) -> bool:
        """Whether records have no more than values in fields that were not there before.

        A register of the bare specification leaves blanks out and takes none: nobody can take these back.
        """
        before = self.town.before
        if len(SHIPPED.lineage(self.site.dialect)) > 1 or now.keys() != before.keys():
            return False
        same = all(now[name] == rows for name, rows in before.items() if name not in KEPT["klanten"])
        return same and all(_less(now[name], before[name]) == before[name] for name in KEPT["klanten"])

    def _said(self, status: int) -> str:
        return "no answer" if not status else "done" if status < 300 else "failed"

    def _wrong(self, case: Case, status: int, held: str, *, empty: bool) -> str:
        """What is not as it should be; a KlantBrug that is killed cannot answer."""
        if not empty:
            return "the journal is not empty"
        if held == "part":
            return f"a part of it is there, answered {status}"
        if 200 <= status < 300 and held != "all":
            return f"nothing is there, answered {status}"
        if status and status not in (200, 201, 204, 502, 503):
            return f"answered {status}"
        return ""

    def _alike(self, contents: Any) -> dict[str, list[str]]:
        """Contents in which what is new every time is left out."""
        return {name: sorted(self._bare(text(each)) for each in rows) for name, rows in contents.items()}

    def _bare(self, row: str) -> str:
        for pattern in (UUID, INSTANT, NUMBER):
            row = pattern.sub(lambda found: found[0] if self._is_known(found[0]) else "*", row)
        return row

    def _is_known(self, value: str) -> bool:
        return value in self.known or any(value in each for each in self._urls())

    def _urls(self) -> list[str]:
        if not hasattr(self, "_known_urls"):
            self._known_urls = [each for each in self.known if "/" in each]
        return self._known_urls

    def _difference(self, now: Any, done: Any) -> str:
        """Which rows are there that should not be, and the other way round, against nothing and all."""
        told = []
        for label, wanted in (("nothing", self._alike(self.town.before)), ("all", done)):
            for name, rows in self._alike(now).items():
                more, less = Counter(rows) - Counter(wanted[name]), Counter(wanted[name]) - Counter(rows)
                told += [f"  against {label}: + {name} {each[:700]}" for each in more]
                told += [f"  against {label}: - {name} {each[:700]}" for each in less]
        return "\n".join(told)
