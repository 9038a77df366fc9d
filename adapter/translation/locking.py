"""Take simultaneous writes to one thing one after the other.

The Objects API loses simultaneous writes to one object, and a check for uniqueness holds only until somebody
else writes.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from adapter.mapping.model import Resource
from adapter.mapping.paths import filled, get, parse

STRIPES = 1024


class Locks:
    """Locks by name. Names share some locks, taken in one order, so that nobody waits in a ring."""

    def __init__(self) -> None:
        self._locks = tuple(threading.Lock() for _ in range(STRIPES))

    @contextmanager
    def hold(self, names: Iterable[str]) -> Iterator[None]:
        """Hold the locks of all these names."""
        numbers = sorted({int.from_bytes(_digest(name)[:4]) % STRIPES for name in names})
        with ExitStack() as stack:
            for number in numbers:
                stack.enter_context(self._locks[number])
            yield


def concerned(resource: Resource, values: Mapping[str, Any]) -> set[str]:
    """What a write with these values concerns: resources that it names, values that must be unique."""
    found = set(_uuids(values))
    for name, member in resource.members.items():
        if member.unique and filled(values.get(name)):
            found.add(f"{resource.name}.{name}={values[name]}")
    for rule in resource.rules:
        if rule.kind == "unique_together":
            paths = rule.spec["unique_together"]
            found.add(f"{resource.name}.{paths}={[get(values, parse(path)) for path in paths]}")
    return found


def _uuids(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("uuid"), str):
            yield node["uuid"]
        for each in node.values():
            yield from _uuids(each)
    elif isinstance(node, list):
        for each in node:
            yield from _uuids(each)


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
