"""The bodies of scenes, completed with the required members that a scene leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import schemas
from adapter.openapi.document import Document, Schema

SOMETHING = "x"
_FORMATS = {"date": "2024-01-01", "date-time": "2024-01-01T00:00:00Z", "uri": "https://x.example/"}


def completed(document: Document, schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the smallest valid value for every required member that is missing.

    An empty group stays empty.
    """
    variants = schemas.variants(document, schema)
    if variants:
        name = document.resolve(schema)["discriminator"]["propertyName"]
        chosen = body.get(name, next(iter(variants)))
        return completed(document, variants.get(chosen, {}), {**body, name: chosen})
    required = document.merged(schema).get("required", ())
    found = dict(body)
    for name, each in document.properties(schema).items():
        if isinstance(found.get(name), Mapping) and found[name]:
            found[name] = completed(document, each, found[name])
        elif name in required and name not in found:
            found[name] = _smallest(document, each)
    return found


def _smallest(document: Document, schema: Schema) -> Any:
    merged = document.merged(schema)
    if merged.get("nullable"):
        return None
    if "enum" in merged:
        return merged["enum"][0]
    kind = merged.get("type")
    if kind == "object" or "properties" in merged:
        return completed(document, schema, {})
    plain = {"array": [], "boolean": False, "integer": merged.get("minimum", 0)}
    return plain.get(str(kind), _FORMATS.get(merged.get("format", ""), SOMETHING))
