"""Checks of names in a configuration: which must be unique, and which must exist."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

from yaml import YAMLError

from adapter.configuration.problems import nearest, suggestion
from adapter.configuration.source import Path, Source
from adapter.dialects import DIALECT_FILE, Library
from adapter.mapping.own_settings import own_settings
from adapter.openapi.document import read_yaml
from adapter.shipped import served_document, standard_documents

SECTION = "klantbrug"
SERVICES = ("zgw_consumers", "services")
# A token may be allowed the detail of health and the metrics besides the operations of the specification.
MORE_OPERATIONS = ("health", "metrics")
# The members of a token that identify its client, so no two tokens may share one.
IDENTITIES = ("name", "hash", "plain", "client_id")


def misspelt_sections(
    values: Mapping[str, Any], known: Collection[str], above: tuple[str, ...] = ()
) -> Iterator[tuple[Path, str]]:
    """(path of a misspelt section, the name that is meant), for the sections `known` below the path `above`.

    Other programs may have sections in the same file, so an unknown one is wrong only when it looks like one
    that is missing.
    """
    there = at(values, *above)
    for section in known if isinstance(there, dict) else ():
        if section not in there and (name := nearest(section, set(there) - set(known))) is not None:
            yield (*above, name), section


def check_names(values: Mapping[str, Any], source: Source, library: Library) -> None:
    """Add every problem with names to the source; parts of the wrong shape are skipped.

    `library` is where dialects are looked for.
    """
    section, services = values[SECTION], members(values[SERVICES[0]], SERVICES[1])
    identifiers = [texts(each).get("identifier") for each in services.values()]
    for place in _repeated(identifiers):
        source.problem((*SERVICES, place, "identifier"), "is the identifier of another service as well")
    tokens = members(section, "tokens")
    for what in IDENTITIES:
        for place in _repeated([texts(token).get(what) for token in tokens.values()]):
            source.problem((SECTION, "tokens", place, what), f"is the {what} of another token as well")
    for name, register in members(section, "registers").items():
        service = texts(register).get("service")
        if service is not None and identifiers and service not in identifiers:
            known = [each for each in identifiers if each]
            source.problem(
                (SECTION, "registers", name, "service"),
                f"names no entry of zgw_consumers: services{suggestion(service, known)}",
            )
    _check_dialects(section, source, library)
    _check_operations(tokens, source)


def _check_dialects(section: Any, source: Source, library: Library) -> None:
    known = library.dialects()
    named: dict[Path, str | None] = {("dialect",): texts(section).get("dialect")}
    for name, register in members(section, "registers").items():
        named["registers", name, "dialect"] = texts(register).get("dialect")
    for path, dialect in named.items():
        lacks = library.unfinished(dialect) if dialect is not None else ""
        if lacks:
            source.problem((SECTION, *path), f"cannot be served yet: {lacks}")
        elif dialect is not None and dialect not in known:
            meant = suggestion(dialect, known)
            source.problem((SECTION, *path), f"is no dialect: there is {', '.join(known)}{meant}")


def _check_operations(tokens: Mapping[str | int, Mapping[str, Any]], source: Source) -> None:
    if not any("operations" in each for each in tokens.values()):
        return
    # Some tenths of a second to read.
    documents = [served_document(), *standard_documents().values()]
    known = [*(each.operation_id for one in documents for each in one.operations), *MORE_OPERATIONS]
    for place, token in tokens.items():
        operations = token.get("operations")
        for position, pattern in enumerate(operations if isinstance(operations, list) else ()):
            if isinstance(pattern, str) and not any(fnmatchcase(each, pattern) for each in known):
                source.problem(
                    (SECTION, "tokens", place, "operations", position),
                    f"matches no operation{suggestion(pattern, known)}",
                )


def dialect_settings(dialect: str, library: Library) -> dict[str, Any]:
    """The JSON Schema of each setting that a dialect, or one that it extends, adds.

    None for what cannot be read: `klantbrug check` says what is wrong there.
    """
    found: dict[str, Any] = {}
    for folder in filter(None, map(library.folder, reversed(library.lineage(dialect)))):
        with suppress(OSError, YAMLError, LookupError, TypeError, AttributeError):
            found |= own_settings(read_yaml(folder / DIALECT_FILE))
    return found


def members(parent: Any, name: str) -> dict[str | int, dict[str, Any]]:
    """The objects in the member `name` of a parent: those of a list by position, of an object by name."""
    found = parent.get(name) if isinstance(parent, dict) else None
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(found, list):
        pairs = enumerate(found)
    elif isinstance(found, dict):
        pairs = found.items()
    return {place: each for place, each in pairs if isinstance(each, dict)}


def at(values: Any, *path: str) -> Any:
    """The value at a path, or None."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def texts(values: Any) -> dict[str, str]:
    """The members of an object that are text, by name."""
    pairs = values.items() if isinstance(values, dict) else ()
    return {name: each for name, each in pairs if isinstance(each, str)}


def _repeated(names: list[str | None]) -> Iterator[int]:
    return (place for place, name in enumerate(names) if name is not None and name in names[:place])
