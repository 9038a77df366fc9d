"""What the served API takes and answers beyond its published specification.

The published facts stand: a client may have been generated from them. Where the reference itself answers
otherwise, clients know that and KlantBrug does the same. This page says where, so that everything else can be
held to the letter:

- optional text and choices may be "", whatever their format, pattern or enumeration;
- some members may be null in an answer;
- the discriminator of a variant says which of the variants it is, and no other one;
- a partial change requires nothing.
"""

from collections.abc import Iterable
from typing import Any

from adapter.openapi.document import Document

from tests.served_contract import RECORDED_NULLS

Node = dict[str, Any]

NEVER_BLANK = {"date", "date-time", "uuid"}
# What is said of a member as a whole stays outside of its variants.
OUTSIDE = {"description", "readOnly", "nullable", "deprecated", "default"}
PARTIAL = "Patched"


def as_answered(raw: Node) -> None:
    """Changes a loaded document into one that also says this."""
    document = Document(raw)
    schemas: dict[str, Node] = raw["components"]["schemas"]
    for name, schema in list(schemas.items()):
        if "discriminator" in schema and name.startswith(PARTIAL):
            _require_nothing(document, schemas, schema)
    for name, schema in list(schemas.items()):
        whole = document.merged(schemas.get(name.removeprefix(PARTIAL), schema))
        _members(document, schema, whole.get("required", ()))
    for schema in list(schemas.values()):
        if "discriminator" in schema:
            _tell_apart(schemas, schema)


def _require_nothing(document: Document, schemas: dict[str, Node], schema: Node) -> None:
    """Variants of their own for a partial change; without the discriminator it may be any of them."""
    mapping = schema["discriminator"]["mapping"]
    for value, reference in mapping.items():
        name = f"{PARTIAL}{reference.rpartition('/')[2]}"
        schemas[name] = {
            key: each for key, each in document.merged({"$ref": reference}).items() if key != "required"
        }
        mapping[value] = f"#/components/schemas/{name}"
    schema.pop("oneOf")
    schema["anyOf"] = [{"$ref": reference} for reference in mapping.values()]


def _members(document: Document, schema: Any, whole: Iterable[str] = ()) -> None:
    """`whole` names what is required of the whole thing, when the schema is that of a partial change."""
    if isinstance(schema, list):
        for each in schema:
            _members(document, each, whole)
    if not isinstance(schema, dict):
        return
    required = {*schema.get("required", ()), *whole}
    for name, member in schema.get("properties", {}).items():
        if name not in required and _may_be_blank(document, member):
            _allow_blank(member)
        if name in RECORDED_NULLS:
            member["nullable"] = True
            if "$ref" in member:
                member["allOf"] = [{"$ref": member.pop("$ref")}]
    for key in ("properties", "items", "allOf", "oneOf", "anyOf", "additionalProperties"):
        below = schema.get(key)
        same = whole if key == "allOf" else ()
        _members(document, list(below.values()) if key == "properties" and below else below, same)


def _may_be_blank(document: Document, member: Node) -> bool:
    merged = document.merged(member)
    form = merged.get("format")
    restricted = form is not None or bool({"pattern", "enum", "minLength"} & merged.keys())
    return merged.get("type") == "string" and restricted and form not in NEVER_BLANK


def _allow_blank(member: Node) -> None:
    inner = {key: member.pop(key) for key in list(member) if key not in OUTSIDE}
    member["anyOf"] = [inner, {"type": "string", "enum": [""]}]


def _tell_apart(schemas: dict[str, Node], schema: Node) -> None:
    name = schema["discriminator"]["propertyName"]
    for value, reference in schema["discriminator"]["mapping"].items():
        key = reference.rpartition("/")[2]
        variant = {"type": "object", "properties": {name: {"type": "string", "enum": [value]}}}
        known = schemas[key].get("allOf", ())
        if variant not in known:
            schemas[key] = {"allOf": [*known, variant] if known else [dict(schemas[key]), variant]}
