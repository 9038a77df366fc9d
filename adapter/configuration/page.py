"""The documentation page of the configuration, generated from the schema of configuration files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from adapter.configuration.names import SECTION, SERVICES
from adapter.configuration.schemas import configuration_schema, read_data

Schema = Mapping[str, Any]

FORMATS = {
    "url": "URL",
    "base-url": "URL",
    "absolute-uri": "URI",
    "rsin": "RSIN",
    "uuid": "uuid",
    "moment": "date, or date and time with time zone",
    "network": "address or network",
    "token-hash": "hash",
    "changing": "`altijd`, `nooit` or a duration",
}
BOUNDS = {
    "minimum": "from {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "up to {}",
    "maxLength": "at most {} characters",
}
HEAD = "| setting | value | default | meaning |\n| --- | --- | --- | --- |"


def page() -> str:
    """The page in Markdown."""
    schema = configuration_schema()["properties"]
    own = schema[SECTION]["properties"]
    services = schema[SERVICES[0]]["properties"][SERVICES[1]]["items"]
    parts = {
        "general": _table({**schema[SECTION], "properties": _plain(own)}),
        "registers": _table(own["registers"]["properties"]["klanten"]),
        "registers_api": _table(own["registers_api"]),
        "objecttypes": _table(own["objecttypes"]["additionalProperties"]),
        "tokens": _table(own["tokens"]["items"]),
        "phases": _table(own["phases"]),
        "logbook": _table(own["logbook"]),
        "gathering": _table(own["gathering"]),
        "notifications": _table(own["notifications"]),
        "settings": _table(own["settings"]),
        "limits": _table(own["limits"]),
        "services": _table({**services, "properties": _described(services["properties"])}),
    }
    text = (files("adapter.configuration") / "page.md").read_text(encoding="utf-8")
    for name, table in parts.items():
        text = text.replace(f"{{{name}}}", table)
    return text


def _plain(properties: Schema) -> dict[str, Any]:
    """The settings that are one value or a list of values; the others have tables of their own."""
    return {
        name: each
        for name, each in properties.items()
        if each and each.get("type") != "object" and each.get("items", {}).get("type") != "object"
    }


def _described(properties: Schema) -> dict[str, Any]:
    """The members of a service with the descriptions of words.yaml. Raises KeyError for one without."""
    words = read_data("words.yaml")
    return {name: {**each, "description": words[name]} for name, each in properties.items()}


def _table(schema: Schema) -> str:
    return "\n".join([HEAD, *_rows(schema["properties"], schema.get("required", ()))])


def _rows(properties: Schema, required: Sequence[str]) -> Iterator[str]:
    for name, schema in properties.items():
        default = _default(schema, required=name in required)
        yield f"| `{name}` | {_value(schema)} | {default} | {schema.get('description', '')} |"


def _value(schema: Schema) -> str:
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"names with {_value(schema['additionalProperties'])}"
    if "enum" in schema:
        return ", ".join(f"`{each}`" if each else "empty" for each in schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if kinds == ["string", "array"]:
        return f"{_value(schema['items'])}, or a list: {_value(schema['items'])}"
    if "array" in kinds:
        return f"list: {_value(schema['items'])}"
    words = {"string": FORMATS.get(schema.get("format", ""), "text"), "boolean": "`true`, `false`"}
    said = " or ".join(str(words.get(kind, kind)) for kind in kinds)
    return ", ".join([said, *(text.format(schema[rule]) for rule, text in BOUNDS.items() if rule in schema)])


def _default(schema: Schema, *, required: bool) -> str:
    if "default" in schema and schema["default"] not in ("", [], {}):
        default = schema["default"]
        return f"`{default if isinstance(default, str) else json.dumps(default)}`"
    return "**required**" if required else ""
