"""What follows for a home from the rest of the mappings, so that no mapping says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.correspondence_parts import Content, table
from adapter.mapping.lowering import pair_at
from adapter.mapping.paths import ITSELF, MISSING, get, parse


def following(content: Content, files: Mapping[str, Content]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(home, what follows for it) of each home of a mapping file; `files` are all of the dialect."""
    homes = {name: home for name, home in table(content.get("homes")).items() if isinstance(home, dict)}
    for name, home in homes.items() if "resource" in content else ():
        lines = {
            **_key(content, name, home),
            **_record_beside(homes, home),
            **_filler(home, files),
            **_needed(home),
        }
        if lines:
            yield name, lines


def _key(content: Content, name: str, home: Content) -> dict[str, Any]:
    """Objects of a resource that old records name by a key are found by it; what stands in one, only so."""
    for key, node in table(content.get("known_by")).items():
        if "object" in home:
            return {"known_by": key}
        if "inside" in home:
            at = pair_at(content, ("homes", name, "fields", str(table(node).get("of"))))
            return {"unlisted": True, **({"known_at": at} if at else {})}
    return {}


def _record_beside(homes: Mapping[str, Content], home: Content) -> dict[str, Any]:
    """An object also shows in a record of its resource that hangs on the same; or becomes one."""
    if "object" not in home or "read_only" in home:
        return {}
    keys = [*table(home.get("keys")).values()]
    for name, other in homes.items():
        if "record" in other and "found_by" not in other and keys and keys[0] in table(other.get("fields")):
            return {"echo": name}
        if "made_of" in other:
            return {"becomes": name}
    return {}


def _filler(home: Content, files: Mapping[str, Content]) -> dict[str, Any]:
    """What the record in which a home is is filled with, says nothing of what lives there."""
    resource, _, name = str(home.get("inside", "")).partition(".")
    owners = [each for each in files.values() if each.get("resource") == resource]
    owner = table(table(owners[0].get("homes")).get(name)) if owners else {}
    filled = home.get("filled")
    if not isinstance(filled, str) or filled == ITSELF or "each" in home:
        return {}
    value = get(table(owner.get("fill")), parse(filled))
    return {} if value is MISSING else {"filler": {filled: value}}


def _needed(home: Content) -> dict[str, Any]:
    """A record that another is made before needs the register of that; a foreign object may be missing."""
    companion = table(home.get("first")).get("record")
    if isinstance(companion, str):
        return {"needs": companion.partition("/")[0]}
    return {"optional": True} if "object" in home and "read_only" in home else {}
