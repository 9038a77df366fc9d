"""The settings of gathering."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.configuration.names import SECTION
from adapter.configuration.source import Source
from adapter.dialects import Library

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class GatheringSettings:
    """How contacts are held until their register takes them; spans in seconds.

    current: the id of the key that seals; keys: all keys by id, 32 bytes in base64 each. sign: the secret of
    the signs. quiet: without a piece until a contact is sent; greatest_age: until it is sent anyway. unsure:
    until a POST without an answer cannot arrive any more. lease: an attempt may take; retry: until a failed
    one is repeated; sweep: between two looks at what is due.
    """

    current: str
    keys: Mapping[str, str] = field(repr=False)
    sign: str = field(repr=False)
    quiet: float = 300.0
    greatest_age: float = 3600.0
    unsure: float = 600.0
    lease: float = 120.0
    retry: float = 60.0
    sweep: float = 5.0


def check_gathering(section: Mapping[str, Any], source: Source, library: Library) -> None:
    """Add what is wrong with the settings, which are valid under the schema, to the source."""
    dialect, node = section["dialect"], section.get("gathering")
    if not library.gathers(dialect):
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


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False
