"""Which resources of a target are other than those that were loaded, by the rows of its database.

Both files have the rows of each table in the order of their keys, so they are read side by side: what is kept
of them is the uuids of what is different.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.mapping.model import Resource
from adapter.move.marks import CHANGED, GONE, NEW, Deed, Held, held
from adapter.move.target import Table, Target
from adapter.move.verifying import tables_of

Fetch = Callable[[str, str], Mapping[str, Any]]
"""Gives the resource of a kind with a uuid, as the API of the target shows it."""


@dataclass(slots=True)
class Different:
    """Uuid → NEW, CHANGED or GONE, the oldest first, of the resources of a kind."""

    kind: str
    uuids: dict[str, str] = field(default_factory=dict)


def different(
    target: Target, load: Path, read: Path, at: Callable[[str], None] = lambda _: None
) -> list[Different]:
    """The resources that differ, by kind in the order of the tables; `at` is called with the name of each.

    Raises NotReadBack when `read` is not the output of `verify.sql`.
    """
    found = {name: Different(name) for name in target.resources}
    parts: dict[str, set[int]] = {}
    for table, rows in tables_of(target, load, read):
        at(table.name)
        if table.owner:
            parts.setdefault(table.column(table.owner).to, set()).update(_owners(table, rows))
        else:
            uuids = found[table.resource].uuids
            for uuid, what in _resources(table, rows):
                # One that got another key is no other resource.
                uuids[uuid] = CHANGED if uuid in uuids else what
    # A part of a resource is a row of its own, which says the key of the resource alone.
    for table, rows in tables_of(target, load, read) if any(parts.values()) else ():
        if wanted := parts.get(table.model):
            kinds = found[table.resource].uuids
            for _, now in rows:
                if now is not None and int(now[0]) in wanted:
                    kinds.setdefault(_uuid(table, now), CHANGED)
    return list(found.values())


Pair = tuple[list[str] | None, list[str] | None]
"""The cells of a row as it was loaded and as it is; None where there is none."""


def _resources(table: Table, rows: Iterator[Pair]) -> Iterator[tuple[str, str]]:
    for before, now in rows:
        if before == now:
            continue
        was = _uuid(table, before) if before else ""
        uuid = _uuid(table, now) if now else ""
        if was and was != uuid:
            yield was, GONE
        if uuid:
            yield uuid, CHANGED if was == uuid else NEW


def _owners(table: Table, rows: Iterator[Pair]) -> Iterator[int]:
    at = 1 + [each.name for each in table.columns].index(table.owner)
    yield from (int(row[at]) for pair in rows if pair[0] != pair[1] for row in pair if row)


def _uuid(table: Table, cells: list[str]) -> str:
    return cells[1 + [each.name for each in table.columns].index("uuid")]


def deeds_of(found: list[Different], resources: Mapping[str, Resource], fetch: Fetch) -> Iterator[Deed]:
    """What is to be done for what is different, in the order of doing it; see `marks.differences`."""
    for what in (NEW, CHANGED):
        for each in found:
            for uuid in (uuid for uuid, is_ in each.uuids.items() if is_ == what):
                yield Deed(what, held(resources[each.kind], fetch(each.kind, uuid)))
    for each in reversed(found):
        gone = [uuid for uuid, is_ in each.uuids.items() if is_ == GONE]
        yield from (Deed(GONE, Held(each.kind, uuid, {}, "")) for uuid in gone)
