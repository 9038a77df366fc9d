"""Whether JSON is of the kinds that a schema says: texts, numbers, booleans, groups and lists.

No more than that: lengths, patterns and choices are for a contract. It tells an answer that makes no sense
from one that can be read, at little cost: of what is looked at a JSON Schema is made that says kinds alone,
and that is compiled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import jsonschema_rs

from adapter.mapping import schemas
from adapter.mapping.model import Place
from adapter.mapping.stored import LINK, REFERENCE
from adapter.openapi.document import Document, Schema

Check = Callable[[Sequence[Any]], bool]
"""Whether all of some values are of a kind."""
Kind = Schema
"""A JSON Schema that says kinds alone; `ANYTHING` says nothing."""

_UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_INSTANT = "date-time"
"""The format of texts that are never null: there is no moment that is none."""

ANYTHING: Kind = {}
TEXT: Kind = {"type": "string"}
GROUP: Kind = {"type": "object"}
A_UUID: Kind = {"type": "string", "format": "uuid"}
"""In large or small letters."""
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_COMMON = rf"^[12][0-9]{{3}}-{_DAY}T([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}(\.[0-9]{{1,6}})?Z$"
"""Instants as registers write nearly all: whatever is written so is one, without a look at the calendar (that
is for the last day of February in a leap year)."""
_MOMENT: Kind = {"type": "string", "anyOf": [{"pattern": _COMMON}, {"format": _INSTANT}]}
_LINK: Kind = {"type": "object", "required": ["uuid"], "properties": {"uuid": A_UUID}}
RECORD_URL: Kind = {"type": "string", "pattern": f"/{_UUID}/?$"}
_RECORD: Kind = {"type": "object", "required": ["url"], "properties": {"url": RECORD_URL}}
# a number without a fraction may be written with one
_PLAIN = {"text": "string", "string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def anything(_: Sequence[Any]) -> bool:
    """Any values at all."""
    return True


def checked(kind: Kind | Callable[[], Kind]) -> Check:
    """Whether all of some values are of a kind, or of one that is made when the first are tested.

    What is no JSON is of none.
    """
    if kind == ANYTHING:
        return anything
    compiled: list[Check] = []

    def check(values: Sequence[Any]) -> bool:
        if not compiled:
            items = kind() if callable(kind) else kind
            validator = jsonschema_rs.validator_for(
                {"type": "array", "items": items},
                validate_formats=True,
                formats={_INSTANT: _is_instant},
                offline=True,
            )
            compiled.append(validator.is_valid)
        try:
            return compiled[0](values)
        except ValueError:
            return False

    return check


def _is_instant(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return False
    return True


are_records = checked(_RECORD)
"""Groups with a URL of their own that ends in a uuid, as every record and object has."""
are_uuids = checked(A_UUID)
"""Texts that are uuids, in large or small letters."""


def group(members: Mapping[str, Kind], required: Iterable[str] = ()) -> Kind:
    """Groups of these members; any may be missing that is not required, and others may be there."""
    told = {name: kind for name, kind in members.items() if kind != ANYTHING}
    return {"type": "object", "properties": told, "required": list(required)}


def or_null(kind: Kind) -> Kind:
    """Null, or what is of a kind."""
    if "type" not in kind:
        return kind
    return {**kind, "type": [kind["type"], "null"]}


def of_record(document: Document, collection: str, *, without: Iterable[str] = ()) -> Kind:
    """The kind of the records of a collection, whatever stands in some of their members."""
    operation = document.operation("get", f"/{collection}/{{uuid}}")
    if operation is None or operation.answer is None:
        return ANYTHING
    return _of(document, [operation.answer], frozenset(without))


def of_records(
    documents: Mapping[str, Document], inline: Mapping[Place, Iterable[str]]
) -> dict[Place, Check]:
    """What tells records of all collections, `inline` with the names of those that come along.

    Each is worked out when the first record is read.
    """

    def alone(place: Place) -> Kind:
        document = documents.get(place.register)
        own = of_record(document, place.collection, without=inline.get(place, ())) if document else ANYTHING
        return {"allOf": [_RECORD, own]}

    def whole(place: Place, names: Iterable[str]) -> Kind:
        below = {name: _come_along(alone(Place(place.register, name))) for name in names}
        return {"allOf": [alone(place), group(below)]}

    return {place: checked(partial(whole, place, names)) for place, names in inline.items()}


def _come_along(record: Kind) -> Kind:
    """Records in a member of another, whole or as their URLs."""
    # a schema for each type of value: what is no text is not looked at as one
    url = {"if": TEXT, "then": RECORD_URL, "else": record}
    return {"type": ["array", "null"], "items": url}


def of_schema(schema: Mapping[str, Any]) -> Kind:
    """The kind of what a JSON schema describes; null where it says so."""
    if schema is REFERENCE or schema is LINK:
        return _LINK
    types = schema.get("type", ())
    name = types if isinstance(types, str) else next((each for each in types if each != "null"), "")
    if name == "object":
        members = schema.get("properties") or {}
        return group({each: _perhaps_null(below) for each, below in members.items()})
    if name == "array":
        return _list(of_schema(schema.get("items") or {}))
    return {"type": _PLAIN[name]} if name in _PLAIN else ANYTHING


def _perhaps_null(schema: Mapping[str, Any]) -> Kind:
    kind = of_schema(schema)
    return or_null(kind) if "null" in schema.get("type", ("null",)) else kind


def _of(document: Document, found: Iterable[Schema], without: Collection[str] = ()) -> Kind:
    """The kind of what one of some schemas describes, in any of its variants."""
    each = [document.merged(one) for schema in found for one in schemas.branches(document, schema)]
    names = {name: None for one in each for name in document.properties(one) if name not in without}
    if names:
        below = {
            name: [inner for one in each if (inner := document.properties(one).get(name)) is not None]
            for name in names
        }
        return group({name: _member(document, inner) for name, inner in below.items()})
    facts = schemas.facts(each)
    if facts.kind == "list":
        return _list(_of(document, [one.get("items") or {} for one in each]))
    if facts.format == _INSTANT:
        return _MOMENT
    return {"type": _PLAIN[facts.kind]} if facts.kind in _PLAIN else ANYTHING


def _member(document: Document, found: Sequence[Schema]) -> Kind:
    kind, facts = _of(document, found), schemas.facts([document.merged(one) for one in found])
    return or_null(kind) if facts.nullable or facts.format != _INSTANT else kind


def _list(kind: Kind) -> Kind:
    return {"type": "array", "items": kind}
