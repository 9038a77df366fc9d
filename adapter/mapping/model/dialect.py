"""All mappings of a dialect, and what its registers offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.constructs.composition import Composition
from adapter.mapping.constructs.rules import Listed
from adapter.mapping.model.members import Member
from adapter.mapping.model.resources import Resource
from adapter.mapping.model.tellings import Telling, tellings
from adapter.mapping.paths import Path
from adapter.mapping.places import Place


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection of a register offers in this dialect."""

    fits: Callable[[Sequence[Any]], bool]
    """Whether all of some things are of the kinds that the register's specification says of a record."""
    search: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False
    inline: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Other collection → (the value of `expand`, the member of it that refers here)."""
    goes_with: str = ""
    reach: Mapping[str, str] = field(default_factory=dict)
    """`collection.member` of records that refer here → the parameter that finds what they refer to by it."""
    all_with: tuple[tuple[str, str], ...] = ()
    """The parameters with which all records are asked for; without any they are the list itself."""
    no_list: str = ""
    """Why all records cannot be asked for; "" when they can."""

    expand: tuple[tuple[str, str], ...] = field(init=False, compare=False, repr=False)
    """The parameters with which `inline` comes along."""

    def __post_init__(self) -> None:
        expand = tuple(("expand", value) for value, _ in self.inline.values())
        object.__setattr__(self, "expand", expand)

    @property
    def ordered(self) -> bool:
        """Whether the register has a list of all records, in an order of its own."""
        return not self.all_with and not self.no_list


@dataclass(frozen=True, slots=True)
class Mappings:
    """All mappings of one dialect, compiled."""

    resources: Mapping[str, Resource]
    compositions: Mapping[str, Composition]
    collections: Mapping[Place, Collection]
    keys: Mapping[str, Place]
    """The key paths that every object carries, and the collection of the URL that stands there."""
    shapes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The JSON Schema of each objecttype that is not KlantBrug's own, by its name."""

    all_listed: bool = field(init=False, compare=False, repr=False)
    """Whether lists have everything: nothing is found by way of something else alone."""

    tellings: Mapping[str, tuple[Telling, ...]] = field(init=False, compare=False, repr=False)
    """Kind of resource → what records tell register clients of those of that kind."""

    belongings: Mapping[str, tuple[tuple[Resource, str], ...]] = field(init=False, compare=False, repr=False)
    """Kind of resource → (kind that closes, the reference to it) of all that those can belong to."""
    references_to: Mapping[str, tuple[tuple[Resource, Member, Path], ...]] = field(
        init=False, compare=False, repr=False
    )
    """Kind of resource → every member anywhere that refers to those of that kind, with its path.

    Those of resources that may stand inside others come before those of the others.
    """

    def __post_init__(self) -> None:
        belongings: dict[str, tuple[tuple[Resource, str], ...]] = {}
        for owner in self.resources.values():
            for name, member in owner.closes.belongs if owner.closes is not None else ():
                belongings[name] = (*belongings.get(name, ()), (owner, member))
        object.__setattr__(self, "all_listed", not any(each.found for each in self.resources.values()))
        object.__setattr__(self, "tellings", tellings(self.resources))
        object.__setattr__(self, "belongings", belongings)
        object.__setattr__(self, "references_to", self._references())

    @property
    def tables(self) -> dict[str, str]:
        """The table of codes (`KANAAL`, or nothing) of each setting that the rules name for one."""
        rules = (rule for each in self.resources.values() for rule in each.rules)
        return {rule.setting: rule.table for rule in rules if isinstance(rule, Listed)}

    def _references(self) -> Mapping[str, tuple[tuple[Resource, Member, Path], ...]]:
        found: dict[str, tuple[tuple[Resource, Member, Path], ...]] = dict.fromkeys(self.resources, ())
        for owner in sorted(self.resources.values(), key=self._depth, reverse=True):
            for member, path in owner.walked:
                if member.to in found:
                    found[member.to] += ((owner, member, path),)
        return found

    def _depth(self, resource: Resource, below: frozenset[str] = frozenset()) -> int:
        """How many resources one may stand inside of."""
        around = {home.owner_resource for home in resource.homes.values() if home.kind == "inside"}
        return max(
            (
                1 + self._depth(self.resources[name], below | {resource.name})
                for name in around - below - {resource.name}
            ),
            default=0,
        )
