"""Bodies as they are read and checked, within the bounds that a deployment sets to one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from adapter.api.request import Request
from adapter.errors import AdapterError, Invalid, Problem
from adapter.openapi.bodies import BodyValidator
from adapter.openapi.checked import Checked

# What comes of reading a body: an error when nothing of it can be used.
Read = Checked | AdapterError


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one body: the items of a list, the bytes of a record, the references to other resources.

    A record that is stored comes back in every list that it is in, and each reference has to be looked up.
    """

    list_items: int = 1000
    record_bytes: int = 100_000
    references: int = 500


def reading(validate: BodyValidator, bounds: Bounds, *, partial: bool) -> Callable[[Request], Read]:
    """Reads the body of a request, in a thread that may take its time."""

    def read(request: Request) -> Read:
        try:
            checked = validate(request.json(), partial)
        except AdapterError as error:
            return error
        problems = checked.problems if checked.more else [*_exceeding(checked.value, bounds)]
        return Invalid(problems) if problems else checked

    return read


def _exceeding(value: Mapping[str, Any], bounds: Bounds) -> Iterator[Problem]:
    """What makes a body too much, named by the member that has the most of it."""
    sizes = {name: _size(each) for name, each in value.items()}
    if (size := sum(sizes.values())) > bounds.record_bytes:
        reason = f"De gegevens zijn samen {size} bytes; het maximum is {bounds.record_bytes}."
        yield Problem(max(sizes, key=sizes.__getitem__), "too-large", reason)
    named = {name: sum(1 for _ in _references(each)) for name, each in value.items()}
    if sum(named.values()) > bounds.references:
        reason = f"Er wordt naar meer dan {bounds.references} andere gegevens verwezen."
        yield Problem(max(named, key=named.__getitem__), "too-many-references", reason)


def _size(value: Any) -> int:
    try:
        return len(orjson.dumps(value))
    except TypeError:  # an integer of more than 64 bits
        return len(json.dumps(value))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("uuid"), str):
            yield node["uuid"]
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)
