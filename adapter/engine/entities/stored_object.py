"""An object of the Objects API, and which objects a search of that API finds."""

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
# The registers that have objects: the Objects API, and the table of asides in the state.
ASIDES = "asides"
OF_OBJECTS = frozenset({OBJECTS, ASIDES})
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
    """Whether `data_attr` of the Objects API can ask for this text.

    It splits a condition at double underscores, from the right, and at pipes and commas, and has no escape.
    """
    return _UNSEARCHABLE.search(value) is None


def is_found(stored: StoredObject, search: ObjectSearch) -> bool:
    """Whether the Objects API finds an object by a search; sometimes true where it does not."""
    _, path, operator, values = search
    have = get(stored.data, tuple(path.split("__")))
    if operator == "in":
        return isinstance(have, str) and have in values
    text = have if isinstance(have, str) else orjson.dumps(have).decode() if have is not MISSING else ""
    return any(value.casefold() in text.casefold() for value in values)


def once(found: Iterable[StoredObject]) -> list[StoredObject]:
    """Each object once."""
    return list({each.uuid: each for each in found}.values())
