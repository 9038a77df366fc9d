"""What a mapping says, after loading: the one form that checks, plans, explanations and run time read.

Everything is immutable. Names on the left are members of the served side, names on the right are paths in a
register's record. Nothing here knows HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapter.mapping.paths import MISSING, Path

WhenDeleted = Literal["delete", "clear", "refuse", "void"]


class DoesNotFit(Exception):
    """A value that the other side cannot hold. It carries nothing, so it can be logged."""


@dataclass(frozen=True, slots=True)
class Place:
    """A collection of a register: `contactmomenten/klantcontactmomenten`."""

    register: str
    collection: str


@dataclass(frozen=True, slots=True)
class Must:
    """What the target of a reference has to be, and the sentence that says so."""

    member: Path
    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """What a member reads as when nothing is known.

    kind: value (constant, see `value`), now, same_as (another member), first_line (of another member, at most
    `length` characters, else `value`), left_out (the member is not served).
    """

    kind: Literal["value", "now", "same_as", "first_line", "left_out"] = "value"
    value: Any = None
    member: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A member that belongs to the resource itself: a value, a group, or a reference to another resource."""

    name: str
    absent: Absent
    empty: Any = None
    """The group with all its members empty, when the member is a group."""
    null_is_empty: bool = False
    to: str = ""
    many: bool = False
    when_deleted: WhenDeleted | None = None
    shows: tuple[str, ...] = ()
    must: Must | None = None
    one_of: str = ""
    reason: str = ""
    unique: str = ""
    read_only: bool = False
    needed: bool = False
    """Whether a resource without this reference cannot be served at all."""
    if_null: Literal["", "today"] = ""
    by: str = ""
    members: Mapping[str, Member] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    computed: tuple[str, str] | None = None
    feature: str = ""
    """The setting without which the member is not served."""
    resets: Any = MISSING
    """What a PUT that leaves the member out sets it to; MISSING where it leaves it as it was."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A served path and the register path that holds its value.

    `read` takes the register's value and gives the served one, or raises DoesNotFit (it reads as absent).
    `write` gives the register's value, or raises DoesNotFit (the home does not take it); `nearest` is what
    the register gets instead, MISSING when nothing.
    """

    served: Path
    at: Path
    else_at: tuple[Path, ...]
    joined: tuple[Path, ...]
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    nearest: Callable[[Any], Any]
    search: Callable[[Any], list[Any] | None]
    """The register's texts that read as a served value; None when a search for them would miss some."""
    total: bool
    """Whether every served value is held by the register as it is, so that a search there is exact."""
    frozen: bool = False
    read_only: bool = False
    condition: tuple[tuple[Path, Any], ...] = ()
    filler: str = ""
    to: Place | None = None
    link: bool = False
    """Whether the register's value is the URL of another record."""
    clears: bool = True
    """Whether the register takes an empty text for its field."""
    choose: tuple[tuple[str, str, Path, Any], ...] = ()
    """(register value, member, path in an item of it, value): that item in a create asks for that value."""


@dataclass(frozen=True, slots=True)
class Known:
    """A served reference that a register names by a key: the resource with that key, else a slot."""

    served: Path
    resource: str
    home: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """A part of a register's record that is written for old clients, from served resources."""

    at: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A slot of another record that an object also fills."""

    slot: str
    when: tuple[tuple[Path, Any], ...]
    first: tuple[tuple[Path, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """A place where resources of one kind live.

    kind: record (a register's record), object (an object of its own), inside (a slot of another's record).
    """

    resource: str
    name: str
    kind: Literal["record", "object", "inside"]
    place: Place | None = None
    object_type: str = ""
    optional: bool = False
    owner_resource: str = ""
    owner_home: str = ""
    owner: tuple[str, str] | None = None
    """(member, what in the owner): self, a member of the owner, or `resource.home` of a slot of the owner."""
    slots: tuple[str, ...] = ()
    each: Path = ()
    filled: Path = ()
    fillers: tuple[tuple[Path, Any], ...] = ()
    there_if: tuple[tuple[Path, Any], ...] = ()
    pairs: tuple[Pair, ...] = ()
    variants: tuple[tuple[str, Mapping[str, tuple[Pair, ...]]], ...] = ()
    known: tuple[Known, ...] = ()
    means: tuple[tuple[Path, Any], ...] = ()
    takes: tuple[tuple[Path, Any], ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    created: bool = False
    needs: str = ""
    companion: Mapping[str, Any] | None = None
    fill: Mapping[str, Any] = field(default_factory=dict)
    tells: tuple[Tell, ...] = ()
    legacy: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    same_as: tuple[str, tuple[str, ...]] | None = None
    read_only: str = ""
    unlisted: bool = False
    known_by: str = ""
    known_at: Path = ()
    created_at: Path = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """The resources that refer to this one: `resource` whose `member` is a reference here."""

    name: str
    resource: str
    member: str
    take: str = ""
    whole: bool = False
    hidden: bool = False
    write: Literal["", "link", "nested"] = ""
    pick: Literal["", "oldest"] = ""
    shows: tuple[tuple[str, Path], ...] = ()
    """(name, path from the referring resource): what a link shows beside its uuid and url."""
    make: Mapping[str, Any] | None = None
    only_if: tuple[tuple[Path, Any], ...] = ()
    refused: str = ""
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the served side: its kind and what the mapping says about it."""

    kind: str
    spec: Mapping[str, Any]


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
    shown: tuple[str, ...]
    """Every served member in the order of the schema, uuid and url included."""
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

    @property
    def listed(self) -> tuple[Home, ...]:
        """The homes whose resources stand in the list."""
        return tuple(home for home in self.homes.values() if not home.unlisted)


@dataclass(frozen=True, slots=True)
class Part:
    """One create of a composed one."""

    name: str
    resource: str
    fills: tuple[str, str] | None
    unless_empty: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """A create that stands for several, as one write."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection of a register offers in this dialect."""

    search: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False
    inline: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Other collection → (the value of `expand`, the member of it that refers here)."""
    goes_with: str = ""
    reach: Mapping[str, str] = field(default_factory=dict)
    """`collection.member` of records that refer here → the parameter that finds what they refer to by it."""


@dataclass(frozen=True, slots=True)
class Mappings:
    """All mappings of one dialect, compiled."""

    resources: Mapping[str, Resource]
    compositions: Mapping[str, Composition]
    collections: Mapping[Place, Collection]
    keys: Mapping[str, Place]
    """The key paths that every object carries, and the collection of the URL that stands there."""

    def references_to(self, resource: str) -> list[tuple[Resource, Member, Path]]:
        """Every member anywhere that refers to resources of that kind, with its path."""
        return [
            (owner, member, path)
            for owner in self.resources.values()
            for member, path in walk(owner.members)
            if member.to == resource
        ]


def walk(members: Mapping[str, Member], below: Path = ()) -> list[tuple[Member, Path]]:
    """All members and those of their groups, with their paths; variants of a group one after another."""
    found: list[tuple[Member, Path]] = []
    seen: set[Path] = set()
    for member in members.values():
        path = (*below, member.name)
        found.append((member, path))
        inner = [*walk(member.members, path)]
        for variant in member.variants.values():
            inner += walk(variant, path)
        for each in inner:
            if each[1] not in seen:
                seen.add(each[1])
                found.append(each)
    return found
