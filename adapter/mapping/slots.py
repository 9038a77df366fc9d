"""The digits of slots: what stands in a record has the uuid of the record with such a digit as its version.

A dialect pins them in its `slots.yaml`, by record and home, so that a value has the same uuid for ever. The
file is generated: what is pinned stays, and a home that has too few gets what is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapter.mapping.source import MappingError, NodePath, Position, Source

SLOTS = "slots"
SLOTS_FILE = f"{SLOTS}.yaml"
# Registers issue uuids of version 4, so that no record is taken for what stands in one.
DIGITS = tuple("12356789abcdef")

# A record, as resource.home or the correspondence that gathers it; and what stands there: resource.home, or
# part.resource of such a correspondence.
Place = tuple[str, str]
Pins = Mapping[Place, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Need:
    """A home in a record, or a part of a gathered one, that needs digits.

    wanted: how many it has where so many are free. exact: whether it can do with no other number, since the
    mapping says it. file, position: where the home or part stands. beside: of a part, the home of the record
    that is gathered, in which what stands has digits as well; a home and a part with one digit are the same.
    """

    place: Place
    wanted: int
    exact: bool
    file: str
    position: Position
    beside: str = ""

    @property
    def name(self) -> str:
        """How messages name it: `digitaleadressen.email`."""
        return self.place[1]

    def error(self, problem: str) -> MappingError:
        """A mistake there."""
        return MappingError(self.file, self.position, problem)


def pins_in(source: Source) -> dict[Place, tuple[str, ...]]:
    """What a file pins. Raises MappingError for no digit, and for one that two homes of a record have."""
    found: dict[Place, tuple[str, ...]] = {}
    for record, homes in source.content.items():
        holders: dict[str, str] = {}
        for name, digits in _table(source, homes, (record,)):
            if not isinstance(digits, list):
                raise source.error((record, name), f"{name} wants a list of digits; {_WAY_OUT}")
            for number, each in enumerate(digits):
                path: NodePath = (record, name, number)
                digit = str(each)
                if digit not in DIGITS:
                    problem = f"{digit} is no digit of a slot; there are {' '.join(DIGITS)}"
                    raise source.error(path, problem)
                if digit in holders:
                    problem = (
                        f"the digit {digit} of {record} is that of {holders[digit]} already; {_KEEP_ONE}"
                    )
                    raise source.error(path, problem)
                holders[digit] = name
            found[record, name] = tuple(map(str, digits))
    return found


_WAY_OUT = "restore the file, or remove the line and run klantbrug slots"
_KEEP_ONE = "leave it to the one that had it first"


def _table(source: Source, node: object, path: NodePath) -> Iterator[tuple[str, object]]:
    if not isinstance(node, dict):
        raise source.error(path, f"{path[-1]} wants homes with their digits; {_WAY_OUT}")
    yield from node.items()


def laid_over_pins(chain: Iterable[Pins]) -> dict[Place, tuple[str, ...]]:
    """What a dialect and those that it extends pin together, the most particular first."""
    found: dict[Place, tuple[str, ...]] = {}
    for each in reversed([*chain]):
        found |= each
    return found


def allotted(needs: Sequence[Need], own: Pins, inherited: Pins) -> dict[Place, tuple[str, ...]]:
    """What a dialect pins itself, beside what it inherits, when each home has what it needs.

    What it pins already stays, also of a home that is gone; only a home of which the mapping says that it
    holds fewer loses its last ones. Where it has a digit that the other dialect gave later to something else,
    that other thing has to do with its others here. What is free goes to new homes, and then to those that
    have fewer than they need: one digit at a time, the lowest, to the home with the fewest, the first by name
    of several.
    """
    pins = {**inherited, **_without_taken(own, inherited), **own}
    for need in needs:
        if need.exact and need.place in pins:
            pins[need.place] = pins[need.place][: need.wanted]
    for record in sorted({need.place[0] for need in needs}):
        those, records = [need for need in needs if need.place[0] == record], _together(record, needs)
        _share(records, [need for need in those if not pins.get(need.place)], pins)
        _share(records, those, pins)
    return {place: digits for place, digits in pins.items() if place in own or inherited.get(place) != digits}


def _without_taken(own: Pins, inherited: Pins) -> dict[Place, tuple[str, ...]]:
    """What is inherited for homes of which the dialect has a digit for another, without those digits."""
    taken = {(place[0], digit) for place, digits in own.items() for digit in digits}
    left = {
        place: tuple(digit for digit in digits if (place[0], digit) not in taken)
        for place, digits in inherited.items()
        if place not in own
    }
    return {place: digits for place, digits in left.items() if digits != inherited[place]}


def _together(record: str, needs: Sequence[Need]) -> set[str]:
    """The names under which the digits of a record stand: that of its home, and of what gathers it."""
    pairs = [{need.place[0], need.beside} for need in needs if need.beside]
    return {record}.union(*(each for each in pairs if record in each))


def _share(records: set[str], needs: Sequence[Need], pins: dict[Place, tuple[str, ...]]) -> None:
    taken = {digit for place, digits in pins.items() if place[0] in records for digit in digits}
    for digit in (each for each in DIGITS if each not in taken):
        lacking = [each for each in needs if len(pins.get(each.place, ())) < each.wanted]
        if not lacking:
            return
        first = min(lacking, key=lambda each: (len(pins.get(each.place, ())), each.name))
        pins[first.place] = (*pins.get(first.place, ()), digit)


def unserved(needs: Sequence[Need], pins: Pins) -> Iterator[MappingError]:
    """A mistake for each home that has no digit, or not as many as the mapping says, and what to do."""
    for need in needs:
        found = pins.get(need.place, ())
        if not found or (need.exact and len(found) < need.wanted):
            record = need.place[0]
            most = f"only {len(found)} of {need.wanted} digits are" if found else "no digit is"
            yield need.error(f"{most} free in {record} for {need.name}: {_givers(need, needs, pins)}")


def _givers(need: Need, needs: Sequence[Need], pins: Pins) -> str:
    """Which other homes in the same record could do with fewer, those with the most first."""
    homes, records = {each.place for each in needs}, _together(need.place[0], needs)
    others = [
        (place[1], len(digits), place in homes)
        for place, digits in pins.items()
        if place[0] in records and place != need.place
    ]
    several = sorted((each for each in others if each[2] and each[1] > 1), key=lambda each: -each[1])
    gone = [name for name, number, is_home in others if number and not is_home]
    told = [f"{name} has {number}" for name, number, _ in several]
    outs = []
    if told:
        outs.append(
            f"say at_most at another one, before values with its last uuids exist ({', '.join(told)})"
        )
    if gone:
        outs.append(f"take those of {', '.join(gone)} out of {SLOTS_FILE}, if nothing was ever served there")
    return "; or ".join(outs) or "remove a home"


def unpinned(needs: Sequence[Need], pins: Pins) -> Iterator[MappingError]:
    """A mistake for each home of which a value would have no uuid, or that of another value."""
    holders: dict[Place, str] = {}
    for need in needs:
        found = pins.get(need.place, ())
        if not found:
            yield need.error(f"{need.name} has no digits in {SLOTS_FILE}: run klantbrug slots")
        for digit in found:
            other = holders.setdefault((need.place[0], digit), need.name)
            if other != need.name:
                problem = f"{need.name} and {other} have the digit {digit} both: run klantbrug slots"
                yield need.error(problem)


_HEADER = """\
# Written by klantbrug slots, and not by hand; keep it with the mappings. What stands in a record has the uuid
# of the record with one of these digits as its version. A digit belongs to its home for ever, also when that
# is no home any more: no other value gets its uuids.
"""
_GONE = "  # no home now"


def text_of(pins: Pins, needs: Sequence[Need]) -> str:
    """The content of a file."""
    homes = {each.place for each in needs}
    lines = [_HEADER]
    for record in sorted({place[0] for place in pins}):
        lines.append(f"{record}:\n")
        for place in sorted(each for each in pins if each[0] == record):
            gone = "" if place in homes else _GONE
            lines.append(f"  {place[1]}: [{', '.join(pins[place])}]{gone}\n")
    return "".join(lines)
