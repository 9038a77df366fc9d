"""Descriptions of query plans: how each filter is answered.

A list is answered by carrying out the same plan, so the description cannot differ from the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, assert_never

from adapter.engine.maintenance.objecttypes import objecttypes
from adapter.engine.query import plans
from adapter.engine.query.lists import wanted_of
from adapter.engine.query.planner import Planner
from adapter.mapping.model import Filter, Mappings, Resource
from adapter.mapping.numbers import computed
from adapter.openapi.document import Document

PAGED, SEARCHED, SCANNED = KINDS = "page", "search", "scan"

UUID = "5b1f3a52-3d0b-4a35-9c7e-8a1f0f6f2b11"
SAMPLES: Mapping[str, Any] = {
    "uuid": UUID,
    "uri": f"https://klantbrug.example/any/{UUID}",
    "date": "2024-01-01",
    "date-time": "2024-01-01T00:00:00Z",
}


def ways(mappings: Mappings, served: Document) -> dict[tuple[str, str], str]:
    """(resource, parameter) → `page`, `search` or `scan`; `search or scan` where it depends on the value."""
    return {
        (resource.name, each.parameter): " or ".join(_kinds(mappings, resource, each, served))
        for resource in mappings.resources.values()
        for each in resource.filters.values()
    }


def _kinds(mappings: Mappings, resource: Resource, each: Filter, served: Document) -> list[str]:
    types, found = every_type(mappings), set[str]()
    for value in samples(mappings, resource, each, served):
        found |= _kind(Planner(mappings, types).plan(resource, wanted_of(resource, {each.parameter: value})))
    return sorted(found, key=KINDS.index)


def _kind(plan: plans.Plan) -> set[str]:
    match plan:
        case plans.ExactPage():
            return {PAGED}
        case plans.Matching():
            return {SCANNED if plans.scans(plan) else SEARCHED}
        case plans.WhenClosed():
            return _kind(plan.then) | _kind(plan.otherwise)
        case _:
            assert_never(plan)


def every_type(mappings: Mappings) -> Collection[str]:
    """The names of all objecttypes that the mappings can use."""
    homes = [home for resource in mappings.resources.values() for home in resource.homes.values()]
    return {*(each.name for each in objecttypes(mappings)), *(home.object_type for home in homes)} - {""}


def samples(mappings: Mappings, resource: Resource, each: Filter, served: Document) -> list[Any]:
    """Values of a filter that may have different plans."""
    operation = served.operation("get", f"/{resource.name}")
    parameters = operation.parameters_in("query") if operation else ()
    schema = next(served.merged(one.schema) for one in parameters if one.name == each.parameter)
    if schema.get("type") == "boolean":
        found = [True, False]
    else:
        found = [value for value in schema.get("enum", ()) if value]
    usual = [SAMPLES.get(schema.get("format", ""), "x")]
    return list(dict.fromkeys([*(found or usual), *_meant(mappings, each)]))


def _meant(mappings: Mappings, each: Filter) -> Iterator[str]:
    """Values that only some homes have, and a computed number, for a filter on members that have these."""
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            for path, value in home.means:
                if isinstance(value, str) and each.path[-len(path) :] == path:
                    yield value
        for name, member in resource.members.items():
            if member.numbers is not None and each.path[-1] == name:
                yield computed(member.numbers, UUID)


def described(plan: plans.Plan) -> dict[str, str]:
    """Parameter → how its filter is answered, without any value of a filter."""
    match plan:
        case plans.ExactPage():
            both = zip(plan.wanted, plan.asked, strict=True)
            return {each.parameter: f"a page of {plan.home}: {_path(name)}" for each, (name, _) in both}
        case plans.Matching():
            found = {each.parameter: "tested here on what is found" for each in plan.tests}
            found |= described(plan.within) if plan.within is not None else {}
            for names, way in plan.ways:
                asked = (
                    names if isinstance(way, plans.Scan) else [name for name in names if name not in found]
                )
                found |= dict.fromkeys(asked, _way(way))
            return found
        case plans.WhenClosed():
            then, otherwise = described(plan.then), described(plan.otherwise)
            return {
                name: how if how == otherwise[name] else f"{how}; when other words occur, {otherwise[name]}"
                for name, how in then.items()
            }
        case _:
            assert_never(plan)


def _way(way: plans.Way) -> str:
    match way:
        case plans.ByUuid():
            return f"{way.resource} by uuid"
        case plans.Searched():
            asked = [f"{home}: {_search(each)}" for home, searches in way.homes for each in searches]
            return f"{way.resource} searched ({', '.join(dict.fromkeys(asked)) or 'none has it'})"
        case plans.Referring():
            far = "" if isinstance(way.far, str) else f"{_way(way.far)}, then "
            return f"{far}{way.resource} by {way.member}{' (all of them read)' if way.whole else ''}"
        case plans.Referred():
            return f"{_way(way.far)}, then {way.resource} by {way.relation}"
        case plans.Scan():
            return f"all {way.resource} read, and tested here"
        case _:
            assert_never(way)


def _search(search: plans.Search) -> str:
    match search:
        case plans.InRecords():
            return _path(search.parameter)
        case plans.InSidecars():
            return "aanvulling"
        case plans.InObjects():
            return _path(search.path)
        case plans.InDays():
            return f"{_path(search.between[0][0])} around that day"
        case plans.InOwners():
            return f"{'all read for ' if search.whole else ''}{'.'.join(search.at)}"
        case _:
            assert_never(search)


def _path(joined: str) -> str:
    return joined.replace("__", ".")
