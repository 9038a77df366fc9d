"""The facts of an OpenAPI document: everything that a client can observe.

Paths, operations, parameters, statuses, and the shape of every body (types, formats, bounds, enumerations,
required and read-only members, defaults). Prose is none, nor are the names and the nesting of schemas.
"""

from collections.abc import Iterator
from typing import Any

from tests.specs.conftest import resolved

Node = dict[str, Any]
Fact = tuple[str, Any]

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
SCALARS = (
    "type", "format", "nullable", "maxLength", "minLength", "pattern", "minimum", "maximum", "minItems",
    "maxItems", "uniqueItems", "readOnly", "writeOnly", "default", "deprecated",
)  # fmt: skip


def facts(document: Node) -> dict[str, Any]:
    """Each fact by where it stands."""
    found: dict[str, Any] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                found |= _operation(document, f"{method.upper()} {path}", item[method], item)
    return found


def _operation(document: Node, base: str, operation: Node, item: Node) -> Iterator[Fact]:
    yield base, "operation"
    if operation.get("operationId"):
        yield f"{base} operationId", operation["operationId"]
    for each in (*item.get("parameters", ()), *operation.get("parameters", ())):
        yield from _parameter(document, base, resolved(document, each))
    for media, content in _json(document, operation.get("requestBody", {})):
        yield f"{base} body {media}", "media type"
        yield from _schema(document, content.get("schema", {}), f"{base} body")
    for status, answer in operation.get("responses", {}).items():
        yield f"{base} -> {status}", "response"
        for _, content in _json(document, answer):
            yield from _schema(document, content.get("schema", {}), f"{base} -> {status}")


def _json(document: Node, node: Node) -> list[tuple[str, Node]]:
    return [pair for pair in resolved(document, node).get("content", {}).items() if "json" in pair[0]]


def _parameter(document: Node, base: str, parameter: Node) -> Iterator[Fact]:
    where = f"{base} {parameter['in']}:{parameter['name']}"
    yield where, "parameter"
    for key in ("required", "explode", "style", "deprecated"):
        if parameter.get(key) is not None and not (key == "deprecated" and not parameter[key]):
            yield f"{where} {key}", parameter[key]
    yield from _schema(document, parameter.get("schema", {}), where)


def _schema(document: Node, schema: Node, where: str, trail: tuple[int, ...] = ()) -> Iterator[Fact]:
    """What a schema says, and those in it; one within itself is not followed again."""
    if id(resolved(document, schema)) in trail:
        return
    trail = (*trail, id(resolved(document, schema)))
    node = _merged(document, schema)
    yield from _own(node, where)
    for name, member in node.get("properties", {}).items():
        yield f"{where}.{name}", "property"
        yield from _schema(document, member, f"{where}.{name}", trail)
    if "items" in node:
        yield from _schema(document, node["items"], f"{where}[]", trail)
    extra = node.get("additionalProperties")
    if isinstance(extra, dict):
        yield from _schema(document, extra, f"{where}.*", trail)
    elif extra is False:
        yield f"{where} additionalProperties", False
    yield from _variants(document, node, where, trail)


def _own(node: Node, where: str) -> Iterator[Fact]:
    known = {"type": "object", **node} if "properties" in node else node
    for key in SCALARS:
        if known.get(key) not in (None, False) or (key == "default" and key in known):
            yield f"{where} {key}", known[key]
    if "enum" in node:
        yield f"{where} enum", sorted(map(str, node["enum"]))
    for name in node.get("required", ()):
        yield f"{where}.{name} required", True


def _variants(document: Node, node: Node, where: str, trail: tuple[int, ...]) -> Iterator[Fact]:
    if "discriminator" in node:
        name = node["discriminator"]["propertyName"]
        yield f"{where} discriminator", name
        for value, reference in sorted(node["discriminator"].get("mapping", {}).items()):
            yield f"{where}<{name}={value}>", "variant"
            yield from _schema(document, {"$ref": reference}, f"{where}<{name}={value}>", trail)
        return
    for key in ("oneOf", "anyOf"):
        for number, option in enumerate(node.get(key, ())):
            merged = _merged(document, option)
            name = ",".join(sorted(merged.get("properties", {}))) or number
            yield from _schema(document, merged, f"{where}<{key} {name}>", trail)


def _merged(document: Node, schema: Node) -> Node:
    """The schema with its `$ref` resolved and its `allOf` folded in."""
    schema = resolved(document, schema)
    if "allOf" not in schema:
        return schema
    found = {key: value for key, value in schema.items() if key != "allOf"}
    properties = dict(found.get("properties", {}))
    required = list(found.get("required", ()))
    for part in schema["allOf"]:
        merged = _merged(document, part)
        properties = {**merged.get("properties", {}), **properties}
        required += merged.get("required", ())
        found = {**merged, **found}
    return {
        **found,
        **({"properties": properties} if properties else {}),
        **({"required": required} if required else {}),
    }
