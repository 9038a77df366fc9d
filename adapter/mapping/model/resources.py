"""A served resource: its members, its homes, and what other resources make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapter.mapping.constructs.closing import Closing
from adapter.mapping.constructs.publishing import Linking, Publishing
from adapter.mapping.constructs.relation import Relation
from adapter.mapping.constructs.rules import OnlyOne, Rule, Stamp
from adapter.mapping.constructs.subjects import Identity
from adapter.mapping.model.homes import Home
from adapter.mapping.model.members import Member, walk
from adapter.mapping.paths import Path

_PRECEDENCE = ("object", "record", "inside")


Operator = Literal["equals", "contains", "in", "exists", "gt", "gte", "lt", "lte"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter: the path from the resource to the value, and how it is compared."""

    parameter: str
    path: Path
    operator: Operator
    by_url: bool = False
    """Whether the parameter takes a URL where the path ends in a uuid."""


@dataclass(frozen=True, slots=True)
class KnownBy:
    """The key under which old records name resources of this kind, made from the members of one."""

    name: str
    of: Path
    otherwise: Path
    codec: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One served resource."""

    name: str
    schema: str
    title: str
    members: Mapping[str, Member]
    relations: Mapping[str, Relation]
    homes: Mapping[str, Home]
    rules: tuple[Rule, ...]
    filters: Mapping[str, Filter]
    order: str
    """The member by which lists are sorted, the latest first; empty where something else says the order."""
    shown: tuple[str, ...]
    """Every served member in the order of the schema, uuid and url included."""
    places: Mapping[Path, int]
    """The path of every member that can be written, `*` for an item → how many come before it."""
    expands: bool
    known_by: KnownBy | None = None
    body: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the specification does not say about its bodies, per dotted path."""
    equivalents: tuple[Mapping[Path, Any], ...] = ()
    """Vocabularies that mean the same to a filter: each gives the words of its members."""
    stored_schema: Mapping[str, Any] = field(default_factory=dict)
    """JSON schema of an object that holds a resource of this kind as a whole."""
    cascade: tuple[str, str] | None = None
    """(parameter of its delete that takes along what it ties, member of the answer that names what stays)."""
    concerns: tuple[Path, ...] = ()
    """The paths to the data subjects whose data it holds."""
    identities: tuple[Identity, ...] = ()
    """By what one of these is known, when it is a data subject itself; the first that it has counts."""
    closes: Closing | None = None
    """When it can be changed no more."""
    publishes: Publishing | None = None
    """What subscribers are told when one is written."""
    links: Linking | None = None
    """What they are told when one links to something elsewhere, or no more."""

    blank: Mapping[str, Any] = field(init=False, compare=False, repr=False)
    """Every member that is there when nothing is known, as it reads then; not to be changed."""
    settled: tuple[Member, ...] = field(init=False, compare=False, repr=False)
    """The members whose absence reads as something of another member."""
    instants: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The members whose absence reads as the moment at which something was made."""
    stamps: tuple[Stamp, ...] = field(init=False, compare=False, repr=False)
    """The moments that go with a state."""
    only_one: tuple[OnlyOne, ...] = field(init=False, compare=False, repr=False)
    """What only one of them may be."""
    needed: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The references without which a resource cannot be served."""
    slots: frozenset[str] = field(init=False, compare=False, repr=False)
    """The version digits of uuids of what stands in another record."""
    fixed_slots: frozenset[str] = field(init=False, compare=False, repr=False)
    """Those of them in which nothing can be changed."""
    by_precedence: tuple[Home, ...] = field(init=False, compare=False, repr=False)
    """The homes, those that win first: a resource that moved from a record into an object is the object."""
    ranks: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Name of a home → its place among those."""
    shapes: dict[str, Any] = field(init=False, compare=False, repr=False)
    """Name of a home → the shapes of its records, once something has been read there."""
    walked: tuple[tuple[Member, Path], ...] = field(init=False, compare=False, repr=False)
    """All members and those of their groups, with their paths."""
    telling_slots: tuple[Home, ...] = field(init=False, compare=False, repr=False)
    """The slots of other records in which something is said of resources that live elsewhere."""
    mirrored_slots: frozenset[str] = field(init=False, compare=False, repr=False)
    """The names of the slots in which objects are mirrored."""
    client_slots: tuple[Home, ...] = field(init=False, compare=False, repr=False)
    """The slots in which only register clients write; each has an owner."""
    mirrored_by: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The references to the owners of these."""
    found: tuple[Home, ...] = field(init=False, compare=False, repr=False)
    """The homes of which there is no list, since their records are found by way of others."""
    echoed: Mapping[str, Home] = field(init=False, compare=False, repr=False)
    """Name of a home of records → the home of the objects of which they may be echoes."""

    def __post_init__(self) -> None:
        own = [each for each in self.members.values() if each.computed is None]
        blank = {each.name: each.absent.value for each in own if each.absent.kind in ("value", "now")}
        homes = tuple(self.homes.values())
        mirrored = [self.homes[each.slot] for home in homes for each in home.mirrors]
        by_precedence = tuple(sorted(homes, key=lambda home: _PRECEDENCE.index(home.kind)))
        derived = {
            "blank": blank,
            "settled": tuple(each for each in own if each.absent.kind in ("same_as", "first_line")),
            "instants": tuple(each.name for each in own if each.absent.kind == "now"),
            "stamps": tuple(each for each in self.rules if isinstance(each, Stamp)),
            "only_one": tuple(each for each in self.rules if isinstance(each, OnlyOne)),
            "needed": tuple(each.name for each in self.members.values() if each.needed),
            "slots": frozenset(slot for home in homes for slot in home.slots),
            # The same digit may be a slot of two kinds of owners.
            "fixed_slots": frozenset(slot for home in homes if home.read_only for slot in home.slots)
            - {slot for home in homes if not home.read_only for slot in home.slots},
            "by_precedence": by_precedence,
            "walked": tuple(walk(self.members)),
            "shapes": {},
            "ranks": {home.name: rank for rank, home in enumerate(by_precedence)},
            "telling_slots": tuple(home for home in homes if _tells(home)),
            "mirrored_slots": frozenset(slot.name for slot in mirrored),
            "client_slots": tuple(
                home
                for home in homes
                if home.kind == "inside" and home.owner and not home.read_only
                if home.name not in {slot.name for slot in mirrored}
            ),
            "mirrored_by": tuple(dict.fromkeys(slot.owner[0] for slot in mirrored if slot.owner)),
            "found": tuple(home for home in homes if home.found_by),
            "echoed": {home.echo: home for home in reversed(homes) if home.echo},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def listed(self) -> tuple[Home, ...]:
        """The homes whose resources stand in the list."""
        return tuple(home for home in self.homes.values() if not home.unlisted and not home.found_by)


def _tells(home: Home) -> bool:
    """Whether a home is a slot in which another record says something of a resource that it refers to."""
    of = home.owner[1] if home.owner is not None and home.same_as is not None else "self"
    return of != "self" and "." not in of
