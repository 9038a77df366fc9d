"""Validation of the body of a create or change of an object, by the rules of the Objects API."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from adapter.embedded.objects import catalogue, records
from adapter.embedded.objects.catalogue import ObjectType
from adapter.embedded.objects.database import Database
from adapter.embedded.objects.errors import NON_FIELD, Problem, invalid
from adapter.embedded.objects.exchange import API, Exchange
from adapter.embedded.objects.fields import (
    NULL,
    REQUIRED,
    Member,
    a_date,
    a_geometry,
    a_position,
    a_uuid,
    a_version,
    anything,
    below,
    not_a_dictionary,
    read_members,
    references,
    wrong,
)
from adapter.embedded.objects.records import Draft, Record
from adapter.embedded.objects.schemas import compiled

INVALID = "invalid-json-schema"
RECORD = (
    Member("typeVersion", a_version, required=True),
    Member("data", anything),
    Member("geometry", a_geometry, nullable=True),
    Member("references", references),
    Member("startAt", a_date, required=True),
    Member("correctionFor", a_position, nullable=True),
)


def objecttype_named(exchange: Exchange, value: Any) -> str:
    """The uuid of the objecttype with the URL `value`, of which only the path counts. Raises Wrong."""
    if not isinstance(value, str):
        reason = f"Incorrect type. Expected URL string, received {type(value).__name__}."
        raise wrong("incorrect_type", reason)
    if not value:
        raise wrong(*NULL)
    try:
        path = urlsplit(value).path if value.startswith(("http:", "https:")) else value
    except ValueError:
        path = ""
    collection, _, identifier = path.removeprefix(exchange.root).rpartition("/")
    if collection != f"{API}/objecttypes" or not identifier:
        raise wrong("no_match", "Invalid hyperlink - No URL match.")
    try:
        uuid = str(UUID(identifier))
    except ValueError:
        uuid = ""
    if catalogue.find(exchange.database, uuid) is None:
        raise wrong("does_not_exist", "Invalid hyperlink - Object does not exist.")
    return uuid


def read_object(exchange: Exchange, before: Record | None, *, partial: bool) -> tuple[str | None, Draft]:
    """(uuid that the client chose or None, record to write); `before` is the latest record, None if new.

    Raises Refusal with all problems.
    """
    if not isinstance(exchange.body, dict):
        raise invalid(not_a_dictionary(exchange.body))
    members = (
        Member("uuid", lambda value: _own_uuid(exchange.database, value, before)),
        Member("type", lambda value: _type(exchange, value, before), required=True),
    )
    values, problems = read_members(exchange.body, members, partial=partial)
    record, more = _record(exchange, before, partial=partial)
    if problems or more:
        raise invalid(*problems, *more)
    objecttype = values["type"] if before is None else before.objecttype
    draft = _draft(objecttype, record, before, partial=partial)
    problems = list(_conflicts(exchange.database, draft))
    if problems:
        raise invalid(*problems)
    return values.get("uuid"), draft


def _own_uuid(database: Database, value: Any, before: Record | None) -> str:
    uuid = a_uuid(value)
    # the Objects API answers so for the uuid of the object itself too
    if records.latest(database, uuid) is not None:
        raise wrong("unique", "An object with this UUID already exists.")
    if before is not None:
        raise wrong("immutable-field", "This field can't be changed")
    return uuid


def _type(exchange: Exchange, value: Any, before: Record | None) -> str:
    uuid = objecttype_named(exchange, value)
    if before is not None and uuid != before.objecttype:
        raise wrong("immutable-field", "This field can't be changed")
    return uuid


def _record(
    exchange: Exchange, before: Record | None, *, partial: bool
) -> tuple[dict[str, Any], list[Problem]]:
    if "record" not in exchange.body:
        return {}, [] if partial else [Problem("record", *REQUIRED)]
    if exchange.body["record"] is None:
        return {}, [Problem("record", *NULL)]
    values, problems = read_members(exchange.body["record"], RECORD, partial=partial)
    wanted = values.get("correctionFor")
    if wanted is not None and (before is None or records.at(exchange.database, before.uuid, wanted) is None):
        reason = f"Object with index={wanted} does not exist."
        problems.append(Problem("correctionFor", "does_not_exist", reason))
    return values, [below("record", problem) for problem in problems]


def _draft(objecttype: str, record: dict[str, Any], before: Record | None, *, partial: bool) -> Draft:
    """The record to write. PATCH merges into the one before, except that a geometry must be sent again."""
    values: dict[str, Any] = {"data": {}, "references": [], **record}
    if partial and before is not None:
        values = {
            "typeVersion": before.type_version,
            "startAt": before.start_at,
            "references": json.loads(before.links),
            **record,
            "data": merged(json.loads(before.data), record.get("data", {})),
        }
    return Draft(
        objecttype=objecttype,
        type_version=values["typeVersion"],
        start_at=values["startAt"],
        data=values["data"],
        geometry=record.get("geometry"),
        links=values["references"],
        correction_for=record.get("correctionFor"),
    )


def merged(target: Any, patch: Any) -> Any:
    """`target` with `patch` merged into it, at every depth; unlike in RFC 7396, null does not remove."""
    if not isinstance(patch, dict):
        return patch
    known = target if isinstance(target, dict) else {}
    return {**known, **{name: merged(known.get(name), value) for name, value in patch.items()}}


def _conflicts(database: Database, draft: Draft) -> Iterator[Problem]:
    """The problems of a record under its objecttype; version 0 has no schema."""
    objecttype = catalogue.find(database, draft.objecttype)
    if objecttype is None:
        raise LookupError("an objecttype went while its object was written")
    reason = _schema_fault(database, objecttype, draft)
    if reason is None and not isinstance(draft.data, dict):
        reason = f"{draft.data!r} is not of type 'object'"
    if reason is not None:
        yield Problem(NON_FIELD, INVALID, reason)
    if draft.geometry and not objecttype.allows_geometry:
        yield Problem(NON_FIELD, "geometry-not-allowed", "This object type doesn't support geometry")


def _schema_fault(database: Database, objecttype: ObjectType, draft: Draft) -> str | None:
    if draft.type_version == 0:
        return None
    version = catalogue.find_version(database, objecttype.uuid, draft.type_version)
    if version is None:
        return f"Object type {objecttype.name} version: {draft.type_version} does not appear to exist."
    return compiled(version.json_schema)(draft.data)
