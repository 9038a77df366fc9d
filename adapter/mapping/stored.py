"""JSON schemas for objects that hold a served resource as a whole, made from the served specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.model import Member
from adapter.openapi.document import Document, Schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = {"type": ["object", "null"], "required": ["uuid"], "properties": {"uuid": {"type": "string"}}}
LINK = {"type": "object", "required": ["uuid"], "properties": {"uuid": {"type": "string"}}}


def object_schema(document: Document, schema: Schema, members: Mapping[str, Member]) -> dict[str, Any]:
    """The schema of an object with these members: kinds, lengths and choices as served, null where nullable.

    Texts may be empty, as the reference server lets them be; what the adapter adds for itself is not limited.
    """
    properties = {
        name: _member(document, member, _schemas(document, schema, name)) for name, member in members.items()
    }
    return {
        "$schema": DRAFT,
        "type": "object",
        "properties": {k: v for k, v in properties.items() if v is not None},
    }


def _schemas(document: Document, schema: Schema, name: str) -> list[Schema]:
    mapping = schema.get("discriminator", {}).get("mapping", {})
    branches = [document.resolve({"$ref": target}) for target in mapping.values()] or [schema]
    found = [document.properties(branch).get(name) for branch in branches]
    return [each for each in found if each is not None]


def _member(document: Document, member: Member, schemas: list[Schema]) -> dict[str, Any] | None:
    if member.computed is not None:
        return None
    if member.to:
        return {"type": "array", "items": LINK} if member.many else REFERENCE
    if member.by or not schemas:
        return {"type": ["object", "null"]} if member.by else {}
    return plain(document, schemas[0])


def plain(document: Document, schema: Schema) -> dict[str, Any]:
    """A served schema as JSON Schema, without what only a client's input has to keep to."""
    merged = document.merged(schema)
    kind = merged.get("type", "object" if "properties" in merged else None)
    made: dict[str, Any] = {key: merged[key] for key in ("maxLength", "minimum", "maximum") if key in merged}
    if kind is not None:
        made["type"] = [kind, "null"]
    if "enum" in merged:
        made["enum"] = [*merged["enum"], "", None]
    if "properties" in merged:
        made["properties"] = {name: plain(document, each) for name, each in merged["properties"].items()}
    if "items" in merged:
        made["items"] = plain(document, merged["items"])
    if isinstance(merged.get("additionalProperties"), Mapping):
        made["additionalProperties"] = plain(document, merged["additionalProperties"])
    return made
