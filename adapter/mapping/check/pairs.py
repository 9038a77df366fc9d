"""The pairs: both sides exist, their types fit, and every value of either side has a place on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.constructs import known
from adapter.mapping.constructs.pairs import pair
from adapter.mapping.constructs.pairs.conversion import Line
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in the mappings a line stands."""

    ground: Ground
    view: View
    home: Content
    here: NodePath

    def below(self, *parts: str) -> _Spot:
        """A node below this one."""
        return replace(self, here=(*self.here, *parts))

    def problem(self, text: str) -> Problem:
        """What is wrong here."""
        return Problem(self.here, text)


def pairs(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong with the fields of every home."""
    for name, home in view.homes.items():
        spot = _Spot(ground, view, home, ("homes", name))
        fields = home.get("fields") or {}
        yield from _twice(spot.below("fields"), fields)
        for served, spec in fields.items():
            yield from _line(spot.below("fields", served), spec, ())
        for member, groups in (home.get("by") or {}).items():
            yield from _by(spot.below("by", member), groups)


def _twice(spot: _Spot, fields: Content) -> Iterator[Problem]:
    """Of two pairs with the same register path only one can write; where all is read_only none does."""
    if "read_only" in spot.home:
        return
    writers: dict[str, str] = {}
    for served, spec in fields.items():
        line = {"at": spec} if isinstance(spec, str) else spec
        if "at" not in line or line.get("read_only") or "if" in line:
            continue
        if line["at"] in writers:
            text = f"{line['at']} is written by {writers[line['at']]} already; say read_only: true"
            yield spot.below(served).problem(text)
        writers.setdefault(line["at"], served)


def _by(spot: _Spot, groups: Content) -> Iterator[Problem]:
    member, members = str(spot.here[-1]), spot.view.members
    if member not in members:
        yield spot.problem(f"{spot.view.name} has no {member}{way_out(member, members)}")
        return
    values = schemas.facts(spot.ground.at(spot.view, member)).choices
    for value in values:
        if value not in groups:
            yield spot.problem(f"there is no group for {member} {value}")
    for value, group in groups.items():
        if value not in values:
            yield spot.below(value).problem(f"{member} is never {value}{way_out(value, values)}")
        elif set(group) == {"same_as"}:
            yield from _same(spot.below(value, "same_as"), groups, group["same_as"], value)
        else:
            yield from _twice(spot.below(value), group)
            for served, spec in group.items():
                yield from _line(spot.below(value, served), spec, (value,))


def _same(spot: _Spot, groups: Content, other: str, value: str) -> Iterator[Problem]:
    if other not in groups:
        yield spot.problem(f"there is no group {other}{way_out(other, groups)}")
    for served in groups.get(other, {}):
        yield from _served(spot, served, (value,))


def _served(spot: _Spot, served: str, chosen: tuple[str, ...]) -> Iterator[Problem]:
    try:
        spot.ground.at(spot.view, served, chosen)
    except Nowhere as nowhere:
        yield spot.problem(str(nowhere))
        return
    first = served.partition(".")[0]
    if first not in spot.view.members:
        known = way_out(first, spot.view.members)
        yield spot.problem(f"{first} is no line under fields of {spot.view.name}{known}")


def _line(spot: _Spot, spec: Any, chosen: tuple[str, ...]) -> Iterator[Problem]:
    wrong = list(_served(spot, str(spot.here[-1]), chosen))
    if wrong:
        yield from wrong
        return
    line: Content = {"at": spec} if isinstance(spec, str) else spec
    if "known" in line:
        yield from known.problems(spot.ground, spot.view, line, spot.here)
        return
    record = spot.ground.record(spot.home)
    if record is not None:
        try:
            record = record.item(spot.home["each"]) if "each" in spot.home else record
        except Nowhere:
            return
        found = spot.ground.at(spot.view, str(spot.here[-1]), chosen)
        conditions = {**(spot.home.get("if") or {}), **line.get("if", {})}
        yield from pair.problems(
            Line(
                ground=spot.ground,
                view=spot.view,
                home=spot.home,
                node=line,
                here=spot.here,
                left=schemas.facts(found),
                reference=any(schemas.is_reference(spot.ground.served, each) for each in found),
                record=record,
                kinds=tuple(each for each in conditions.values() if isinstance(each, str)),
            )
        )
