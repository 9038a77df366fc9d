"""An object of the Objects API as this package has it, and what a search finds among several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from adapter.mapping.paths import MISSING, get

Record = dict[str, Any]
"""A record or object of a register: parsed JSON."""
OBJECTS = "objects"
_UNSEARCHABLE = re.compile(r"\A_|__|[|,\0]")

# Name of the type, path, operator, values.
ObjectSearch = tuple[str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class StoredObject:
    """An object of the Objects API: its uuid, the name of its type, its data, the date it holds from."""

    uuid: str
    type: str
    data: Record
    since: str = ""


def searchable(value: str) -> bool:
    """Whether the Objects API's query language can ask for this text.

    It splits at double underscores from the right, and at pipes and commas, and knows no escape.
    """
    return _UNSEARCHABLE.search(value) is None


def is_found(stored: StoredObject, search: ObjectSearch) -> bool:
    """Whether the Objects API finds an object by a search for these texts; it may say yes too often."""
    _, path, operator, values = search
    have = get(stored.data, tuple(path.split("__")))
    if operator == "in":
        return isinstance(have, str) and have in values
    text = have if isinstance(have, str) else orjson.dumps(have).decode() if have is not MISSING else ""
    return any(value.casefold() in text.casefold() for value in values)


def placed(rows: list[StoredObject], uuid: str, stored: StoredObject | None) -> list[StoredObject]:
    """The objects with one as it is now, first; without it when there is none."""
    left = [each for each in rows if each.uuid != uuid]
    return left if stored is None else [stored, *left]


def once(found: Iterable[StoredObject]) -> list[StoredObject]:
    """Each object once."""
    return list({each.uuid: each for each in found}.values())
