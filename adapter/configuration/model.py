"""A configuration as the rest of KlantBrug uses it: valid, complete and immutable."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from adapter.configuration.check import check, complete, moment
from adapter.configuration.fitting import (
    KLANTINTERACTIES,
    NOTIFICATIONS,
    REGISTERS,
    check_fitting,
    served_apis,
)
from adapter.configuration.gathering import GatheringSettings, check_gathering, gathering_settings
from adapter.configuration.logbook import LogbookSettings
from adapter.configuration.names import (
    SECTION,
    SERVICES,
    at,
    check_names,
    misspelt_sections,
)
from adapter.configuration.notifications import NotificationSettings, ReceivingSettings
from adapter.configuration.parts import (
    AccessConfiguration,
    LimitsConfiguration,
    Objecttype,
    PhaseSettings,
    RegisterConfiguration,
    RegistersApi,
    Token,
)
from adapter.configuration.problems import ConfigurationInvalid, ConfigurationProblem, suggestion
from adapter.configuration.schemas import configuration_schema, with_settings
from adapter.configuration.source import Path, Place, Source, dotted, read_source
from adapter.dialects import SHIPPED, Library
from adapter.logs import LEVEL, LEVELS, level_of
from adapter.registers.messages import Mode
from adapter.registers.services import CERTIFICATE_FIELDS, Certificate

# The register with tables of codes.
LISTS = "referentielijsten"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a deployment. `settings` are those that mappings may refer to by name.

    `public_url` is the first of several, `other_urls` are the others. `apis` has `klantinteracties`,
    `registers` or both. `library` is where its dialect is looked for. `places` are the lines and columns of
    all parts in the file, for problems that are found later.
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
    library: Library = SHIPPED
    other_urls: tuple[str, ...] = ()
    logbook: LogbookSettings | None = None
    phases: PhaseSettings | None = None
    gathering: GatheringSettings | None = None
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    places: Mapping[Path, Place] = field(default_factory=dict, repr=False, compare=False)

    @property
    def serves_new(self) -> bool:
        """Whether the Klantinteracties API is served."""
        return KLANTINTERACTIES in self.apis

    @property
    def asides_in_objects(self) -> bool:
        """Whether the Objects API has what a register Klantinteracties has no place for."""
        return self.serves_old and self.registers_api.asides == "objects"

    @property
    def serves_old(self) -> bool:
        """Whether the old APIs are served."""
        return REGISTERS in self.apis

    def check_objecttypes(self, known: Collection[str]) -> None:
        """Raise ConfigurationInvalid when an objecttype has a name that is not in `known`."""
        strange = [name for name in self.objecttypes if name not in known]
        if strange:
            raise ConfigurationInvalid(
                self._problem(("objecttypes", name), f"no mapping uses it{suggestion(name, known)}")
                for name in strange
            )

    def check_lists(self, tables: Mapping[str, str]) -> None:
        """Raise ConfigurationInvalid when a table is named and there is no API to read it from, or reversely.

        `tables` are the codes of tables by the setting that they stand in; empty where nothing is checked.
        """
        there = LISTS in self.registers
        if not there and (named := [setting for setting, table in tables.items() if table]):
            problem = f"needs the register {LISTS}"
            raise ConfigurationInvalid(self._problem(("settings", each), problem) for each in named)
        if there and not any(tables.values()):
            of = " or ".join(tables)
            problem = f"is asked nothing: name a table in the setting {of}" if of else "is asked nothing here"
            raise ConfigurationInvalid([self._problem(("registers", LISTS), problem)])

    def _problem(self, path: Path, reason: str) -> ConfigurationProblem:
        """A problem with the part at a path in the section `klantbrug`."""
        whole = (SECTION, *path)
        line, column = self.places.get(whole, (0, 0))
        return ConfigurationProblem(line, dotted(whole), reason, column)


def load(
    path: FilePath, environment: Mapping[str, str] | None = None, mappings: FilePath | None = None
) -> Configuration:
    """The configuration in a file. Raises ConfigurationInvalid, UnicodeDecodeError and OSError.

    `environment` are the variables for `value_from`, by default those of the process; `mappings` is used
    instead of the setting of that name.
    """
    return parse(path.read_text(encoding="utf-8"), environment, mappings)


def parse(
    text: str, environment: Mapping[str, str] | None = None, mappings: FilePath | None = None
) -> Configuration:
    """As `load`, from the text of a file."""
    given = os.environ if environment is None else environment
    source = read_source(text, given)
    values = _sections(source)
    if mappings is not None and isinstance(section := at(values, SECTION), dict):
        section["mappings"] = str(mappings)
    library = _library(at(values, SECTION, "mappings"))
    _set_level(at(values, SECTION), given.get(LEVEL, ""), source)
    schema = with_settings(configuration_schema(), at(values, SECTION, "dialect"), library)
    # Other programs may have sections of their own in the same file.
    values = complete(schema, {name: values.get(name, {}) for name in schema["properties"]}, source, ())
    check(schema, values, source, ())
    check_names(values, source, library)
    if not source.problems:
        check_fitting(values, source)
        check_gathering(values, source, library)
    if source.problems:
        raise ConfigurationInvalid(source.problems)
    built = _build(values[SECTION], values[SERVICES[0]][SERVICES[1]])
    return replace(built, library=library, places=source.places)


def _set_level(section: Any, level: str, source: Source) -> None:
    """Put the level of the environment, if it has one, in the place of the setting."""
    if not level or not isinstance(section, dict):
        return
    if (found := level_of(level)) is None:
        reason = f"the environment variable {LEVEL} must be one of {', '.join(LEVELS)}"
        source.problem((SECTION, "log_level"), reason)
        return
    section["log_level"] = found


def _library(folder: Any) -> Library:
    """The library with the folder of the setting `mappings`, if that is one."""
    own = FilePath(folder) if isinstance(folder, str) and folder else None
    return SHIPPED.with_own(own if own is not None and own.is_dir() else None)


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


def _build(section: Mapping[str, Any], services: list[dict[str, Any]]) -> Configuration:
    by_identifier = {service["identifier"]: service for service in services}
    first, *others = _public_urls(section)
    return Configuration(
        public_url=first,
        other_urls=tuple(others),
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
        registers_api=_registers_api(section["registers_api"], first),
        logbook=LogbookSettings(**section["logbook"]) if "logbook" in section else None,
        phases=_phases(section["phases"]) if "phases" in section else None,
        gathering=gathering_settings(section["gathering"]) if "gathering" in section else None,
        notifications=_notifications(section["notifications"]),
    )


def _notifications(values: Mapping[str, Any]) -> NotificationSettings:
    receive = ReceivingSettings(**values["receive"]) if "receive" in values else None
    return NotificationSettings(**{**values, "receive": receive})


def _public_urls(section: Mapping[str, Any]) -> list[str]:
    given = section.get("public_url", "")
    return [each.rstrip("/") for each in (given if isinstance(given, list) else [given])]


def _registers_api(values: Mapping[str, Any], public_url: str) -> RegistersApi:
    parts = urlsplit(public_url)
    given = values.get("url", f"{parts.scheme}://{parts.netloc}")
    url, *others = [each.rstrip("/") for each in (given if isinstance(given, list) else [given])]
    aliases = tuple(each.rstrip("/") for each in values["aliases"])
    return RegistersApi(
        url,
        aliases,
        tuple(others),
        zaakcontactmoment=values["zaakcontactmoment"],
        volgend_in_lijsten=values["volgend_in_lijsten"],
        asides=values["asides"],
        internetaak=Objecttype(**values["internetaak"]) if "internetaak" in values else None,
    )


def _phases(values: Mapping[str, Any]) -> PhaseSettings:
    return PhaseSettings(FilePath(values["file"]), values["share"], values["retry_after"])


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
        changing=values.get("klantcontact_wijzigen", ""),
        settings=MappingProxyType(values.get("settings", {})),
        settle=values.get("settle"),
    )


__all__ = [
    "LISTS",
    "NOTIFICATIONS",
    "Configuration",
    "LimitsConfiguration",
    "Objecttype",
    "RegisterConfiguration",
    "Token",
    "load",
    "parse",
]
