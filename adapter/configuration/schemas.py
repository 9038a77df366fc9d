"""The JSON Schema of configuration files, put together from the data files of this package."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from adapter.configuration.names import SECTION, SERVICES, dialect_settings
from adapter.dialects import Library
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
    return yaml.safe_load((files("adapter.configuration") / name).read_text(encoding="utf-8"))


def with_settings(schema: dict[str, Any], dialect: Any, library: Library) -> dict[str, Any]:
    """The schema with the settings that a dialect adds."""
    section = schema["properties"][SECTION]
    name = dialect if isinstance(dialect, str) else section["properties"]["dialect"]["default"]
    own = dialect_settings(name, library)
    if not own:
        return schema
    settings = section["properties"]["settings"]
    settings = {**settings, "properties": {**settings["properties"], **own}}
    section = {**section, "properties": {**section["properties"], "settings": settings}}
    return {**schema, "properties": {**schema["properties"], SECTION: section}}
