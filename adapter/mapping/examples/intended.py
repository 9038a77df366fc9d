"""What the values that an example names mean for a whole record."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from adapter.mapping import translate
from adapter.mapping.model import Home, Member, Resource
from adapter.mapping.paths import Path, filled, get
from adapter.mapping.taking import meets

Values = dict[str, Any]


def whole(resource: Resource, named: Mapping[str, Any], before: Values | None = None) -> Values:
    """The record in which the named members are like this, and others as they were or as nobody gave them."""
    values = translate.absent(resource) if before is None else copy.deepcopy(before)
    for name, value in named.items():
        if name not in resource.members:
            continue
        if resource.members[name].absent.kind == "left_out" and value is None:
            values.pop(name, None)
        else:
            values[name] = _complete(resource.members[name], value, {**values, **named})
    return translate.settle(resource, values)


def _complete(member: Member, value: Any, values: Mapping[str, Any]) -> Any:
    """A group with all its members, also when it is named in part."""
    inner = member.variants.get(values.get(member.by, ""), {}) if member.by else member.members
    if not inner:
        return value
    if value is None:
        return copy.deepcopy(member.empty) if member.null_is_empty else None
    return {
        name: _complete(each, value.get(name, copy.deepcopy(each.absent.value)), values)
        for name, each in inner.items()
        if each.computed is None
    }


def taking_home(resource: Resource, values: Values, body: Mapping[str, Any]) -> str:
    """The name of the first home that takes a new resource with these values; every register is there."""
    for home in resource.homes.values():
        fits = all(meets(get(values, path), wanted) for path, wanted in home.takes)
        fits = fits and (home.made_of is None or home.made_of.of(body) is not None)
        if home.kind != "inside" and not home.read_only and fits:
            return home.name
    return ""


def chosen(home: Home, body: Mapping[str, Any]) -> dict[Path, Any]:
    """The register's values that items of a body ask for."""
    made = home.made_of.of(body) if home.made_of else None
    return dict([made] if made else ()) | {
        pair.at: word
        for pair in home.pairs
        if not pair.read_only
        for word, member, path, value in pair.choose
        if any(get(item, path) == value for item in body.get(member) or ())
    }


def filled_up(home: Home, content: Values) -> Values:
    """The content of a new record, with what the mapping fills in where it has nothing."""
    missing = {
        name: copy.deepcopy(value)
        for name, value in home.fill.items()
        if not filled(content.get(name)) and filled(value)
    }
    return {**content, **missing}
