"""What the registers of a dialect offer, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import kinds
from adapter.mapping.model import Collection, Place
from adapter.mapping.settings import Settings
from adapter.openapi.document import Document

Content = Mapping[str, Any]


def collections(
    registers: Content, documents: Mapping[str, Document], settings: Settings
) -> dict[Place, Collection]:
    """The collections of a dialect's registers.yaml."""
    found = {
        Place(register, name): node
        for register, offers in registers["registers"].items()
        for name, node in (offers.get("collections") or {}).items()
    }
    fits = kinds.of_records(documents, {place: node.get("inline") or () for place, node in found.items()})
    return {
        place: Collection(
            search=node.get("search") or {},
            frozen=node.get("frozen", False),
            inline={
                other: (inline["expand"], inline["of"])
                for other, inline in (node.get("inline") or {}).items()
            },
            goes_with=node.get("goes_with", ""),
            reach=node.get("reach") or {},
            all_with=_all_with(node, settings),
            no_list=node.get("no_list", ""),
            fits=fits[place],
        )
        for place, node in found.items()
    }


def _all_with(node: Content, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The parameters in their order; a value that a deployment leaves empty is left out."""
    found = (
        (name, str(settings.value(value)))
        for name, values in (node.get("all_with") or {}).items()
        for value in (values if isinstance(values, list) else [values])
        if settings.value(value) not in (None, "")
    )
    return tuple(dict.fromkeys(found))
