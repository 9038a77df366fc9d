"""Find, before anything is written, every row that the target would refuse, and what becomes of it.

The kinds are looked at in the order of their tables, so that what is left out of one is known in the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from adapter.move.decisions import (
    DANGLING,
    GENERATE,
    MERGE,
    STOP,
    TOO_LONG,
    UNREADABLE,
    Decisions,
)
from adapter.move.merging import LEFT_OUT, Merging
from adapter.move.numbered import Numbered
from adapter.move.rows import Row, Rows
from adapter.move.target import Column, Remedy, Table, Target, Unique, meets

SHOWN = 1000
"""So many uuids of a finding are kept; its count is of all."""

NOTICED = "noticed"


@dataclass(slots=True)
class Finding:
    """What breaks a rule: how many, which, and what becomes of them."""

    rule: str
    table: str
    column: str
    becomes: str
    """What is done: a row is left out, a column altered, or nothing but that it is said."""
    decision: str
    count: int = 0
    uuids: list[str] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Whether nothing may be written as long as it is not decided."""
        return self.decision == STOP and self.count > 0

    def add(self, uuids: Iterable[str]) -> None:
        """Count these."""
        for uuid in uuids:
            self.count += 1
            if len(self.uuids) < SHOWN:
                self.uuids.append(uuid)


