"""What the registers of a dialect offer, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import kinds
from adapter.mapping.model import Collection, Place
from adapter.openapi.document import Document

Content = Mapping[str, Any]


def collections(registers: Content, documents: Mapping[str, Document]) -> dict[Place, Collection]:
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
            fits=fits[place],
        )
        for place, node in found.items()
    }
