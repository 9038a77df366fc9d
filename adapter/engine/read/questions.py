"""How the registers are asked for what refers to a resource: worked out once, for each reference.

A way to ask names no uuid. Several references can be asked for in the same way: what hangs on a record is
found by one search, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapter.engine.deployment import Deployment
from adapter.engine.gateway.records import Job
from adapter.engine.read.search_paths import search_path
from adapter.mapping.model import Home, Place, Resource

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository


@dataclass(frozen=True, slots=True)
class Children:
    """The records of a collection whose member names one of another."""

    place: Place
    member: str
    of: Place

    def jobs(self, repository: Repository, uuids: list[str]) -> list[Job]:
        """The calls that are still to be made for these uuids."""
        return repository.session.records.children_jobs(self.place, self.member, self.of, uuids)


@dataclass(frozen=True, slots=True)
class Hanging:
    """All objects that carry a record's URL under a key."""

    key: str

    def jobs(self, repository: Repository, uuids: list[str]) -> list[Job]:
        """The calls that are still to be made for these uuids."""
        return repository.session.objects.hanging_jobs(self.key, uuids)


@dataclass(frozen=True, slots=True)
class Found:
    """The objects of a type with a uuid at a path."""

    object_type: str
    path: str

    def jobs(self, repository: Repository, uuids: list[str]) -> list[Job]:
        """The calls that are still to be made for these uuids."""
        return repository.session.objects.found_jobs(self.object_type, self.path, uuids)


@dataclass(frozen=True, slots=True)
class InSlots:
    """The records in whose slots something may refer to a resource."""

    home: Home
    member: str

    def jobs(self, repository: Repository, uuids: list[str]) -> list[Job]:
        """The calls that are still to be made for these uuids."""
        return repository.owners.first_jobs(self.home, self.member, uuids)


Ask = Children | Hanging | Found | InSlots


def asks(deployment: Deployment, resource: Resource, member: str) -> tuple[Ask, ...]:
    """The ways to ask for the resources of a kind that refer to others with a member."""
    return deployment.planned(("asks", resource.name, member), lambda: _asks(deployment, resource, member))


def _asks(deployment: Deployment, resource: Resource, member: str) -> tuple[Ask, ...]:
    ways = (_ask(deployment, resource, home, member) for home in resource.homes.values())
    return tuple(each for each in ways if each is not None)


def together(ways: Iterable[Ask]) -> tuple[Ask, ...]:
    """These ways, each once."""
    found: list[Ask] = []
    for each in ways:
        if each not in found:
            found.append(each)
    return tuple(found)


def _ask(deployment: Deployment, resource: Resource, home: Home, member: str) -> Ask | None:
    """The way for one home; None when there is no call that can be made at once."""
    pair = home.pair_of.get((member,))
    if home.kind == "record":
        if home.place is None or pair is None or pair.to is None:
            return None
        return Children(home.place, pair.at[0], pair.to)
    if home.kind == "inside":
        return InSlots(home, member)
    if home.read_only or not deployment.has(home.object_type):
        return None
    if key := home.key_for.get(member):
        return Hanging(key)
    return None if resource.members[member].many else Found(home.object_type, search_path(home, member))
