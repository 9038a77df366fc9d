"""Whether our own objects hold what we put there, so that a spoilt answer is not taken at its word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from adapter.engine.deployment import Deployment
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
from adapter.engine.entities.stored_object import OBJECTS, Record, StoredObject
from adapter.errors import RegisterAnswer
from adapter.mapping.kinds import GROUP, TEXT, Kind, all_of, anything, are_uuids, of_schema
from adapter.mapping.paths import Path, parse
from adapter.mapping.translate import BASIS, VALUES

if TYPE_CHECKING:
    from adapter.mapping.model import Mappings, Resource

Group = dict[str, Any]
Sound = Callable[[Sequence[Group]], bool]
"""Whether the data of some objects are sound."""
Schema = Mapping[str, Any]
TEXTS = (BASIS, MIRROR, LEFT)
GROUPS = (VALUES, OTHERS, TOLD, EMPTIED)


def sound_data(mappings: Mappings, object_type: str) -> Sound:
    """Whether the data of objects of a type are sound, as far as they are ours to say."""
    if object_type == SUPPLEMENT:
        return _supplements(mappings.resources)
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            if home.kind == "object" and home.object_type == object_type:
                if home.rest:
                    return _with_rest(home.rest, resource)
                if not home.pairs and not home.read_only:
                    whole = of_schema(resource.stored_schema)
                    return lambda data: all_of(whole, data) and _are_kept(data)
    return anything


def _supplements(resources: Mapping[str, Resource]) -> Sound:
    entries = {name: _entries(each) for name, each in resources.items()}

    def sound(data: Sequence[Group]) -> bool:
        by_kind: dict[str, list[Group]] = {}
        records: list[Any] = [each.get(RECORD) for each in data]
        kinds: list[Any] = [each.get(KIND) for each in data]
        if not (TEXT.issuperset(map(type, records)) and TEXT.issuperset(map(type, kinds))):
            return False
        for each, kind in zip(data, kinds, strict=True):
            by_kind.setdefault(kind, []).append(each)
        return (
            are_uuids(records)
            and _are_kept(data)
            and all(entries[kind](found) for kind, found in by_kind.items() if kind in entries)
        )

    return sound


def _with_rest(rest: str, resource: Resource) -> Sound:
    """What register clients write there is theirs; the group in which the rest stands is ours."""
    entries = _entries(resource)

    def sound(data: Sequence[Group]) -> bool:
        groups = [group for each in data if (group := each.get(rest)) is not None]
        return all_of(GROUP, groups) and _are_kept(groups) and entries(groups)

    return sound


def _are_kept(data: Sequence[Group]) -> bool:
    """Whether what we keep for ourselves is of its kinds."""
    if not TEXT.issuperset(type(each[CREATED]) for each in data if CREATED in each):
        return False
    for name in TEXTS:
        groups = [found for each in data if name in each and (found := each[name]) is not None]
        if not GROUP.issuperset(map(type, groups)):
            return False
        if not TEXT.issuperset(map(type, chain.from_iterable(map(dict.values, groups)))):
            return False
    return all(
        GROUP.issuperset(type(found) for each in data if name in each and (found := each[name]))
        for name in GROUPS
    )


def _entries(resource: Resource) -> Sound:
    """Whether the values that are kept of a resource, under their paths with dots, are of their kinds."""
    kinds: dict[str, Kind] = {}

    def sound(data: Sequence[Group]) -> bool:
        for each in data:
            for text, value in (each.get(VALUES) or {}).items():
                kind = kinds.get(text)
                if kind is None:
                    schema = _at(resource.stored_schema, parse(text))
                    if schema is None:
                        # a client's own key, of which there is no end
                        continue
                    kind = kinds[text] = of_schema(schema)
                if value is None or (isinstance(kind, frozenset) and type(value) in kind):
                    continue
                if not all_of(kind, [value]):
                    return False
        return True

    return sound


def _at(schema: Schema, path: Path) -> Schema | None:
    """What a schema says at a path; None where it says nothing."""
    for name in path:
        found = schema.get("properties", {}).get(name)
        if found is None:
            return None
        schema = found
    return schema


def stored_in(rows: Iterable[Record], deployment: Deployment) -> dict[str, StoredObject]:
    """uuid → object, of our types among those that the Objects API answers."""
    found: dict[str, StoredObject] = {}
    names: dict[str, str | None] = {}
    of_type: dict[str, list[Record]] = {}
    uuids: list[str] = []
    for row in rows:
        try:
            uuid, url, record = row["uuid"], row["type"], row["record"]
            data, since = record["data"], record.get("startAt") or ""
        except (AttributeError, KeyError, TypeError):
            raise RegisterAnswer(OBJECTS) from None
        if not (type(uuid) is type(url) is type(since) is str and type(data) is dict):
            raise RegisterAnswer(OBJECTS)
        uuids.append(uuid)
        if url not in names:
            names[url] = kind.name if (kind := deployment.type_of(url)) else None
        if (name := names[url]) is not None:
            found[uuid] = StoredObject(uuid, name, data, since)
            of_type.setdefault(name, []).append(data)
    if not are_uuids(uuids):
        raise RegisterAnswer(OBJECTS)
    for name, each in of_type.items():
        if not deployment.planned(("sound", name), partial(sound_data, deployment.mappings, name))(each):
            raise RegisterAnswer(OBJECTS)
    return found
