"""A request as the server reads it.

The reference takes more than its specification says: numbers for text, words for booleans, dates and uuids
in other notations. Clients depend on it, so a request counts as wrong only when it is still wrong once it has
been read that way.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from adapter.openapi import formats
from adapter.openapi.document import Document, Schema

TRUE = {"t", "y", "yes", "true", "on", "1"}
FALSE = {"f", "n", "no", "false", "off", "0"}
FORMATS = {"uuid": formats.canonical_uuid, "date": formats.calendar_date, "date-time": formats.instant}
# Values of these that are no number count as not given, or answer 404.
PAGING = {"page", "pageSize"}
# Follows from what the variant is; without that it is not looked at.
VARIANT_MEMBERS = {"partijIdentificatie", "actorIdentificatie"}


def body_as_read(document: Document, schema: Schema, value: Any) -> Any:
    """The body, each value in the form that the schema knows where it can be read as such."""
    schema = _variant(document, document.merged(schema), value)
    if value is None:
        return None
    if isinstance(value, dict):
        return _object(document, schema, value)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [body_as_read(document, items, each) for each in value]
    return _scalar(schema, value)


def _object(document: Document, schema: Schema, value: dict[str, Any]) -> dict[str, Any]:
    members = schema.get("properties", {})
    others = schema.get("additionalProperties")
    read = {}
    for name, each in value.items():
        member = members.get(name, others if isinstance(others, Mapping) else {})
        if not document.merged(member).get("readOnly"):
            read[name] = body_as_read(document, member, each)
    name = schema.get("discriminator", {}).get("propertyName")
    if name is not None and name not in value:
        return {key: each for key, each in read.items() if key not in VARIANT_MEMBERS}
    return read


def _variant(document: Document, schema: Schema, value: Any) -> Schema:
    """The variant that the value says it is, or else the first: the shared members are the same in all."""
    mapping = schema.get("discriminator", {}).get("mapping")
    if mapping:
        says = value.get(schema["discriminator"]["propertyName"]) if isinstance(value, dict) else None
        chosen = mapping.get(says) or next(iter(mapping.values()))
        return {**document.merged({"$ref": chosen}), "discriminator": schema["discriminator"]}
    if "anyOf" in schema:
        return {**schema, **document.merged(schema["anyOf"][0])}
    return schema


def _scalar(schema: Schema, value: Any) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return _boolean(value, blank_is_null=bool(schema.get("nullable")))
    if kind == "integer" and not isinstance(value, bool):
        if value == "" and schema.get("nullable"):
            return None
        text = str(value).strip().removesuffix(".0")
        return formats.whole_number(text) if formats.whole_number(text) is not None else value
    if kind == "string" and not isinstance(value, bool):
        return _text(schema, value)
    return value


def _text(schema: Schema, value: Any) -> Any:
    form = schema.get("format")
    if form == "uuid" and isinstance(value, int):
        return formats.canonical_uuid(f"{value:032x}") if 0 <= value < 1 << 128 else value
    if form in FORMATS:
        return (FORMATS[form](value) if isinstance(value, str) else None) or value
    return str(value).strip()


def _boolean(value: Any, *, blank_is_null: bool) -> Any:
    if isinstance(value, float) and value in {0, 1}:
        value = int(value)
    word = str(value).strip().lower()
    if blank_is_null and word in {"", "null"}:
        return None
    return True if word in TRUE else False if word in FALSE else value


def query_as_read(query: str, schemas: Mapping[str, Schema], *, lenient: bool) -> dict[str, Any]:
    """The parameters that count, each in the form that its schema knows.

    The last of a repeated one counts, an empty one does not, nor does a boolean or page that is none. With
    `lenient` unknown parameters do not count either.
    """
    read: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        if name not in schemas:
            read |= {} if lenient else {name: text}
        elif schemas[name].get("type") == "array":
            asked = [part.strip() for part in text.split(",") if part.strip()]
            read[name] = [*read.get(name, ()), *asked]
        else:
            read[name] = _parameter(name, schemas[name], text.strip())
    return {name: value for name, value in read.items() if value not in ("", None)}


def _parameter(name: str, schema: Schema, text: str) -> Any:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if name in PAGING:
        return None
    if kind == "integer":
        number = formats.whole_number(text)
        return text if number is None else number
    if form in {"date", "date-time"}:
        day, separator, time = text.partition(" ")
        parts = day.replace("/", "-").split("-")
        if len(parts) == 3 and len(parts[2]) == 4:
            text = "-".join(reversed(parts)) + separator + time
    return (FORMATS[form](text) or text) if form in FORMATS else text
