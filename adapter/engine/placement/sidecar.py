"""The aanvulling of a register's record: an object that keeps what the register has no place for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapter.engine.entities.annotations import KIND, RECORD, SEARCH, SUPPLEMENT
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import supplement_uuid
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Creation, an_object
from adapter.engine.unit_of_work import UnitOfWork
from adapter.mapping.model import Home
from adapter.mapping.paths import Path, parse, put
from adapter.mapping.translate import VALUES

SEARCHED_LENGTH = 200


def put_supplement(
    unit: UnitOfWork, home: Home, uuid: str, data: Record, stored: StoredObject | None
) -> StoredObject:
    """Write the aanvulling of a record."""
    making = supplement(home, uuid, data)
    found: StoredObject = unit.put_object(stored, making.content) if stored else unit.make(making)
    return found


def supplement(home: Home, uuid: str, data: Record) -> Creation:
    """The aanvulling of a record, to be made; what makes it findable is added here."""
    assert home.place is not None
    search = searched(data.get(VALUES) or {})
    whole = {KIND: home.resource, RECORD: uuid, **{k: v for k, v in data.items() if k != SEARCH and v != ""}}
    if search:
        whole[SEARCH] = search
    return an_object(SUPPLEMENT, supplement_uuid(home.place, uuid), whole)


def without_said(
    data: Record, members: Iterable[str], before: Entry, intended: Mapping[str, Any], kept: Mapping[str, Any]
) -> Record:
    """What has to be kept beside a record that says these members itself, or of which another record does.

    What stays as it was and is not `kept` yet goes on to be read from there.
    """
    said = {name for name in members if intended.get(name) == before.values.get(name)} - set(kept)
    parts = {
        part: {name: value for name, value in entries.items() if name not in said}
        for part, entries in data.items()
    }
    return {part: entries for part, entries in parts.items() if entries}


def searched(entries: Mapping[str, Any]) -> Record:
    """The short texts and the references among an aanvulling's values, at their paths, to be searched."""
    found: Record = {}
    for text, value in entries.items():
        for path, leaf in _leaves(parse(text), value):
            if isinstance(leaf, str) and 0 < len(leaf) <= SEARCHED_LENGTH:
                put(found, path, leaf)
            elif isinstance(leaf, list) and leaf:
                links = [each["uuid"] for each in leaf if isinstance(each, dict) and "uuid" in each]
                put(found, path, " ".join(links))
    return found


def _leaves(path: Path, value: Any) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in _leaves((*path, name), each)]
    return [(path, value)]


def keys_of(repository: Repository, home: Home, uuid: str, values: dict[str, Any]) -> Record:
    """The URLs of the records that an object hangs on, at the paths where searches look for them."""
    found = {}
    for key, member in home.keys.items():
        first, _, second = member.partition(".")
        link = values.get(first)
        on = uuid if member == "self" else link["uuid"] if isinstance(link, dict) else None
        if on and second:
            target = repository.one(repository.resources[home.resource].members[first].to, on)
            on = target.reference(second) if target else None
        if on:
            found[key] = repository.session.records.url(repository.mappings.keys[key], on)
    return found
