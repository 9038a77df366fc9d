"""Reading and checking of request bodies, within the size limits of the deployment."""

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

# The outcome of reading a body: its checked value, or the error when none of it can be used.
Read = Checked | AdapterError


@dataclass(frozen=True, slots=True)
class Bounds:
    """Size limits of one body: items per list, bytes of the whole as JSON, references to other resources.

    Without them one request could make every later list slow, since a stored record is read again with each
    page that it is on, and every reference costs a register call.
    """

    list_items: int = 1000
    record_bytes: int = 100_000
    references: int = 500


def reader(validate: BodyValidator, bounds: Bounds, *, partial: bool) -> Callable[[Request], Read]:
    """A function that parses and validates the body of a request; it blocks, so call it in a worker thread.

    Its result is `Checked`, or the error as a value instead of an exception: MalformedBody or Invalid. The
    handler raises it later, because a missing resource (404) goes before an invalid body (400).
    """

    def read(request: Request) -> Read:
        try:
            checked = validate(request.json(), partial)
        except AdapterError as error:
            return error
        problems = checked.problems if checked.more else [*exceeding(checked.value, bounds)]
        return Invalid(problems) if problems else checked

    return read


def exceeding(value: Mapping[str, Any], bounds: Bounds) -> Iterator[Problem]:
    """The limits that a body exceeds; each names the member that contributes most to it."""
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
    except TypeError:  # orjson takes no integer of more than 64 bits
        return len(json.dumps(value))


def _references(node: Any) -> Iterator[str]:
    """The uuids of all references, which have the shape `{"uuid": "…"}`."""
    if isinstance(node, Mapping):
        if isinstance(node.get("uuid"), str):
            yield node["uuid"]
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)
