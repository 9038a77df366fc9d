"""Whether our own objects hold what we put there, so that a spoilt answer is not taken at its word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adapter.engine.entities.annotations import (
    CREATED,
    EMPTIED,
    KIND,
    LEFT,
    MIRROR,
    OTHERS,
    RECORD,
    SUPPLEMENT,
    TOLD,
)
from adapter.mapping.kinds import (
    A_UUID,
    ANYTHING,
    GROUP,
    RECORD_URL,
    TEXT,
    Check,
    Kind,
    checked,
    group,
    of_schema,
    or_null,
)
from adapter.mapping.translate import BASIS, VALUES

if TYPE_CHECKING:
    from adapter.mapping.model import Mappings, Resource

Schema = Mapping[str, Any]
_TEXTS = or_null({**GROUP, "additionalProperties": TEXT})
KEPT: Mapping[str, Kind] = {
    CREATED: TEXT,
    **dict.fromkeys((BASIS, MIRROR, LEFT), _TEXTS),
    **dict.fromkeys((VALUES, OTHERS, TOLD, EMPTIED), or_null(GROUP)),
}
"""What we keep for ourselves, whatever it is kept of."""
are_objects = checked(
    group(
        {
            "url": RECORD_URL,
            "uuid": A_UUID,
            "type": TEXT,
            "record": group({"data": GROUP, "startAt": or_null(TEXT)}, ["data"]),
        },
        ["url", "uuid", "type", "record"],
    )
)
"""Whether all of some values are objects as the Objects API answers them."""


def sound_data(mappings: Mappings, object_type: str, of: str = "") -> Check:
    """Whether the data of objects of a type are sound, as far as they are ours to say.

    `of` is the kind of resource of which sidecars are.
    """
    return checked(_data(mappings, object_type, of))


def _data(mappings: Mappings, object_type: str, of: str) -> Kind:
    if object_type == SUPPLEMENT:
        kept = _kept(mappings.resources[of]) if of else KEPT
        return group({**kept, RECORD: A_UUID, KIND: TEXT}, [RECORD, KIND])
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            if home.kind == "object" and home.object_type == object_type:
                if home.rest:
                    # what register clients write there is theirs; the group in which the rest stands is ours
                    return group({home.rest: or_null(group(_kept(resource)))})
                if not home.pairs and not home.read_only:
                    return {"allOf": [of_schema(resource.stored_schema), group(KEPT)]}
    return ANYTHING


def _kept(resource: Resource) -> Mapping[str, Kind]:
    """What we keep of a resource, the values under their paths with dots.

    Others may stand there: a client's own keys, of which there is no end.
    """
    values = {path: or_null(kind) for path, kind in _paths(resource.stored_schema)}
    return {**KEPT, VALUES: or_null(group(values))}


def _paths(schema: Schema, above: str = "") -> Iterator[tuple[str, Kind]]:
    """The kinds of all members of a group, also of the groups in it, by their paths with dots."""
    for name, below in (schema.get("properties") or {}).items():
        yield f"{above}{name}", of_schema(below)
        yield from _paths(below, f"{above}{name}.")
