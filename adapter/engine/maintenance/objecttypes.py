"""The objecttypes of the objects that KlantBrug makes, as `klantbrug setup` registers them."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.annotations import (
    CREATED,
    EMPTIED,
    KIND,
    LEFT,
    MIRROR,
    OTHERS,
    RECORD,
    SEARCH,
    SUPPLEMENT,
)
from adapter.mapping.model import Mappings
from adapter.mapping.stored import DRAFT
from adapter.mapping.translate import BASIS, VALUES

_NAMESPACE = uuids.UUID("3f0f6d34-9b9c-5d53-8d57-1c5b7a0b2f0e")
TEXT = {"type": "string"}
GROUP = {"type": "object"}


@dataclass(frozen=True, slots=True)
class ObjectTypeDefinition:
    """An objecttype with the JSON schema of its objects; its uuid is the same in every deployment."""

    uuid: str
    name: str
    name_plural: str
    schema: Mapping[str, Any]
    shared: bool = False
    """Whether others use objects of this type too, so that a deployment may have it already."""


def objecttypes(mappings: Mappings) -> Iterator[ObjectTypeDefinition]:
    """The objecttype of sidecars, and one for each kind of resource that can be an object."""
    keys = {name: {**TEXT, "format": "uri"} for name in mappings.keys}
    own = {"uuid": TEXT, CREATED: TEXT, MIRROR: GROUP, OTHERS: GROUP, **keys}
    entries = {
        KIND: TEXT,
        RECORD: TEXT,
        VALUES: GROUP,
        BASIS: GROUP,
        SEARCH: GROUP,
        EMPTIED: GROUP,
        LEFT: GROUP,
    }
    supplement = {
        "$schema": DRAFT,
        "type": "object",
        "required": [KIND, RECORD],
        "properties": {**own, **entries},
    }
    yield _definition(SUPPLEMENT, f"{SUPPLEMENT}en", supplement)
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            if home.kind == "object" and home.rest:
                name = home.object_type
                yield ObjectTypeDefinition(
                    _uuid(name), name, resource.name, mappings.shapes[name], shared=True
                )
            elif home.kind == "object" and not home.pairs:
                properties = {**own, **resource.stored_schema["properties"]}
                if home.known_by:
                    properties[home.known_by] = TEXT
                schema = {**resource.stored_schema, "required": ["uuid"], "properties": properties}
                yield _definition(home.object_type, resource.name, schema)


def known_types(mappings: Mappings) -> set[str]:
    """The names of all objecttypes in which resources can live, those of register clients included."""
    homes = (home for resource in mappings.resources.values() for home in resource.homes.values())
    return {SUPPLEMENT} | {home.object_type for home in homes if home.kind == "object"}


def changed_types(mappings: Mappings) -> Iterator[str]:
    """The names of the objecttypes of which KlantBrug creates, changes and deletes objects."""
    yield SUPPLEMENT
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            if home.kind == "object" and not home.read_only:
                yield home.object_type


def _definition(name: str, plural: str, schema: Mapping[str, Any]) -> ObjectTypeDefinition:
    return ObjectTypeDefinition(_uuid(name), name, plural, schema)


def _uuid(name: str) -> str:
    return str(uuids.uuid5(_NAMESPACE, name))
