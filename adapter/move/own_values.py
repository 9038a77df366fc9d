"""The values of a resource itself, as they go into the book, with references as `{uuid}`."""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.render.representations import Representations


def own_values(shown: Representations, entry: Entry) -> dict[str, Any]:
    """What a resource has in itself. No number is computed, and no address of KlantBrug is among it."""
    members = entry.resource.members.values()
    return {each.name: _bare(shown.member(each, entry)) for each in members if each.computed is None}


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"uuid", "url"}:
            return {"uuid": value["uuid"]}
        return {name: _bare(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value
