"""Numbers of resources: which are given out, and which one a record without a number reads as.

Numbers have a fixed count of digits. Those that are given out stay below a first digit; with that digit begin
those that are computed. A computed number follows from the record's uuid alone, so that it is the same in
every replica; two records may have the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from adapter.mapping.model import Numbers, Resource
from adapter.mapping.paths import MISSING, Path, filled, get


def given(numbers: Numbers, count: int) -> str:
    """The number that is given out as the `count`-th, from 1; after the last one it begins again."""
    last = numbers.computed * 10 ** (numbers.digits - 1) - 1
    return f"{(count - 1) % last + 1:0{numbers.digits}d}"


def computed(numbers: Numbers, uuid: str) -> str:
    """The number of a record that has none of its own."""
    rest = numbers.digits - 1
    digest = hashlib.sha256(uuid.encode()).digest()
    return f"{numbers.computed}{int.from_bytes(digest[:8]) % 10**rest:0{rest}d}"


def may_be_computed(numbers: Numbers, value: Any) -> bool:
    """Whether a record without a number may read as this value."""
    return (
        isinstance(value, str)
        and len(value) == numbers.digits
        and value.isascii()
        and value.isdigit()
        and value[0] == str(numbers.computed)
    )


def served(resource: Resource, uuid: str, values: Mapping[str, Any], path: Path) -> Any:
    """The value of a record at a path as it is served; None where the path leads nowhere."""
    value = get(values, path)
    member = resource.members.get(path[0])
    if member is not None and member.numbers is not None and len(path) == 1 and not filled(value):
        return computed(member.numbers, uuid)
    return None if value is MISSING else value


def numbers_of(resource: Resource, path: Path) -> Numbers | None:
    """How the member at a path is numbered; None for one that is not."""
    member = resource.members.get(path[0]) if len(path) == 1 else None
    return member.numbers if member is not None else None
