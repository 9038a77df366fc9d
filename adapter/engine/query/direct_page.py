"""Read one page of a list straight from the collection that the list is, with its count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.records import Parameters
from adapter.engine.query.narrowing import Narrowing
from adapter.engine.query.servable import ServableObjects
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Filter, Home, Resource
from adapter.mapping.numbers import numbers_of

Page = Callable[[int, int], tuple[int, list[Entry]]]


def straight(
    repository: Repository, resource: Resource, wanted: list[tuple[Filter, Any]], narrowed: Narrowing | None
) -> Page | None:
    """(number, size) → (how many there are, the page), when a register can be asked for just that."""
    if narrowed is not None:
        return (
            None
            if narrowed.left
            else ServableObjects(repository, resource, narrowed.home, narrowed.attributes).page
        )
    if len(resource.listed) != 1 or resource.listed[0].kind != "record":
        return None
    if any(numbers_of(resource, each.path) is not None for each, _ in wanted):
        return None
    home = resource.listed[0]
    params = _parameters(repository, home, wanted)
    return None if params is None else _records(repository, resource, home, params)


def _parameters(repository: Repository, home: Home, wanted: list[tuple[Filter, Any]]) -> Parameters | None:
    assert home.place is not None
    search = repository.mappings.collections[home.place].search
    found = []
    for each, value in wanted:
        pair = home.pair_of.get(each.path)
        parameter = search.get(".".join(pair.at)) if pair is not None and pair.total else None
        if parameter is None or each.operator != "equals" or not isinstance(value, str) or not value:
            return None
        assert pair is not None
        words = pair.search(value)
        if words is None or len(words) != 1:
            return None
        found.append((parameter, words[0]))
    return found


def _records(repository: Repository, resource: Resource, home: Home, params: Parameters) -> Page:
    def page(number: int, size: int) -> tuple[int, list[Entry]]:
        assert home.place is not None
        count, rows = repository.session.records.page(home.place, params, (number - 1) * size, size)
        return count, repository.hydration.records(resource, home, rows)

    return page
