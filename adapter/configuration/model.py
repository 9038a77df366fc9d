"""A configuration as the rest of KlantBrug uses it: valid, complete and immutable."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import yaml

from adapter.configuration.check import check, complete, moment
from adapter.configuration.fitting import KLANTINTERACTIES, check_fitting, served_apis
from adapter.configuration.names import (
    SECTION,
    SERVICES,
    at,
    check_names,
    dialect_settings,
    misspelt_sections,
)
from adapter.configuration.parts import (
    AccessConfiguration,
    LimitsConfiguration,
    Objecttype,
    RegisterConfiguration,
    RegistersApi,
    Token,
)
from adapter.configuration.problems import ConfigurationInvalid, ConfigurationProblem, suggestion
from adapter.configuration.source import Path, Place, Source, dotted, read_source
from adapter.registers.messages import Mode
from adapter.registers.services import CERTIFICATE_FIELDS, Certificate, service_schema


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a deployment. `settings` are those that mappings may refer to by name.

    `apis` has `klantinteracties`, `registers` or both. `places` are the lines and columns of all parts in the
    file, for problems that are found later.
    """

    public_url: str
    dialect: str
    registers: Mapping[str, RegisterConfiguration]
    objecttypes: Mapping[str, Objecttype]
    tokens: tuple[Token, ...]
    settings: Mapping[str, Any]
    limits: LimitsConfiguration
    state: str
    access: AccessConfiguration
    log_level: str
    ready_with_registers: bool
    ready_with_room: bool
    apis: frozenset[str] = frozenset({KLANTINTERACTIES})
    registers_api: RegistersApi = field(default_factory=RegistersApi)
    places: Mapping[Path, Place] = field(default_factory=dict, repr=False, compare=False)

    def check_objecttypes(self, known: Collection[str]) -> None:
        """Raise ConfigurationInvalid when an objecttype has a name that is not in `known`."""
        strange = [name for name in self.objecttypes if name not in known]
        if strange:
            raise ConfigurationInvalid(
                self._problem(("objecttypes", name), f"no mapping uses it{suggestion(name, known)}")
                for name in strange
            )

    def _problem(self, path: Path, reason: str) -> ConfigurationProblem:
        """A problem with the part at a path in the section `klantbrug`."""
        whole = (SECTION, *path)
        line, column = self.places.get(whole, (0, 0))
        return ConfigurationProblem(line, dotted(whole), reason, column)


