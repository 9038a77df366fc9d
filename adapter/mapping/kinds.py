"""Whether JSON is of the kinds that a schema says: texts, numbers, booleans, groups and lists.

No more than that: lengths, patterns and choices are for a contract. It tells an answer that makes no sense
from one that can be read, at little cost: all rows of an answer are looked at together, member by member.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.model import Place
from adapter.mapping.stored import LINK, REFERENCE
from adapter.openapi.document import Document, Schema

Types = frozenset[type]
"""The types of values that say all by themselves."""
Check = Callable[[Sequence[Any]], bool]
"""Whether all of some values, of which none is null, are of a kind."""
Kind = Types | Check

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_UUIDS = re.compile(f"(?:{UUID.pattern})*")
_UUID_LENGTH = frozenset({36})
_RECORD_URL = re.compile(rf"(?s:.*)/{UUID.pattern}/?")
_INSTANT = "date-time"
"""The format of texts that are never null: there is no moment that is none."""

TEXT: Types = frozenset({str})
GROUP: Types = frozenset({dict})
_LIST: Types = frozenset({list})
_NULL: Types = frozenset({type(None)})
_NUMBER: Types = frozenset({int, float})
_BOOLEAN: Types = frozenset({bool})
_PLAIN: dict[str, Types] = {"string": TEXT, "integer": _NUMBER, "number": _NUMBER, "boolean": _BOOLEAN}
_PLAIN_FACTS: dict[str, Types] = {"text": TEXT, "number": _NUMBER, "boolean": _BOOLEAN}


def anything(_: Sequence[Any]) -> bool:
    """Any values at all."""
    return True


def all_of(kind: Kind, values: Sequence[Any]) -> bool:
    """Whether all of some values are of a kind."""
    return kind.issuperset(map(type, values)) if isinstance(kind, frozenset) else kind(values)


def are_records(values: Sequence[Any]) -> bool:
    """Groups with a URL of their own that ends in a uuid, as every record and object has."""
    try:
        urls = [value["url"] for value in values]
    except (KeyError, TypeError):
        return False
    return TEXT.issuperset(map(type, urls)) and all(map(_ends_in_uuid, urls))


def are_uuids(texts: Sequence[str]) -> bool:
    """Whether each of some texts is a uuid, in large or small letters."""
    # one match for all takes a third of the time
    return _UUID_LENGTH.issuperset(map(len, texts)) and _UUIDS.fullmatch("".join(texts)) is not None


# A page names each of its records several times.
@lru_cache(maxsize=4096)
def _ends_in_uuid(url: str) -> bool:
    return _RECORD_URL.fullmatch(url) is not None


def _are_references(values: Sequence[Any]) -> bool:
    """Groups with a uuid."""
    try:
        uuids = [value["uuid"] for value in values]
    except (KeyError, TypeError):
        return False
    return TEXT.issuperset(map(type, uuids)) and are_uuids(uuids)


def of_record(document: Document, collection: str, *, without: Iterable[str] = ()) -> Kind:
    """The kind of the records of a collection, whatever stands in some of their members."""
    operation = document.operation("get", f"/{collection}/{{uuid}}")
    if operation is None or operation.answer is None:
        return anything
    return _of(document, [operation.answer], frozenset(without))


def of_records(
    documents: Mapping[str, Document], inline: Mapping[Place, Iterable[str]]
) -> dict[Place, Check]:
    """What tells records of all collections, `inline` with the names of those that come along.

    Each is worked out when the first record is read.
    """

    def alone(place: Place) -> Kind:
        document = documents.get(place.register)
        return of_record(document, place.collection, without=inline.get(place, ())) if document else anything

    def whole(place: Place, names: Iterable[str]) -> Check:
        return _with_inline(alone(place), {name: alone(Place(place.register, name)) for name in names})

    return {place: _later(partial(whole, place, names)) for place, names in inline.items()}


def _later(make: Callable[[], Check]) -> Check:
    found: list[Check] = []

    def fit(values: Sequence[Any]) -> bool:
        if not found:
            found.append(make())
        return found[0](values)

    return fit


def _with_inline(own: Kind, others: Mapping[str, Kind]) -> Check:
    """Records in which others come along whole, or as their URLs."""

    def fit(values: Sequence[Any]) -> bool:
        if not are_records(values) or not all_of(own, values):
            return False
        for name, kind in others.items():
            lists = [found for value in values if (found := value.get(name)) is not None]
            if not _come_along(lists, kind):
                return False
        return True

    return fit


def _come_along(lists: Sequence[Any], kind: Kind) -> bool:
    if not all_of(_LIST, lists):
        return False
    rows = [row for each in lists for row in each if not isinstance(row, str)]
    urls = [{"url": row} for each in lists for row in each if isinstance(row, str)]
    return are_records(urls) and are_records(rows) and all_of(kind, rows)


def of_schema(schema: Mapping[str, Any]) -> Kind:
    """The kind of what a JSON schema describes; null where it says so."""
    if schema is REFERENCE or schema is LINK:
        return _are_references
    types = schema.get("type", ())
    name = types if isinstance(types, str) else next((each for each in types if each != "null"), "")
    if name == "object":
        members = schema.get("properties") or {}
        return _group(
            {
                each: (of_schema(below), "null" in below.get("type", ("null",)))
                for each, below in members.items()
            }
        )
    if name == "array":
        return _list(of_schema(schema.get("items") or {}))
    return _PLAIN.get(name, anything)


def _are_instants(values: Sequence[Any]) -> bool:
    try:
        for value in values:
            dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _of(document: Document, found: Iterable[Schema], without: Collection[str] = ()) -> Kind:
    """The kind of what one of some schemas describes, in any of its variants."""
    each = [document.merged(one) for schema in found for one in schemas.branches(document, schema)]
    names = {name: None for one in each for name in document.properties(one) if name not in without}
    if names:
        below = {
            name: [inner for one in each if (inner := document.properties(one).get(name)) is not None]
            for name in names
        }
        return _group(
            {name: (_of(document, inner), _nullable(document, inner)) for name, inner in below.items()}
        )
    facts = schemas.facts(each)
    if facts.kind == "list":
        return _list(_of(document, [one.get("items") or {} for one in each]))
    if facts.format == _INSTANT:
        return _are_instants
    return _PLAIN_FACTS.get(facts.kind, anything)


def _nullable(document: Document, found: Iterable[Schema]) -> bool:
    facts = schemas.facts([document.merged(one) for one in found])
    return facts.nullable or facts.format != _INSTANT


def _group(members: Mapping[str, tuple[Kind, bool]]) -> Check:
    """Groups of these members: name → (kind, whether it may be null)."""
    plain = [
        (kind | _NULL if null else kind, _column(name))
        for name, (kind, null) in members.items()
        if isinstance(kind, frozenset)
    ]
    others = [
        (kind, null, _column(name))
        for name, (kind, null) in members.items()
        if not isinstance(kind, frozenset) and (kind is not anything or not null)
    ]

    def fit(values: Sequence[Any]) -> bool:
        if not GROUP.issuperset(map(type, values)):
            return False
        for types, column in plain:
            if not types.issuperset(map(type, column(values))):
                return False
        for kind, null, column in others:
            below = column(values)
            if null:
                below = [each for each in below if each is not None]
            if below and not kind(below):
                return False
        return True

    return fit


def _column(name: str) -> Callable[[Sequence[Mapping[str, Any]]], list[Any]]:
    """What some groups have under a name; those that lack it are left out."""
    pick = itemgetter(name)

    def column(groups: Sequence[Mapping[str, Any]]) -> list[Any]:
        try:
            return list(map(pick, groups))
        except KeyError:
            return [group[name] for group in groups if name in group]

    return column


def _list(kind: Kind) -> Check:
    def fit(values: Sequence[Any]) -> bool:
        return all_of(_LIST, values) and all_of(kind, list(chain.from_iterable(values)))

    return fit
