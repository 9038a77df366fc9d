"""Checks that a schema cannot express: contradictions in a configuration, or with this machine."""

import os
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path as FilePath
from typing import Any
from urllib.parse import urlsplit

from adapter.configuration.logbook import LogbookSettings
from adapter.configuration.names import SECTION, SERVICES, at, members, texts
from adapter.configuration.problems import suggestion
from adapter.configuration.source import Path, Source
from adapter.registers.messages import Mode
from adapter.registers.services import CERTIFICATE_FIELDS
from adapter.shipped import known_registers, served_document

MEMORY = ":memory:"
TABLE = "table"
OBJECTS = "objects"
KLANTINTERACTIES = "klantinteracties"
REGISTERS = "registers"
NOTIFICATIONS = "notificaties"
_SERVERS = ("postgresql", "postgres")
_OBJECTTYPE = re.compile(r".*/objecttypes/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/?", re.IGNORECASE)


def check_fitting(values: Mapping[str, Any], source: Source) -> None:
    """Add every such problem to the source; `values` are valid under the schema."""
    section = values[SECTION]
    used = _used_services(values)
    _check_apis(section, source)
    _check_public_url(section, source)
    _check_state(section, source)
    _check_mappings(section, source)
    _check_registers(section, used, source)
    _check_objecttypes(section, used.get(OBJECTS, {}), source)
    _check_tokens(section, source)
    _check_services(values, source)
    _check_logbook(section, source)
    _check_phases(section, source)
    _check_notifications(section, source)


def served_apis(api: str) -> frozenset[str]:
    """The APIs that the setting `api` stands for."""
    return frozenset({KLANTINTERACTIES, REGISTERS} if api == "both" else {api})


def _check_apis(section: Any, source: Source) -> None:
    """What the served APIs cannot do without."""
    apis = served_apis(section["api"])
    for name, known in known_registers().items():
        needed = apis & set(known["serves"]) and not known.get("optional") and name not in section[REGISTERS]
        if needed and not (name == OBJECTS and _does_without_objects(section)):
            source.problem((SECTION, REGISTERS, name), "is missing")
    if "public_url" not in section and (KLANTINTERACTIES in apis or "url" not in section["registers_api"]):
        member = ("public_url",) if KLANTINTERACTIES in apis else ("registers_api", "url")
        source.problem((SECTION, *member), "is missing")


def _does_without_objects(section: Any) -> bool:
    """Whether nothing that is served is kept in the Objects API."""
    served = section["registers_api"]
    elsewhere = served["asides"] == TABLE and "internetaak" not in served and "phases" not in section
    return section["api"] == REGISTERS and elsewhere


def _check_public_url(section: Any, source: Source) -> None:
    given = at(section, "public_url")
    for place, url in enumerate(given if isinstance(given, list) else [given]):
        if isinstance(url, str) and _host(url) and not urlsplit(url).path.strip("/"):
            served = urlsplit(served_document().raw["servers"][0]["url"]).path
            path: Path = (SECTION, "public_url", *([place] if isinstance(given, list) else []))
            source.problem(path, f"has no path: it ends in the one that clients use, such as {served}")


def _check_state(section: Any, source: Source) -> None:
    state = texts(section).get("state", "")
    if not state or state == MEMORY:
        if REGISTERS in served_apis(section["api"]) and section["registers_api"]["asides"] == TABLE:
            reason = "is lost with the process, and is to hold data: see registers_api.asides"
            source.problem((SECTION, "state"), reason)
        return
    scheme, server, _ = state.partition("://")
    if server and scheme not in _SERVERS:
        reason = "must be the path of a file, or a URL that starts with postgresql://"
    elif server:
        return
    elif not FilePath(state).parent.is_dir():
        reason = "is a file in a folder that does not exist on this machine: make the folder first"
    elif FilePath(state).is_dir():
        reason = "is a folder: name a file in it"
    else:
        return
    source.problem((SECTION, "state"), reason)


def _check_mappings(section: Any, source: Source) -> None:
    folder = texts(section).get("mappings")
    if folder is not None and not FilePath(folder).is_dir():
        source.problem((SECTION, "mappings"), "is no folder on this machine")


def _used_services(values: Mapping[str, Any]) -> dict[str | int, dict[str, str]]:
    """The text members of the service of each register, by the name of the register."""
    services = [texts(each) for each in members(values[SERVICES[0]], SERVICES[1]).values()]
    by_identifier = {each.get("identifier"): each for each in services}
    registers = members(values[SECTION], "registers")
    named = {name: texts(register).get("service") for name, register in registers.items()}
    return {name: by_identifier[it] for name, it in named.items() if it in by_identifier}


def _check_registers(section: Any, used: Mapping[str | int, Mapping[str, str]], source: Source) -> None:
    roots: dict[str, str | int] = {}
    for name, register in members(section, "registers").items():
        path = (SECTION, "registers", name)
        if register.get("contract") == Mode.REFUSE and register.get("contract_share") != 1:
            source.problem((*path, "contract_share"), "is for log: refuse checks every exchange")
        service = used.get(name, {})
        wanted = known_registers()[str(name)]["api_type"]
        if service.get("api_type") != wanted:
            source.problem(
                (*path, "service"), f"names a service of another api_type; that of {name} is {wanted}"
            )
        elif (root := service.get("api_root", "").rstrip("/")) and root in roots:
            source.problem((*path, "service"), f"has the api_root of the register {roots[root]} as well")
        else:
            roots[root] = name


