"""Small questions about a home of a resource."""

from __future__ import annotations

from typing import Any

from adapter.mapping.model import Home, Pair, Resource
from adapter.mapping.paths import Path, get
from adapter.translation.supplements import SEARCH

PRECEDENCE = {"object": 0, "record": 1, "inside": 2}
"""Objects first: a resource that moved from a record into an object is the object."""


def by_precedence(resource: Resource) -> list[Home]:
    """The homes of a resource, those that win first."""
    return sorted(resource.homes.values(), key=lambda home: PRECEDENCE[home.kind])


def pair_of(home: Home, path: Path) -> Pair | None:
    """The pair of a home for a served path, when it has one."""
    return next((pair for pair in home.pairs if pair.served == path), None)


def absent(resource: Resource, path: Path) -> Any:
    """What a served path reads as when nothing is known."""
    return get({name: member.absent.value for name, member in resource.members.items()}, path)


def key_for(home: Home, member: str) -> str:
    """The key path at which objects of this home carry the URL that `member` refers to; else empty."""
    return next((name for name, source in home.keys.items() if source == member), "")


def search_path(home: Home, member: str) -> str:
    """The path at which objects of a home hold the uuid of a reference, as a search asks for it."""
    prefix = f"{home.rest}__{SEARCH}__" if home.rest else ""
    many = home.rest and any(each.served == (member,) for each in home.known)
    return f"{prefix}{member}" if many else f"{prefix}{member}__uuid"
