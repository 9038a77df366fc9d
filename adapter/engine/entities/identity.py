"""Uuids that follow from something else: a URL, the record in which a value stands, a record."""

from __future__ import annotations

import re
import uuid as uuids
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha1
from typing import Any

from adapter.mapping.model import Place
from adapter.mapping.references import plain

# A query, outer spaces or a slash at the end are in none of these.
_AS_IT_IS = re.compile(r"[0-9A-Za-z-]+")
_NAMESPACE = uuids.UUID("6a1f6b1e-6f0d-5d0c-9a39-6f2f6b6c6e74")
_BEGUN = sha1(_NAMESPACE.bytes, usedforsecurity=False)
# Digit → the same with the two highest bits that mark a uuid of RFC 9562.
_VARIANTS = {f"{each:x}": f"{each & 3 | 8:x}" for each in range(16)}


# A page names each of its records several times.
@lru_cache(maxsize=4096)
def uuid_in(url: str) -> str:
    """The uuid at the end of a record's URL, in small letters; a query or a last slash does not count."""
    last = url.rpartition("/")[2]
    if not _AS_IT_IS.fullmatch(last) or "?" in url or "#" in url:
        last = plain(url).rpartition("/")[2]
    return last.lower()


def uuids_in(node: Any) -> Iterator[str]:
    """The uuids of all references in a value, however deep."""
    if isinstance(node, Mapping):
        if isinstance(node.get("uuid"), str):
            yield node["uuid"]
        for each in node.values():
            yield from uuids_in(each)
    elif isinstance(node, list):
        for each in node:
            yield from uuids_in(each)


def same_record(one: Any, other: str) -> bool:
    """Whether two values are the same text, or URLs of the same record."""
    if not isinstance(one, str):
        return False
    return one == other or ("/" in one and "/" in other and uuid_in(one) == uuid_in(other))


def slot_uuid(owner: str, slot: str) -> str | None:
    """The uuid of a value that stands in a record: that of the record, with the slot as its version.

    `slot` is one digit, not 4: slot 8 of `5a1b…-4…` is `5a1b…-8…`. None when the uuid of the record is of
    another version than 4: its embedded values cannot be told apart.
    """
    return f"{owner[:14]}{slot}{owner[15:]}" if owner[14] == "4" else None


def slot_owner(uuid: str) -> tuple[str, str]:
    """(the uuid of the record, the slot digit) of the uuid of an embedded value."""
    return f"{uuid[:14]}4{uuid[15:]}", uuid[14]


@lru_cache(maxsize=4096)
def supplement_uuid(place: Place, uuid: str) -> str:
    """The uuid of the sidecar of a record. It follows from the record, so that no search is needed."""
    # a UUIDv5 as `uuid.uuid5` gives it, which would take most of the time of reading a page
    digest = _BEGUN.copy()
    digest.update(f"{place.register}/{place.collection}/{uuid}".encode())
    found = digest.hexdigest()
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{_VARIANTS[found[16]]}{found[17:20]}-{found[20:32]}"