def load(path: FilePath, environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration in a file. Raises ConfigurationInvalid, UnicodeDecodeError and OSError.

    `environment` are the variables for `value_from`, by default those of the process.
    """
    return parse(path.read_text(encoding="utf-8"), environment)


def parse(text: str, environment: Mapping[str, str] | None = None) -> Configuration:
    """As `load`, from the text of a file."""
    source = read_source(text, os.environ if environment is None else environment)
    values = _sections(source)
    schema = _with_settings(configuration_schema(), at(values, SECTION, "dialect"))
    # Other programs may have sections of their own in the same file.
    values = complete(schema, {name: values.get(name, {}) for name in schema["properties"]}, source, ())
    check(schema, values, source, ())
    check_names(values, source)
    if not source.problems:
        check_fitting(values, source)
    if source.problems:
        raise ConfigurationInvalid(source.problems)
    return replace(_build(values[SECTION], values[SERVICES[0]][SERVICES[1]]), places=source.places)


def _with_settings(schema: dict[str, Any], dialect: Any) -> dict[str, Any]:
    """The schema with the settings that a dialect adds."""
    section = schema["properties"][SECTION]
    name = dialect if isinstance(dialect, str) else section["properties"]["dialect"]["default"]
    own = dialect_settings(name)
    if not own:
        return schema
    settings = section["properties"]["settings"]
    settings = {**settings, "properties": {**settings["properties"], **own}}
    section = {**section, "properties": {**section["properties"], "settings": settings}}
    return {**schema, "properties": {**schema["properties"], SECTION: section}}


def _sections(source: Source) -> dict[str, Any]:
    """The sections of a file. A missing or misspelt section is reported alone: it hides everything in it."""
    values = source.values if isinstance(source.values, dict) else {}
    if not values:
        source.problem((), "the file holds no settings")
        raise ConfigurationInvalid(source.problems)
    misspelt = [
        *misspelt_sections(values, (SERVICES[0], SECTION)),
        *misspelt_sections(values, SERVICES[1:], SERVICES[:1]),
    ]
    for path, meant in misspelt:
        source.problem(path, f"is not known here; did you mean {meant}?")
    if misspelt:
        raise ConfigurationInvalid(source.problems)
    return values


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


def default_settings() -> dict[str, Any]:
    """The default of every setting that mappings may refer to; None for a required one."""
    schema = read_data("settings.yaml")
    return {**dict.fromkeys(schema["properties"]), **complete(schema, {}, Source(), ())}


def read_data(name: str) -> Any:
    """A data file of this package."""
    return yaml.safe_load((files("adapter.configuration") / name).read_text(encoding="utf-8"))


def _build(section: Mapping[str, Any], services: list[dict[str, Any]]) -> Configuration:
    by_identifier = {service["identifier"]: service for service in services}
    return Configuration(
        public_url=section.get("public_url", "").rstrip("/"),
        dialect=section["dialect"],
        registers=MappingProxyType(
            {
                name: _register(name, values, by_identifier[values["service"]], section["dialect"])
                for name, values in section["registers"].items()
            }
        ),
        objecttypes=MappingProxyType({name: Objecttype(**it) for name, it in section["objecttypes"].items()}),
        tokens=tuple(map(_token, section["tokens"])),
        settings=MappingProxyType(section["settings"]),
        limits=LimitsConfiguration(**section["limits"]),
        state=section["state"],
        access=AccessConfiguration(tuple(section["proxies"]), section["certificate_header"]),
        log_level=section["log_level"],
        ready_with_registers=section["ready_with_registers"],
        ready_with_room=section["ready_with_room"],
        apis=served_apis(section["api"]),
        registers_api=_registers_api(section["registers_api"], section.get("public_url", "")),
    )


def _registers_api(values: Mapping[str, Any], public_url: str) -> RegistersApi:
    parts = urlsplit(public_url)
    url = values.get("url", f"{parts.scheme}://{parts.netloc}").rstrip("/")
    aliases = tuple(each.rstrip("/") for each in values["aliases"])
    return RegistersApi(url, aliases, values["zaakcontactmoment"])


def _register(
    name: str, values: Mapping[str, Any], service: Mapping[str, Any], dialect: str
) -> RegisterConfiguration:
    certificates = {part: Certificate(**service[part]) for part in CERTIFICATE_FIELDS if part in service}
    return RegisterConfiguration(
        name=name,
        service=MappingProxyType({key: it for key, it in service.items() if key not in CERTIFICATE_FIELDS}),
        certificates=MappingProxyType(certificates),
        aliases=tuple(values["aliases"]),
        dialect=values.get("dialect", dialect),
        contract=Mode(values["contract"]),
        contract_share=values["contract_share"],
    )


def _token(values: Mapping[str, Any]) -> Token:
    return Token(
        name=values["name"],
        hash=values.get("hash", ""),
        plain=values.get("plain", ""),
        operations=tuple(values["operations"]),
        legacy_fields=values.get("legacy_fields"),
        client_id=values.get("client_id", ""),
        secret=values.get("secret", ""),
        expires=moment(values["expires"]).timestamp() if "expires" in values else None,
        certificate=values.get("certificate", ""),
    )


__all__ = [
    "Configuration",
    "ConfigurationProblem",
    "LimitsConfiguration",
    "Objecttype",
    "RegisterConfiguration",
    "Token",
    "configuration_schema",
    "default_settings",
    "load",
    "parse",
    "read_data",
]
