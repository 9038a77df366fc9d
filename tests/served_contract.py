"""Checks every answer of KlantBrug against the specification that it publishes."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import orjson
import requests
from adapter.api.published import as_answered
from adapter.openapi.document import Document
from adapter.shipped import served_document

# Members that Open Klant answers with null although its specification has no null for them; ours has.
RECORDED_NULLS = {"partijIdentificatie", "actorIdentificatie", "toegewezenAanActor"}
# What a text that was never filled in need not meet: it is served as an empty one.
CONSTRAINTS = {"format", "pattern", "minLength"}


def violations(answer: requests.Response, base: str) -> list[str]:
    """Where a successful answer breaks the specification: positions and messages."""
    parts = urlsplit(answer.request.url or "").path.removeprefix(urlsplit(base).path).strip("/").split("/")
    path = "/" + "/".join([parts[0], *("{uuid}" for _ in parts[1:])])
    validator = _validator(answer.request.method.lower(), path, str(answer.status_code))
    if validator is None or not answer.content:
        return []
    what = f"{answer.request.method} {path}"
    return [
        f"{what} {'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in validator.iter_errors(orjson.loads(answer.content))
    ]


@cache
def _served() -> Document:
    document = served_document()
    return Document(as_answered(document, "klantinteracties"))


@cache
def _definitions() -> dict[str, Any]:
    schemas = _served().raw["components"]["schemas"]
    return {name: _json_schema(schema) for name, schema in schemas.items()}


@cache
def _validator(method: str, path: str, status: str) -> Any:
    operation = _served().operation(method, path)
    schema = operation and operation.answers.get(status)
    if not schema:
        return None
    whole = {"components": {"schemas": _definitions()}, "allOf": [_json_schema(schema)]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _json_schema(node: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema, with the blanks that Open Klant answers."""
    if isinstance(node, list):
        return [_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _json_schema(value) for key, value in node.items() if key not in ("properties", "nullable")}
    if "properties" in node:
        found["properties"] = {name: _json_schema(each) for name, each in node["properties"].items()}
    if "discriminator" in node:
        del found["oneOf"]
        found["allOf"] = [_branch(node["discriminator"], value) for value in node["discriminator"]["mapping"]]
    if CONSTRAINTS & node.keys() and node.get("minLength") != 1:
        found = {"anyOf": [found, {"type": "string", "maxLength": 0}]}
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") else found


def _branch(discriminator: dict[str, Any], value: str) -> dict[str, Any]:
    name = discriminator["propertyName"]
    return {
        "if": {"properties": {name: {"const": value}}, "required": [name]},
        "then": {"$ref": discriminator["mapping"][value]},
    }
