"""The handlers of /objecttypes, their versions, and /permissions."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from adapter.embedded.objects import catalogue
from adapter.embedded.objects.catalogue import ObjectType, Version
from adapter.embedded.objects.errors import NON_FIELD, Problem, Refusal, forbidden, invalid, not_found
from adapter.embedded.objects.exchange import Exchange, Reply
from adapter.embedded.objects.fields import (
    LARGEST_VERSION,
    Member,
    a_boolean,
    a_choice,
    a_link,
    a_text,
    a_uuid,
    read_members,
    texts_by_name,
    wrong,
)
from adapter.embedded.objects.paging import page_size, paged
from adapter.embedded.objects.rendering import shown_type, shown_version
from adapter.embedded.objects.schemas import fault_in_schema

CLASSIFICATIONS = ("open", "intern", "confidential", "strictly_confidential")
FREQUENCIES = ("real_time", "hourly", "daily", "weekly", "monthly", "yearly", "unknown")
STATUSES = (catalogue.PUBLISHED, catalogue.DRAFT, "deprecated")
ATTRIBUTES = (
    Member("name", a_text(100, blank=False), required=True),
    Member("namePlural", a_text(100, blank=False), required=True),
    Member("description", a_text(1000)),
    Member("dataClassification", a_choice(*CLASSIFICATIONS)),
    Member("maintainerOrganization", a_text(200)),
    Member("maintainerDepartment", a_text(200)),
    Member("contactPerson", a_text(200)),
    Member("contactEmail", a_text(200)),
    Member("source", a_text(200)),
    Member("updateFrequency", a_choice(*FREQUENCIES)),
    Member("providerOrganization", a_text(200)),
    Member("documentationUrl", a_link(200, blank=True)),
    Member("labels", texts_by_name),
    Member("allowGeometry", a_boolean),
)


def list_types(exchange: Exchange) -> Reply:
    query, database = exchange.query, exchange.database
    classification = query.get("dataClassification") or None
    if classification is not None and classification not in CLASSIFICATIONS:
        reason = f"Select a valid choice. {classification} is not one of the available choices."
        raise invalid(Problem("dataClassification", "invalid_choice", reason))

    def rows(limit: int, offset: int) -> list[Any]:
        return [
            _shown(exchange, found) for found in catalogue.listed(database, classification, limit, offset)
        ]

    def count() -> int:
        return catalogue.count(database, classification)

    return Reply(paged(exchange.url, query.get("page"), page_size(query.get("pageSize")), count, rows))


def retrieve_type(exchange: Exchange) -> Reply:
    return Reply(_shown(exchange, _type(exchange)))


def create_type(exchange: Exchange) -> Reply:
    """Create an objecttype; the client may choose its uuid."""
    _check_may_write(exchange)
    with exchange.database.transaction():
        values = _attributes(exchange, None, partial=False)
        uuid = values.pop("uuid", None) or str(uuid4())
        catalogue.add(exchange.database, uuid, values)
        made = catalogue.find(exchange.database, uuid)
    if made is None:
        raise LookupError("an objecttype went while it was written")
    content = _shown(exchange, made)
    return Reply(content, 201, {"Location": content["url"]})


def update_type(exchange: Exchange) -> Reply:
    return _change_type(exchange, partial=False)


def partial_update_type(exchange: Exchange) -> Reply:
    return _change_type(exchange, partial=True)


def _change_type(exchange: Exchange, *, partial: bool) -> Reply:
    _check_may_write(exchange)
    with exchange.database.transaction():
        before = _type(exchange)
        values = _attributes(exchange, before, partial=partial)
        values.pop("uuid", None)
        catalogue.change(exchange.database, before, values)
    return retrieve_type(exchange)


def delete_type(exchange: Exchange) -> Reply:
    """Delete an objecttype without versions and objects."""
    _check_may_write(exchange)
    with exchange.database.transaction():
        objecttype = _type(exchange)
        if catalogue.version_numbers(exchange.database, objecttype.uuid):
            reason = "All related versions should be destroyed before destroying the objecttype"
            raise _conflict("pending-versions", reason)
        if catalogue.in_use(exchange.database, objecttype.uuid):
            raise _conflict("pending-objects", "There are objects of this objecttype")
        catalogue.remove(exchange.database, objecttype.uuid)
    return Reply(None, 204)


def _attributes(exchange: Exchange, before: ObjectType | None, *, partial: bool) -> dict[str, Any]:
    def own_uuid(value: Any) -> str:
        uuid = a_uuid(value)
        if before is not None and uuid != before.uuid:
            raise wrong("immutable-field", "This field can't be changed")
        if before is None and catalogue.find(exchange.database, uuid) is not None:
            raise wrong("unique", "object type with this uuid already exists.")
        return uuid

    members = (Member("uuid", own_uuid), *ATTRIBUTES)
    values, problems = read_members(exchange.body, members, partial=partial)
    if problems:
        raise invalid(*problems)
    return values


def list_versions(exchange: Exchange) -> Reply:
    """The versions of an objecttype, newest first."""
    objecttype = _type(exchange)

    def rows(limit: int, offset: int) -> list[Any]:
        found = catalogue.versions(exchange.database, objecttype.uuid, limit, offset)
        return [shown_version(exchange.base, version) for version in found]

    def count() -> int:
        return len(catalogue.version_numbers(exchange.database, objecttype.uuid))

    query = exchange.query
    return Reply(paged(exchange.url, query.get("page"), page_size(query.get("pageSize")), count, rows))


def retrieve_version(exchange: Exchange) -> Reply:
    return Reply(shown_version(exchange.base, _version(exchange)))


def create_version(exchange: Exchange) -> Reply:
    """Add a version; a draft, unless the client says that it is published."""
    _check_may_write(exchange)
    with exchange.database.transaction():
        objecttype = _type(exchange)
        values = _version_values(exchange, None)
        schema, status = values.get("jsonSchema", {}), values.get("status", catalogue.DRAFT)
        version = catalogue.add_version(exchange.database, objecttype.uuid, schema, status)
    content = shown_version(exchange.base, version)
    return Reply(content, 201, {"Location": content["url"]})


def change_version(exchange: Exchange) -> Reply:
    """Change a version. PUT and PATCH are the same, since no member is required; absent ones stay."""
    _check_may_write(exchange)
    with exchange.database.transaction():
        before = _version(exchange)
        values = _version_values(exchange, before)
        schema = values["jsonSchema"] if "jsonSchema" in values else json.loads(before.json_schema)
        status = values.get("status", before.status)
        version = catalogue.change_version(exchange.database, before, schema, status)
    return Reply(shown_version(exchange.base, version))


def delete_version(exchange: Exchange) -> Reply:
    _check_may_write(exchange)
    with exchange.database.transaction():
        version = _version(exchange)
        if version.status != catalogue.DRAFT:
            raise _conflict("non-draft-version-destroy", "Only draft versions can be destroyed")
        catalogue.remove_version(exchange.database, version)
    return Reply(None, 204)


def _version_values(exchange: Exchange, before: Version | None) -> Mapping[str, Any]:
    members = (Member("status", a_choice(*STATUSES)), Member("jsonSchema", _json_schema))
    values, problems = read_members(exchange.body, members, partial=True)
    if problems:
        raise invalid(*problems)
    if before is not None and before.status != catalogue.DRAFT:
        raise _conflict("non-draft-version-update", "Only draft versions can be changed")
    return values


def _json_schema(value: Any) -> Any:
    fault = fault_in_schema(value)
    if fault is not None:
        raise wrong("invalid-json-schema", fault)
    return value


def list_permissions(exchange: Exchange) -> Reply:
    """The permissions of the token of this request."""
    database, modes = exchange.database, exchange.grant.modes
    if not exchange.grant.listed:
        modes = {}
    elif modes is None:
        everything = catalogue.listed(database, None, catalogue.count(database, None), 0)
        modes = {objecttype.uuid: "read_and_write" for objecttype in everything}
    shown = [
        {"type": f"{exchange.base}/objecttypes/{uuid}", "mode": mode, "use_fields": False, "fields": {}}
        for uuid, mode in modes.items()
    ]
    query = exchange.query
    size = page_size(query.get("pageSize"))
    return Reply(
        paged(
            exchange.url,
            query.get("page"),
            size,
            lambda: len(shown),
            lambda limit, offset: list(shown[offset : offset + limit]),
        )
    )


def _shown(exchange: Exchange, objecttype: ObjectType) -> dict[str, Any]:
    numbers = catalogue.version_numbers(exchange.database, objecttype.uuid)
    return shown_type(exchange.base, objecttype, numbers)


def _check_may_write(exchange: Exchange) -> None:
    if not exchange.grant.everything:
        raise forbidden()


def _conflict(code: str, reason: str) -> Refusal:
    return invalid(Problem(NON_FIELD, code, reason))


def _type(exchange: Exchange) -> ObjectType:
    try:
        objecttype = catalogue.find(exchange.database, str(UUID(exchange.path["uuid"])))
    except ValueError:
        objecttype = None
    if objecttype is None:
        raise not_found()
    return objecttype


def _version(exchange: Exchange) -> Version:
    number = min(exchange.path["version"], LARGEST_VERSION + 1)  # beyond it there is none
    version = catalogue.find_version(exchange.database, _type(exchange).uuid, number)
    if version is None:
        raise not_found()
    return version
