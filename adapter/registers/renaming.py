"""Uuids in what is sent to a register and what it answers, with others in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.references import UUID

_UUID = re.compile(UUID)
LENGTH = 36


def uuids_within(value: Any) -> Iterator[str]:
    """All uuids in a value of JSON, in small letters: in texts and names of members, however deep."""
    if isinstance(value, str):
        if len(value) >= LENGTH:
            yield from (each.lower() for each in _UUID.findall(value))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from uuids_within(name)
            yield from uuids_within(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from uuids_within(each)


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with other uuids for some, by `names` in small letters; capitals stay capitals."""
    if isinstance(value, str):
        return _UUID.sub(lambda found: _other(found[0], names), value) if len(value) >= LENGTH else value
    if isinstance(value, Mapping):
        return {renamed(name, names): renamed(each, names) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(each, names) for each in value]
    return value


def _other(uuid: str, names: Mapping[str, str]) -> str:
    found = names.get(uuid.lower(), "")
    if not found:
        return uuid
    return found.upper() if uuid.isupper() else found
