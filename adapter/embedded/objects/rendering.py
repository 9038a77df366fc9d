"""The representations of objects, records, objecttypes and versions in answers."""

import json
from typing import Any

import orjson

from adapter.embedded.objects.catalogue import ObjectType, Version
from adapter.embedded.objects.records import Record, text_of
from adapter.embedded.objects.selection import Tree, cut


def shown_object(base: str, record: Record, tree: Tree) -> dict[str, Any]:
    """An object with one of its records, cut down to the members of `tree` unless that is empty."""
    shown = shown_record(record) | {"references": orjson.Fragment(record.links)}
    inner = tree.get("record", {}).get("data")
    if inner:
        # with Python's JSON, which keeps numbers of any length as they were stored
        shown["data"] = orjson.Fragment(text_of(cut(json.loads(record.data), inner)))
        tree = {**tree, "record": {**tree["record"], "data": {}}}
    content = {
        "url": f"{base}/objects/{record.uuid}",
        "uuid": record.uuid,
        "type": f"{base}/objecttypes/{record.objecttype}",
        "record": shown,
    }
    selected: dict[str, Any] = cut(content, tree)
    return selected


def shown_record(record: Record) -> dict[str, Any]:
    """A record as in a history, without references."""
    return {
        "index": record.position,
        "typeVersion": record.type_version,
        "data": orjson.Fragment(record.data),
        "geometry": None if record.geometry is None else orjson.Fragment(record.geometry),
        "startAt": record.start_at,
        "endAt": record.end_at,
        "registrationAt": record.registration_at,
        "correctionFor": record.correction_for,
        "correctedBy": record.corrected_by,
    }


def shown_type(base: str, objecttype: ObjectType, versions: list[int]) -> dict[str, Any]:
    url = f"{base}/objecttypes/{objecttype.uuid}"
    return {
        "url": url,
        "uuid": objecttype.uuid,
        **objecttype.attributes,
        "createdAt": objecttype.created_at,
        "modifiedAt": objecttype.modified_at,
        "versions": [f"{url}/versions/{number}" for number in versions],
    }


def shown_version(base: str, version: Version) -> dict[str, Any]:
    objecttype = f"{base}/objecttypes/{version.objecttype}"
    return {
        "url": f"{objecttype}/versions/{version.version}",
        "version": version.version,
        "objectType": objecttype,
        "status": version.status,
        "jsonSchema": orjson.Fragment(version.json_schema),
        "createdAt": version.created_at,
        "modifiedAt": version.modified_at,
        "publishedAt": version.published_at,
    }
