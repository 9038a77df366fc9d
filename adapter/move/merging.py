"""Find the resources that are one, by a number that both have, and merge the younger into the oldest.

What refers to the younger then refers to the oldest, and what hangs on it hangs on the oldest, each thing
once. What only the younger says the oldest says; what both say differently is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from adapter.mapping.paths import MISSING, get
from adapter.move.book import chunks
from adapter.move.decisions import MERGE, Decisions
from adapter.move.merged import is_empty
from adapter.move.numbered import Kept, Numbered
from adapter.move.target import Column, Table, Target, Unique, meets

MERGED, OTHERWISE = "merged", "merged_otherwise"
INTO_OLDEST, AS_OLDEST, LEFT_OUT = "merged into the oldest", "as the oldest has it", "left out"

Note = Callable[[str, Table, str, str, Sequence[str]], None]
"""Notes a finding: its rule, the table, the member, what becomes of them, the uuids."""


class Merging:
    """One look for what is to be merged; afterwards `numbered` has it so."""

    def __init__(self, target: Target, numbered: Numbered, decisions: Decisions, note: Note) -> None:
        self.target, self.numbered, self._note = target, numbered, note
        self._rules = [
            each
            for each in target.uniques
            if each.merge and decisions.of(each.name, decide=each.decide) == MERGE
        ]

    def merge(self) -> None:
        """Merge all that is to be, until nothing more follows from what was."""
        while any(self._by(rule) for rule in self._rules):
            # A number below another number is one that two have only when that other number is one.
            pass
        if not self.numbered.merged.there_are_any():
            return
        for table in self.target.tables:
            if table.double:
                self._doubles(table)
        for resource in self.target.resources:
            self._differences(self.target.main(resource))

    def _by(self, rule: Unique) -> bool:
        """Merge what a rule says is one; returns whether there was anything."""
        table = self.target.by_name[rule.table]
        owner = table.column(rule.merge)
        to = self.target.by_name[owner.to]
        one: dict[str, str] = {}
        numbers: dict[str, str] = {}
        pks: dict[str, int] = {}
        for part in chunks(self._pairs(rule, table)):
            kept = self.numbered.of(table.resource, {uuid for pair in part for uuid in pair})
            owners = {uuid: _reference(each, owner) for uuid, each in kept.items()}
            theirs = self.numbered.of(to.resource, {uuid for uuid in owners.values() if uuid})
            for keeper, other in part:
                first, second = theirs.get(owners[keeper]), theirs.get(owners[other])
                if first and second and _is_alike(to, first, second):
                    numbers[other] = keeper
                    pks |= {first.uuid: first.pk, second.uuid: second.pk}
                    _unite(one, pks, first.uuid, second.uuid)
        younger = {uuid: _root(one, uuid) for uuid in one}
        self._become(to, younger, rule.name)
        self._become(table, numbers, MERGED)
        return bool(numbers)

    def _pairs(self, rule: Unique, table: Table) -> list[tuple[str, str]]:
        """(the oldest, another) of the rows that say the same, and nothing of which is empty."""
        name = f"merge {rule.name}"
        columns = [table.column(each) for each in rule.columns]
        conditions = [table.column(each) for each in rule.when]
        for page in self.numbered.each(table.resource):
            claims = []
            for kept in page:
                values = _values(kept, columns)
                there = {
                    it.name: value for it, value in zip(conditions, _values(kept, conditions), strict=True)
                }
                if meets(there, rule.when) and not any(map(is_empty, values)):
                    claims.append((name, _fingerprint(values), kept.pk, kept.uuid))
            self.numbered.claim(claims)
        return self._shared(name, table)

    def _doubles(self, table: Table) -> None:
        """Merge what the oldest has twice now, and leave out what would lead from it to itself."""
        name, columns = f"double {table.model}", [table.column(each) for each in table.double]
        circles: list[str] = []
        for page in self.numbered.each(table.resource):
            ends = {kept.uuid: [_reference(kept, each) for each in columns if each.to] for kept in page}
            oldest = self.numbered.merged.oldest({uuid for each in ends.values() for uuid in each if uuid})
            claims = []
            for kept in (each for each in page if oldest & set(ends[each.uuid])):
                if len(ends[kept.uuid]) > len(set(ends[kept.uuid])):
                    circles.append(kept.uuid)
                else:
                    claims.append((name, _fingerprint(_values(kept, columns)), kept.pk, kept.uuid))
            self.numbered.claim(claims)
        self.numbered.leave_out(table.resource, circles, MERGED)
        self._note(MERGED, table, "", LEFT_OUT, circles)
        self._become(table, {other: keeper for keeper, other in self._shared(name, table)}, MERGED)

    def _shared(self, name: str, table: Table) -> list[tuple[str, str]]:
        found = self.numbered.shared(name, table.resource, newest=False)
        self.numbered.disclaim(name)
        return found

    def _become(self, table: Table, pairs: Mapping[str, str], rule: str) -> None:
        self.numbered.merged.note(table.resource, pairs)
        self.numbered.leave_out(table.resource, pairs, MERGED)
        self._note(rule, table, "", INTO_OLDEST, sorted(pairs))

    def _differences(self, table: Table) -> None:
        """Tell what a younger one says otherwise than the oldest, by member."""
        merged = self.numbered.merged
        for pairs in merged.each(table.resource):
            oldest = {into for _, into in pairs}
            ours, theirs = self.numbered.of(table.resource, oldest), merged.younger(table.resource, oldest)
            here = {uuid for uuid, _ in pairs}
            found: dict[str, list[str]] = {}
            for into, others in theirs.items():
                for uuid, values in others:
                    if uuid in here and into in ours:
                        for member in _differing("", ours[into].values, merged.pointed(values)):
                            found.setdefault(member, []).append(uuid)
            for member, uuids in found.items():
                self._note(OTHERWISE, table, member, AS_OLDEST, uuids)


def _is_alike(table: Table, first: Kept, second: Kept) -> bool:
    columns = [table.column(each) for each in table.alike]
    return _values(first, columns) == _values(second, columns)


def _unite(one: dict[str, str], pks: Mapping[str, int], first: str, second: str) -> None:
    """Note that two are one, each leading to an older one."""
    first, second = _root(one, first), _root(one, second)
    if first != second:
        older, younger = sorted((first, second), key=pks.__getitem__)
        one[younger] = older


def _root(one: Mapping[str, str], uuid: str) -> str:
    while uuid in one:
        uuid = one[uuid]
    return uuid


def _values(kept: Kept, columns: Sequence[Column]) -> list[Any]:
    found = [get(kept.values, each.path) for each in columns]
    return [None if each is MISSING or each == "" else each for each in found]


def _reference(kept: Kept, column: Column) -> str:
    found = get(kept.values, column.path)
    return str(found["uuid"] or "") if isinstance(found, dict) else ""


def _differing(at: str, ours: Any, theirs: Any) -> Iterator[str]:
    """The places in which two say something, and not the same; uuids of parts are no saying."""
    if isinstance(theirs, dict) and theirs.keys() != {"uuid"}:
        for name, each in theirs.items():
            if name != "uuid":
                below = ours.get(name) if isinstance(ours, dict) else None
                yield from _differing(f"{at}.{name}" if at else name, below, each)
    elif not is_empty(theirs) and ours != theirs:
        yield at


def _fingerprint(values: Sequence[Any]) -> str:
    return hashlib.blake2b(orjson.dumps(values), digest_size=16).hexdigest()
