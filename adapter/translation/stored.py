"""An object of the Objects API as this package has it, and what a search finds among several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from adapter.errors import RegisterAnswer
from adapter.mapping.kinds import UUID
from adapter.mapping.paths import MISSING, get
from adapter.translation.answered import Record
from adapter.translation.sound import sound_data
from adapter.translation.world import World

OBJECTS = "objects"
_UNSEARCHABLE = re.compile(r"\A_|__|[|,\0]")

# Name of the type, path, operator, values.
Search = tuple[str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class StoredObject:
    """An object of the Objects API: its uuid, the name of its type, its data, the date it holds from."""

    uuid: str
    type: str
    data: Record
    since: str = ""


def stored_in(rows: Iterable[Record], world: World) -> dict[str, StoredObject]:
    """uuid → object, of our types among those that the Objects API answers."""
    found: dict[str, StoredObject] = {}
    names: dict[str, str | None] = {}
    of_type: dict[str, list[Record]] = {}
    for row in rows:
        uuid, url, record = row.get("uuid"), row.get("type"), row.get("record")
        if not (isinstance(uuid, str) and UUID.fullmatch(uuid) and isinstance(url, str)):
            raise RegisterAnswer(OBJECTS)
        data, since = _content(record)
        if url not in names:
            names[url] = kind.name if (kind := world.type_of(url)) else None
        if (name := names[url]) is not None:
            of_type.setdefault(name, []).append(data)
            found[uuid] = StoredObject(uuid, name, data, since)
    for name, each in of_type.items():
        if not world.planned(("sound", name), partial(sound_data, world.mappings, name))(each):
            raise RegisterAnswer(OBJECTS)
    return found


def _content(record: Any) -> tuple[Record, str]:
    """The data of an object, and the date they hold from."""
    if isinstance(record, dict):
        data, since = record.get("data"), record.get("startAt") or ""
        if isinstance(data, dict) and isinstance(since, str):
            return data, since
    raise RegisterAnswer(OBJECTS)


def searchable(value: str) -> bool:
    """Whether the Objects API's query language can ask for this text.

    It splits at double underscores from the right, and at pipes and commas, and knows no escape.
    """
    return _UNSEARCHABLE.search(value) is None


def is_found(stored: StoredObject, search: Search) -> bool:
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