class Planning:
    """One look at all that is to be written. Afterwards `numbered` holds what is left out and altered."""

    def __init__(self, target: Target, numbered: Numbered, decisions: Decisions) -> None:
        self.target, self.numbered, self.decisions = target, numbered, decisions
        self.rows = Rows(target, numbered, decisions)
        self.found: dict[tuple[str, str, str], Finding] = {}

    def look(self, at: Callable[[str], None] = lambda _: None) -> list[Finding]:
        """Everything that breaks a rule; `at` is called with the name of each kind."""
        self.numbered.number()
        Merging(self.target, self.numbered, self.decisions, self._merged).merge()
        for resource in self.target.resources:
            at(resource)
            self._kind(resource)
        return sorted(self.found.values(), key=lambda each: (each.rule, each.table, each.column))

    def _kind(self, resource: str) -> None:
        tables = self.target.tables_of(resource)
        main = self.target.main(resource)
        uniques = [each for each in self.target.uniques if each.table == main.model]
        counted = [each for each in main.columns if each.counted and self._counts(each)]
        for kept in self.numbered.each(resource):
            for table in tables:
                rows = list(self.rows.made(table, kept, {}))
                self._look_at(table, rows)
                if table is main:
                    self._claims(uniques, rows)
                    self._uncounted(main, counted, rows)
        for unique in uniques:
            self._shared(main, unique)
        for column in counted:
            self._count(main, column)

    # what each row breaks by itself

    def _look_at(self, table: Table, rows: Sequence[Row]) -> None:
        """Note what these rows of a table break: a rule at a time, for all of them together."""
        for column, uuids in _by_column(rows, lambda row: row.dangling):
            kept = column.nullable or bool(table.each)
            self._note(DANGLING, table, column.name, "NULL" if kept else LEFT_OUT, uuids, decide=False)
            if not kept:
                self.numbered.leave_out(table.resource, uuids, DANGLING)
        for column, uuids in _by_column(rows, lambda row: row.too_long):
            self._note(TOO_LONG, table, column.name, "cut, ending in …", uuids, decide=True)
        for column, uuids in _by_column(rows, lambda row: row.unreadable):
            self._note(UNREADABLE, table, column.name, "empty", uuids, decide=True)
        for check in self.target.checks:
            if check.table == table.model:
                broken = [row.uuid for row in rows if meets(row.values, check.never)]
                self._remedy(check.name, table, check.remedy, broken, decide=False)
        for notice in self.target.notices:
            if notice.table == table.model:
                noticed = [row.uuid for row in rows if notice(row.values)]
                self._note(notice.name, table, "", NOTICED, noticed, decide=False)

    # values that only one may have

    def _claims(self, uniques: Sequence[Unique], rows: Sequence[Row]) -> None:
        claims = [
            (unique.name, _fingerprint([row.values[name] for name in unique.columns]), row.pk, row.uuid)
            for unique in uniques
            for row in rows
            if meets(row.values, unique.when) and not any(_is_none(row, name) for name in unique.columns)
        ]
        self.numbered.claim(claims)

    def _shared(self, table: Table, unique: Unique) -> None:
        shared = self.numbered.shared(unique.name, table.resource, newest=unique.newest)
        uuids = [uuid for _, uuid in shared]
        self._remedy(unique.name, table, unique.remedy, uuids, decide=unique.decide)

    def _remedy(self, rule: str, table: Table, remedy: Remedy, uuids: Sequence[str], *, decide: bool) -> None:
        becomes = LEFT_OUT if remedy.leaves_out else f"{remedy.column} {_shown(remedy.value)}"
        decision = self.decisions.of(rule, decide=decide)
        # What is left of those that are to be merged could not be.
        decision = STOP if decision == MERGE else decision
        self._add((rule, table.model, remedy.column), becomes, uuids, decision)
        if decision == STOP or not uuids:
            return
        if remedy.leaves_out:
            self.numbered.leave_out(table.resource, uuids, rule)
        else:
            changes = ((uuid, remedy.column, remedy.value) for uuid in uuids)
            self.numbered.change(table.resource, changes, rule)

    # numbers

    def _counts(self, column: Column) -> bool:
        return not column.nullable or self.decisions.numbers == GENERATE

    def _uncounted(self, main: Table, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        for column in columns:
            rule = _without(main, column)
            self.numbered.claim((rule, "", row.pk, row.uuid) for row in rows if not row.values[column.name])
            self.numbered.highest(
                rule, (int(text) for row in rows if (text := str(row.values[column.name] or "")).isdigit())
            )

    def _count(self, table: Table, column: Column) -> None:
        """Give what has no number the next one, the oldest first; also what gives up one that it shares."""
        rule = _without(table, column)
        for uuids in self.numbered.without(rule, table.resource, column.name):
            first = self.numbered.next_numbers(rule, len(uuids))
            numbers = (str(first + place).zfill(column.length or 0) for place in range(len(uuids)))
            changes = ((uuid, column.name, number) for uuid, number in zip(uuids, numbers, strict=True))
            self.numbered.change(table.resource, changes, rule)
            self._note("numbers", table, column.name, "the next number", uuids, decide=False)

    # findings

    def _note(
        self, rule: str, table: Table, column: str, becomes: str, uuids: Sequence[str], *, decide: bool
    ) -> None:
        self._add((rule, table.model, column), becomes, uuids, self.decisions.of(rule, decide=decide))

    def _merged(self, rule: str, table: Table, column: str, becomes: str, uuids: Sequence[str]) -> None:
        self._add((rule, table.model, column), becomes, uuids, MERGE)

    def _add(self, key: tuple[str, str, str], becomes: str, uuids: Sequence[str], decision: str) -> None:
        if uuids:
            self.found.setdefault(key, Finding(*key, becomes, decision)).add(uuids)


def _by_column(
    rows: Iterable[Row], columns: Callable[[Row], Iterable[Column]]
) -> Iterable[tuple[Column, list[str]]]:
    """Each column that rows name, with the uuids of those rows."""
    found: dict[Column, list[str]] = {}
    for row in rows:
        for column in columns(row):
            found.setdefault(column, []).append(row.uuid)
    return found.items()


def _is_none(row: Row, name: str) -> bool:
    """Whether a column of a row has nothing that another row could have as well."""
    value = row.values[name]
    return value is None or (value == "" and row.table.column(name).counted)


def _without(table: Table, column: Column) -> str:
    return f"without {table.model}.{column.name}"


def _shown(value: Any) -> str:
    return "NULL" if value is None else "empty" if value == "" else str(value).lower()


def _fingerprint(values: Sequence[Any]) -> str:
    return hashlib.blake2b(orjson.dumps(values), digest_size=16).hexdigest()
