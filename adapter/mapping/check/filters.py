"""The filters: every query parameter of the list exactly once, each with a path that can be walked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from adapter.mapping import schemas
from adapter.mapping.check.likeness import better, operator_in
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import End, Ground, Nowhere, View
from adapter.mapping.schemas import Facts

_OPERATORS = ("contains", "in", "exists", "gt", "gte", "lt", "lte")
# Paging and expanding work alike for every resource and need no line.
_OF_EVERY_LIST = ("page", "pageSize", "expand")

Paths = Callable[[str], tuple[str, ...]]
"""The paths that start in the resource of that name."""


def filters(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `filters`."""
    operation = ground.served.operation("get", f"/{view.name}")
    if operation is None:
        lists = [each.collection for each in ground.served.operations if each.method == "get"]
        yield Problem(("resource",), f"there is no GET /{view.name}{way_out(view.name, lists)}")
        return
    known = {each.name: each for each in operation.parameters_in("query") if each.name not in _OF_EVERY_LIST}
    lines = view.content.get("filters") or {}
    for name in known:
        if name not in lines:
            yield Problem(("filters",), f"the parameter {name} of GET /{view.name} is missing")
    paths = cache(lambda resource: tuple(_paths(ground, ground.views[resource])))
    for name, text in lines.items():
        if name not in known:
            problem = f"GET /{view.name} has no parameter {name}{way_out(name, known)}"
            yield Problem(("filters", name), problem)
            continue
        parameter = schemas.at(ground.served, known[name].schema, ()).facts
        problems = list(_filter(ground, view, name, text, parameter))
        yield from problems or _named_otherwise(ground, view, name, text, paths)


def _filter(ground: Ground, view: View, name: str, text: str, parameter: Facts) -> Iterator[Problem]:
    here = ("filters", name)
    path, _, operator = text.partition(" ")
    if operator and operator not in _OPERATORS:
        yield Problem(here, f"there is no operator {operator}{way_out(operator, _OPERATORS)}")
        return
    try:
        end = ground.walk(view.name, path)
    except Nowhere as nowhere:
        yield Problem(here, str(nowhere))
        return
    why = _unfit(end, operator, parameter)
    if why:
        yield Problem(here, f"{path}: {why}")


def _named_otherwise(ground: Ground, view: View, name: str, text: str, paths: Paths) -> Iterator[Problem]:
    """A parameter that is named for another member, or for another operator."""
    here = ("filters", name)
    path, _, operator = text.partition(" ")
    said = operator_in(name)
    if said != operator and (said or operator in ("gt", "gte", "lt", "lte")):
        yield Problem(here, f"{name} says {said or 'equals'}; here stands {operator or 'no operator'}")
    found = better(name, path, lambda: _siblings(ground, view, path, paths))
    if found is not None:
        yield Problem(here, f"{name} is named for {found}, not for {path}")


def _siblings(ground: Ground, view: View, path: str, paths: Paths) -> set[str]:
    """The paths that start in this resource, or end in the resource that the path ends in."""
    found = {*paths(view.name)}
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        prefix = ".".join(parts[:length])
        resource = ground.walk(view.name, prefix).resource
        if resource:
            return found | {f"{prefix}.{each}" for each in paths(resource)}
    return found


def _paths(ground: Ground, view: View) -> Iterator[str]:
    """The members of a resource that are not made of others, those of its groups, and its relations."""
    yield from view.relations
    for name, node in view.members.items():
        if {"first_of", "joined", "uuid_for"} & set(node):
            continue
        yield name
        try:
            found = [] if "to" in node else ground.at(view, name)
        except Nowhere:
            continue
        yield from (f"{name}.{each}" for one in found for each in schemas.names(ground.served, one))


def _unfit(end: End, operator: str, parameter: Facts) -> str:
    if operator == "exists":
        return "" if parameter.kind == "boolean" else "exists is for parameters that are true or false"
    value = end.facts
    if value is None:
        by_reference = operator == "" and parameter.format in ("uuid", "uri")
        return "" if by_reference else "a resource is found by its uuid or url; walk on to one of its members"
    if value.kind in ("group", "list"):
        return f"a {value.kind} cannot be compared; walk on to one of its members"
    if operator in ("contains", "in"):
        return _unlike_text(value, parameter, operator)
    if operator and value.format not in ("date", "date-time") and value.kind != "number":
        return f"{operator} is for dates and numbers"
    if value.kind != parameter.kind:
        return f"a {value.kind} cannot be compared with a {parameter.kind}"
    return _strangers(value, parameter)


def _unlike_text(value: Facts, parameter: Facts, operator: str) -> str:
    if value.kind != "text":
        return f"{operator} is for text, not for a {value.kind}"
    if operator == "contains" and (value.choices or parameter.choices):
        return "contains is for text, and this is a choice"
    form = value.format or parameter.format
    if operator == "contains" and form in ("date", "date-time", "uuid", "uri"):
        return f"contains is for text, and this is a {form}"
    return "" if parameter.kind in ("text", "list") else f"{operator} is for text, not for a {parameter.kind}"


def _strangers(value: Facts, parameter: Facts) -> str:
    if not value.choices or not parameter.choices:
        return ""
    strange = sorted(set(parameter.choices) - set(value.choices))
    return f"the parameter takes {', '.join(strange)}, which it never is" if strange else ""