def _check_objecttypes(section: Any, service: Mapping[str, str], source: Source) -> None:
    aliases = at(section, "registers", OBJECTS, "aliases")
    bases = [*(aliases if isinstance(aliases, list) else ()), service.get("api_root")]
    hosts = {_host(each) for each in bases if isinstance(each, str)}
    for name, objecttype in members(section, "objecttypes").items():
        url = texts(objecttype).get("url", "")
        path = (SECTION, "objecttypes", name, "url")
        if not _host(url):
            continue
        if service and _host(url) not in hosts:
            source.problem(path, "must be on the host of the register objects, or of one of its aliases")
        elif not _OBJECTTYPE.fullmatch(url):
            source.problem(path, "must end in /objecttypes/ and the uuid of the objecttype")


def _check_tokens(section: Any, source: Source) -> None:
    proxies = section.get("proxies") if isinstance(section, dict) else None
    for place, token in members(section, "tokens").items():
        if "certificate" in token and proxies == []:
            source.problem(
                (SECTION, "tokens", place, "certificate"),
                "needs proxies: a certificate is believed only from a proxy that is named there",
            )


def _check_logbook(section: Any, source: Source) -> None:
    node = section.get("logbook") if isinstance(section, dict) else None
    if node is None:
        return
    book = LogbookSettings(**node)
    if served_apis(section["api"]) != {KLANTINTERACTIES}:
        source.problem((SECTION, "logbook"), f"is for requests to {KLANTINTERACTIES} alone: see api")
    known = [each.operation_id for each in served_document().operations if each.path != "/"]
    for pattern in book.activities:
        if not any(fnmatchcase(each, pattern) for each in known):
            problem = f"matches no operation{suggestion(pattern, known)}"
            source.problem((SECTION, "logbook", "activities", pattern), problem)
    if missing := [each for each in known if not book.activity(each)]:
        problem = f"has nothing for {missing[0]}: give it, or * for all others, an activity"
        source.problem((SECTION, "logbook", "activities"), problem)
    names = [texts(token).get("name") for token in members(section, "tokens").values()]
    for name in book.parties:
        if name not in names:
            meant = suggestion(name, [each for each in names if each])
            source.problem((SECTION, "logbook", "parties", name), f"is the name of no token{meant}")
    for part in ("ca_certificate", "client_certificate", "client_key"):
        if (path := node[part]) and not os.access(path, os.R_OK):
            source.problem((SECTION, "logbook", part), "must be the path of a readable file")
    if bool(book.client_certificate) != bool(book.client_key):
        source.problem((SECTION, "logbook", "client_key"), "goes with client_certificate")


def _check_phases(section: Any, source: Source) -> None:
    file = texts(section.get("phases")).get("file") if isinstance(section, dict) else None
    if file is not None and not FilePath(file).parent.is_dir():
        reason = "is a file in a folder that does not exist on this machine: make the folder first"
        source.problem((SECTION, "phases", "file"), reason)


def _check_notifications(section: Any, source: Source) -> None:
    path = (SECTION, "notifications")
    given = section["notifications"]
    if NOTIFICATIONS not in section[REGISTERS]:
        if path in source.places:
            source.problem(path, f"needs the register {NOTIFICATIONS}")
    elif given["cloud_events"] and not given["source"]:
        source.problem((*path, "source"), "is missing: a cloud event says where it comes from")
    url = texts(given.get("receive")).get("url", "")
    if url and (not (there := urlsplit(url).path.rstrip("/")) or there in _taken(section)):
        source.problem((*path, "receive", "url"), "needs a path of its own, such as /notificaties")


def _taken(section: Any) -> set[str]:
    """The paths at which something else is served."""
    given = section.get("public_url", "")
    bases = given if isinstance(given, list) else [given]
    return {urlsplit(str(each)).path.rstrip("/") for each in bases} | {"/_healthz", "/metrics"}


def _check_services(values: Mapping[str, Any], source: Source) -> None:
    for place, service in members(values[SERVICES[0]], SERVICES[1]).items():
        text = texts(service)
        header = text.get("header_key", "").casefold() == "authorization"
        if (
            text.get("auth_type") == "api_key"
            and header
            and re.fullmatch(r"\S+", text.get("header_value", ""))
        ):
            source.problem(
                (*SERVICES, place, "header_value"),
                "must be two words: the kind of token and the token, such as Token 0123abcd",
            )
        for name in CERTIFICATE_FIELDS:
            certificate = service.get(name)
            for part, path in certificate.items() if isinstance(certificate, dict) else ():
                if not FilePath(str(path)).is_absolute() or not os.access(str(path), os.R_OK):
                    source.problem((*SERVICES, place, name, part), "must be the full path of a readable file")


def _host(url: str) -> str:
    """The host and port of a URL; "" for text that is no URL."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
