"""The settings of gathering."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from adapter.configuration.names import SECTION, SERVICES
from adapter.configuration.problems import suggestion
from adapter.configuration.source import Source
from adapter.correspondence.gathered import Gathered
from adapter.dialects import Library
from adapter.mapping.source import MappingError
from adapter.shipped import gathered

KEY_BYTES = 32
BESIDE: Final = "beside"
REFUSE: Final = "refuse"


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is done with pieces of one resource once their contact is sent: BESIDE or REFUSE.

    added: with a new piece. changed: with a change of what the record says.
    """

    added: str = BESIDE
    changed: str = REFUSE


@dataclass(frozen=True, slots=True)
class GatheringSettings:
    """How contacts are held until their register takes them; spans in seconds.

    current: the id of the key that seals; keys: all keys by id, 32 bytes in base64 each. sign: the secret of
    the signs. quiet: without a piece until a contact is sent; settle: the same after a piece that triggers;
    greatest_age: until it is sent anyway. unsure:
    until a POST without an answer cannot arrive any more. lease: an attempt may take; retry: until a failed
    one is repeated; sweep: between two looks at what is due. afterwards: by resource, that of others is
    `Afterwards()`.
    """

    current: str
    keys: Mapping[str, str] = field(repr=False)
    sign: str = field(repr=False)
    quiet: float = 300.0
    settle: float = 0.0
    greatest_age: float = 3600.0
    unsure: float = 600.0
    lease: float = 120.0
    retry: float = 60.0
    sweep: float = 5.0
    afterwards: Mapping[str, Afterwards] = MappingProxyType({})


def gathering_settings(section: Mapping[str, Any]) -> GatheringSettings:
    """The settings in a section that is complete and was checked."""
    afterwards = {name: Afterwards(**each) for name, each in section["afterwards"].items()}
    return GatheringSettings(**{**section, "afterwards": MappingProxyType(afterwards)})


def check_gathering(values: Mapping[str, Any], source: Source, library: Library) -> None:
    """Add what is wrong with the settings, which are valid under the schema, to the source."""
    section = values[SECTION]
    dialect, node = section["dialect"], section.get("gathering")
    if not library.gathers(dialect):
        for place, token in enumerate(section["tokens"]):
            if "settle" in token:
                path = (SECTION, "tokens", place, "settle")
                source.problem(path, f"is of no use: the dialect {dialect} gathers nothing")
        if node is not None:
            source.problem((SECTION, "gathering"), f"is of no use: the dialect {dialect} gathers nothing")
        return
    if node is None:
        source.problem((SECTION, "gathering"), f"is missing: the dialect {dialect} holds contacts")
        return
    if node["current"] not in node["keys"]:
        source.problem((SECTION, "gathering", "current"), "is the id of none of the keys")
    for name, key in node["keys"].items():
        if not _is_key(key):
            source.problem((SECTION, "gathering", "keys", name), f"must be {KEY_BYTES} bytes in base64")
    _check_times(node, _longest_call(values), source)
    if node["afterwards"]:
        # A mistake in the mappings is told by what reads them.
        with suppress(MappingError):
            declared = gathered(dialect, section["settings"], library)
            _check_afterwards(node["afterwards"], declared, source) if declared else None


def _longest_call(values: Mapping[str, Any]) -> float:
    """The seconds that a call of a register may take; see `LimitsConfiguration.register_limits`."""
    section, services = values[SECTION], values[SERVICES[0]][SERVICES[1]]
    used = {each["service"] for each in section["registers"].values()}
    limits = section["limits"]
    reading = (float(each["timeout"]) for each in services if each["identifier"] in used)
    return float(limits["connect_timeout"] + max(limits["total_timeout"], *reading, 0.0))


def _check_times(node: Mapping[str, Any], longest: float, source: Source) -> None:
    """An attempt has to end within its lease, and a POST before it counts as one that never arrives."""
    path = (SECTION, "gathering")
    # What stands beside the record is written first.
    if node["lease"] < 2 * longest:
        reason = f"must be {2 * longest:g} at least: so long may the two calls of an attempt take, see limits"
        source.problem((*path, "lease"), reason)
    if node["unsure"] < longest:
        source.problem(
            (*path, "unsure"), f"must be {longest:g} at least: so long may a POST take, see limits"
        )


def _check_afterwards(chosen: Mapping[str, Any], declared: Gathered, source: Source) -> None:
    """Add what is decided of no piece, or cannot be decided."""
    pieces = [declared.resource, *(each for each, _ in declared.pieces)]
    for name, each in chosen.items():
        path = (SECTION, "gathering", "afterwards", name)
        if name not in pieces:
            source.problem(path, f"is no piece of a contact{suggestion(name, pieces)}")
        elif each["added"] == REFUSE and (name == declared.resource or name in declared.single):
            source.problem((*path, "added"), "is not decided here: a contact has one of these")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False
