"""The members of a served resource: values, groups and references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapter.mapping.paths import MISSING, Path

WhenDeleted = Literal["delete", "clear", "refuse", "void"]


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
class Numbers:
    """Numbers of so many `digits`; those that begin with `computed` are never given out."""

    digits: int
    computed: int = 9


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
    tested: bool = False
    """Whether it may refer to what no list has, so that a filter that looks into it is tested."""
    reason: str = ""
    reason_if_none: str = ""
    """The sentence when a PUT empties the relation that the target must be in."""
    unique: str = ""
    numbers: Numbers | None = None
    """Every resource has a number: a new one is given one, and a record without one reads a computed one."""
    read_only: bool = False
    needed: bool = False
    """Whether a resource without this reference cannot be served at all."""
    if_null: Literal["", "today"] = ""
    about: str = ""
    """The member of which it says something: it falls when an old client changes that."""
    by: str = ""
    members: Mapping[str, Member] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    computed: tuple[str, str] | None = None
    feature: str = ""
    """The setting without which the member is not served."""
    resets: Any = MISSING
    """What a PUT that leaves the member out sets it to; MISSING where it leaves it as it was."""


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
