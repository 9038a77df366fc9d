"""The records that an object hangs on, at the paths where searches look for them."""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.stored_object import Record
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Home

Values = dict[str, Any]


def keys_of(repository: Repository, home: Home, uuid: str, values: Values) -> Record:
    """The URLs of the records that an object hangs on, at the paths where searches look for them."""
    found = {}
    for key, member in home.keys.items():
        on = uuid if member == "self" else _on(repository, home, member, values)
        if on:
            found[key] = repository.session.records.url(repository.mappings.keys[key], on)
    return found


def _on(repository: Repository, home: Home, member: str, values: Values) -> str | None:
    first, _, second = member.partition(".")
    link = values.get(first)
    if not isinstance(link, dict):
        return None
    if not second:
        return str(link["uuid"])
    target = repository.one(repository.resource(home.resource).members[first].to, link["uuid"])
    return target.reference(second) if target else None
