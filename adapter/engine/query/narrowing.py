"""Which filters of a list the Objects API answers by itself, and exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.stored_object import searchable
from adapter.engine.gateway.object_lists import Attributes
from adapter.engine.gateway.objects import Objects
from adapter.engine.read.repository import Repository
from adapter.engine.read.search_paths import absent
from adapter.mapping.model import Filter, Home, Resource
from adapter.mapping.numbers import numbers_of
from adapter.mapping.paths import Path

Wanted = Sequence[tuple[Filter, Any]]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked of the objects of one home, and the filters that are left to answer in another way."""

    home: Home
    attributes: Attributes
    left: list[tuple[Filter, Any]]


def narrowing(repository: Repository, resource: Resource, wanted: Wanted) -> Narrowing | None:
    """The filters that every object of the list can be asked for; None when it lists more than objects."""
    if len(resource.listed) != 1:
        return None
    home = resource.listed[0]
    if home.kind != "object" or home.mirrors or not repository.deployment.has(home.object_type):
        return None
    attributes: Attributes = []
    left = []
    for each, value in wanted:
        texts = _texts(repository.session.objects, resource, home, each, value)
        if texts is None:
            left.append((each, value))
        else:
            attributes.append(("__".join(_at(home, each.path)), "in", "|".join(texts)))
    return Narrowing(home, attributes, left)


def named_words(objects: Objects, home: Home, path: Path, value: Any) -> list[str] | None:
    """The texts of a vocabulary that read as a value, where any other text does so too but none occurs."""
    pair = home.pair_of.get(path)
    if (
        pair is None
        or not pair.named
        or not objects.says_only(home.object_type, "__".join(pair.at), pair.named)
    ):
        return None
    return [word for word in pair.named if pair.read(word) == value]


def _at(home: Home, path: Path) -> Path:
    pair = home.pair_of.get(path)
    return pair.at if pair is not None else path


def _texts(objects: Objects, resource: Resource, home: Home, wanted: Filter, value: Any) -> list[str] | None:
    """The texts of exactly those objects that a filter means; None when no text tells them apart."""
    path = wanted.path
    if wanted.operator != "equals" or not isinstance(value, str) or not value:
        return None
    if resource.equivalents or path[0] in resource.relations or path[0] not in resource.members:
        return None
    if numbers_of(resource, path) is not None:
        # no object says which number is computed for it
        return None
    pair = home.pair_of.get(path)
    if pair is not None and pair.total and not pair.instant:
        texts = pair.search(value) or named_words(objects, home, path, value)
    elif home.pairs or resource.members[path[0]].to or absent(resource, path) == value:
        return None
    else:
        texts = [value]
    return texts if texts and all(isinstance(each, str) and searchable(each) for each in texts) else None
