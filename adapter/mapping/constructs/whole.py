"""The construct `whole`: a group that is read from one place in a record, and never from two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping.language.grammar import Described, Problem, Table, way_out
from adapter.mapping.language.ground import Content, Nowhere, Record, View
from adapter.mapping.language.values import TEXTS
from adapter.mapping.paths import Path, parse
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Whole:
    """The group `member` is read from the first of `places` in a record in which anything of it stands."""

    member: str
    places: tuple[Path, ...]


NAMES = {
    "whole": Described(
        Table(TEXTS),
        "The groups that are read whole, each from the first of these paths at which anything stands.",
    )
}


def compiled(home: Content) -> tuple[Whole, ...]:
    """The groups of a home that has passed the check."""
    return tuple(
        Whole(member, tuple(map(parse, places))) for member, places in (home.get("whole") or {}).items()
    )


def problems(record: Record, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """Each is a member, stands where the record has something, and is written nowhere."""
    for member, places in (home.get("whole") or {}).items():
        path = (*here, "whole", member)
        if member not in view.members:
            yield Problem(path, f"{view.name} has no {member}{way_out(member, view.members)}")
            continue
        for number, place in enumerate(places):
            try:
                record.at(place)
            except Nowhere as nowhere:
                yield Problem((*path, number), str(nowhere))
        for served, line in (home.get("fields") or {}).items():
            if served.partition(".")[0] == member:
                yield from _pair(line, places, (*here, "fields", served))


def _pair(line: Content | str, places: list[str], here: NodePath) -> Iterator[Problem]:
    spec: Content = {"at": line} if isinstance(line, str) else line
    if not spec.get("read_only"):
        yield Problem(here, "a group that is read whole is not written: say read_only: true")
    for text in (spec.get("at", ""), *spec.get("else_at", ()), *spec.get("joined", ())):
        if not any(f"{text}.".startswith(f"{place}.") for place in places):
            yield Problem(here, f"{text} stands at none of {', '.join(places)} (whole)")
