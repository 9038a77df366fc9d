"""The aanvulling of a register's record: an object that keeps what the register has no place for."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha1
from typing import Any

from adapter.mapping.model import Home, Place
from adapter.mapping.paths import Path, parse, put
from adapter.mapping.translate import VALUES
from adapter.translation.entries import CREATED, Entry
from adapter.translation.ledger import Ledger
from adapter.translation.making import Making, an_object
from adapter.translation.names import KIND, RECORD, SEARCH, SUPPLEMENT
from adapter.translation.records import Record
from adapter.translation.stored import StoredObject

SEARCHED_LENGTH = 200

_NAMESPACE = uuids.UUID("6a1f6b1e-6f0d-5d0c-9a39-6f2f6b6c6e74")


@lru_cache(maxsize=4096)
def supplement_uuid(place: Place, uuid: str) -> str:
    """The uuid of the aanvulling of a record: computed, so that one GET finds it."""
    # a UUIDv5 as `uuid.uuid5` gives it, which would take most of the time of reading a page
    name = f"{place.register}/{place.collection}/{uuid}".encode()
    found = sha1(_NAMESPACE.bytes + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(found[16], 16) & 3]
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{variant}{found[17:20]}-{found[20:32]}"


def put_supplement(
    ledger: Ledger, home: Home, uuid: str, data: Record, stored: StoredObject | None
) -> StoredObject:
    """Write the aanvulling of a record."""
    making = supplement(home, uuid, data)
    found: StoredObject = ledger.put_object(stored, making.content) if stored else ledger.make(making)
    return found


def supplement(home: Home, uuid: str, data: Record) -> Making:
    """The aanvulling of a record, to be made; what makes it findable is added here."""
    assert home.place is not None
    search = searched(data.get(VALUES) or {})
    whole = {KIND: home.resource, RECORD: uuid, **{k: v for k, v in data.items() if k != SEARCH and v != ""}}
    if search:
        whole[SEARCH] = search
    return an_object(SUPPLEMENT, supplement_uuid(home.place, uuid), whole)


def kept_beside(entry: Entry) -> Mapping[str, Any]:
    """The values that the aanvulling of a record keeps."""
    return (entry.stored.data.get(VALUES) if entry.stored else None) or {}


def unkept(entries: Iterable[Entry], home: Home, member: str) -> list[Entry]:
    """Those in a home whose aanvulling keeps no value for a member."""
    return [each for each in entries if each.home is home and member not in kept_beside(each)]


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


__all__ = [
    "CREATED",
    "KIND",
    "RECORD",
    "SEARCH",
    "SUPPLEMENT",
    "kept_beside",
    "put_supplement",
    "searched",
    "supplement",
    "supplement_uuid",
    "unkept",
    "without_said",
]
