"""Small questions about a home of a resource."""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.annotations import SEARCH
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, get


def absent(resource: Resource, path: Path) -> Any:
    """What a served path reads as when nothing is known."""
    return get({name: member.absent.value for name, member in resource.members.items()}, path)


def search_path(home: Home, member: str) -> str:
    """The path at which objects of a home hold the uuid of a reference, as a search asks for it."""
    prefix = f"{home.rest}__{SEARCH}__" if home.rest else ""
    many = home.rest and any(each.served == (member,) for each in home.known)
    return f"{prefix}{member}" if many else f"{prefix}{member}__uuid"
