"""The JSON Schema of configuration files, put together from the data files of this package."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from adapter.configuration.names import SECTION, SERVICES, dialect_settings
from adapter.dialects import Library
from adapter.mapping.own_settings import PER_CLIENT
from adapter.registers.services import service_schema


@cache
def configuration_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration file: names, types, defaults and descriptions."""
    section = read_data("schema.yaml")
    section["properties"]["settings"] = read_data("settings.yaml")
    service = service_schema()
    extras = read_data("services.yaml")
    service = {**service, **extras, "properties": {**service["properties"], **extras["properties"]}}
    services = {
        "type": "object",
        "required": [SERVICES[1]],
        "properties": {SERVICES[1]: {"type": "array", "items": service}},
    }
    return {"type": "object", "properties": {SERVICES[0]: services, SECTION: section}}


def read_data(name: str) -> Any:
    """A data file of this package."""
    return yaml.load(
        (files("adapter.configuration") / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )


def with_settings(schema: dict[str, Any], dialect: Any, library: Library) -> dict[str, Any]:
    """The schema with the settings that a dialect adds."""
    section = schema["properties"][SECTION]
    name = dialect if isinstance(dialect, str) else section["properties"]["dialect"]["default"]
    own = dialect_settings(name, library)
    if not own:
        return schema
    settings = section["properties"]["settings"]
    settings = {**settings, "properties": {**settings["properties"], **own}}
    tokens = _of_clients(section["properties"]["tokens"], own)
    section = {**section, "properties": {**section["properties"], "settings": settings, "tokens": tokens}}
    return {**schema, "properties": {**schema["properties"], SECTION: section}}


def _of_clients(tokens: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of tokens with the settings of a dialect of which a client can have a value of its own."""
    asked = {name: each for name, each in own.items() if each.get(PER_CLIENT)}
    # Without a default: what is not said is as the deployment says.
    said = {name: {it: each[it] for it in each if it != "default"} for name, each in asked.items()}
    items = tokens["items"]
    settings = {**items["properties"]["settings"], "properties": said}
    return {**tokens, "items": {**items, "properties": {**items["properties"], "settings": settings}}}
