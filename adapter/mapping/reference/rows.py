"""The rows of the mapping reference: each property of a resource in each of its homes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import paths, schemas
from adapter.mapping.constructs.relation import is_served
from adapter.mapping.language.ground import Ground, Nowhere, Record, View
from adapter.mapping.language.values import constant
from adapter.mapping.reference.words import NEVER, conversion, limits, unfit
from adapter.mapping.schemas import Facts

Content = Mapping[str, Any]

AANVULLING = "aanvulling"
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line under `fields` or `by`; `chosen` is the value for which it counts."""

    served: str
    spec: Content
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A property in a home (`home` is empty for what is the same in all) and where its value is."""

    name: str
    home: str
    register: str
    field: str
    conversion: str
    limits: str
    unfit: str


def rows(ground: Ground, view: View) -> list[Row]:
    """All rows of a resource, in the order of its mapping."""
    found = []
    for name, node in view.members.items():
        made = _made(node)
        if made:
            found.append(Row(name, EVERYWHERE, "", "", made, "", NEVER))
            continue
        for home_name, home in view.homes.items():
            found += _in_home(ground, view, home_name, home, name)
    for name, relation in view.relations.items():
        if is_served(ground.served, ground.schema(view), name):
            found.append(Row(name, EVERYWHERE, "", "", f"made of {_relation(relation)}", "", NEVER))
    return found


def place(home: Content) -> str:
    """Where a home is."""
    if "record" in home:
        return str(home["record"])
    return f"object {home['object']}" if "object" in home else f"inside {home['inside']}"


def _made(node: Content) -> str:
    if "joined" in node:
        return f"made of {', '.join(node['joined'])}"
    if "first_of" in node:
        return f"the first of {node['first_of']}"
    return ""


def _relation(relation: Content) -> str:
    taken = f", their {relation['value']}" if "value" in relation else ""
    return f"{relation['from']}{taken}"


def _in_home(ground: Ground, view: View, home_name: str, home: Content, name: str) -> Iterator[Row]:
    record = ground.record(home)
    if record is not None and "each" in home:
        record = record.item(home["each"])
    lines = [each for each in _lines(home) if paths.parse(each.served)[0] == name]
    for line in lines:
        yield _pair(ground, view, home_name, record, line)
    for path, value in (home.get("means") or {}).items():
        if paths.parse(path)[0] == name:
            yield Row(path, home_name, place(home), "", f"always {constant(value)}", "", NEVER)
    if not lines and not any(paths.parse(path)[0] == name for path in home.get("means") or {}):
        yield _elsewhere(view, home_name, home, name)


def _lines(home: Content) -> Iterator[Line]:
    for served, spec in (home.get("fields") or {}).items():
        yield Line(served, {"at": spec} if isinstance(spec, str) else spec)
    for groups in (home.get("by") or {}).values():
        for value, group in groups.items():
            lines = groups[group["same_as"]] if set(group) == {"same_as"} else group
            for served, spec in lines.items():
                yield Line(served, {"at": spec} if isinstance(spec, str) else spec, value)


def _pair(ground: Ground, view: View, home_name: str, record: Record | None, line: Line) -> Row:
    home, spec = view.homes[home_name], line.spec
    shown = f"{line.served} ({line.chosen})" if line.chosen else line.served
    if "known" in spec:
        told = f"the one with the key in this record, else {spec['known'][0]}"
        return Row(shown, home_name, place(home), spec.get("told", ""), told, "", NEVER)
    if home.get("read_only") or (record is not None and record.name in ground.gathered):
        # Nothing is written there; the records that are gathered are made by a correspondence.
        spec = {**spec, "read_only": True}
    own = _facts(ground, view, line)
    theirs = _register_facts(record, spec["at"])
    kept = "not mirrored" if "inside" in home else f"in the {_kept(home)}"
    does_not_fit = unfit(spec, own, theirs, kept)
    field = _field(home, spec["at"])
    return Row(shown, home_name, place(home), field, conversion(spec), limits(own, theirs), does_not_fit)


def _field(home: Content, at: str) -> str:
    """The path in the record of a home; of a list, in each of its items."""
    if "each" not in home:
        return at
    return f"each of {home['each']}" if at == paths.ITSELF else f"{at} in each of {home['each']}"


def _kept(home: Content) -> str:
    return f"group {home['rest']}" if "rest" in home else AANVULLING


def _elsewhere(view: View, home_name: str, home: Content, name: str) -> Row:
    """A property without a line in a home."""
    owner = home.get("owner") or {}
    told = (home.get("tells") or {}).get(name, {}).get("legacy")
    if name in owner:
        whose = "the record that it stands in" if owner[name] == "self" else f"from {owner[name]}"
        return Row(name, home_name, place(home), "", whose, "", NEVER)
    if "inside" in home or home.get("read_only"):
        return Row(name, home_name, place(home), "", f"not there: {_absent(view, name)}", "", NEVER)
    if "record" in home or home.get("fields"):
        old = f"of old records {told['at']} of {told['of']}" if told else _absent(view, name)
        return Row(name, home_name, place(home), _kept(home), f"as it is; without one: {old}", "", NEVER)
    return Row(name, home_name, place(home), name, "as it is", "", NEVER)


def _absent(view: View, name: str) -> str:
    """What a property reads as when nobody knows it."""
    node = view.members[name]
    if "numbered" in node:
        number = node["numbered"]
        return f"nothing, or with {number['setting']}: {number['is']} a computed number"
    if "absent" not in node:
        return "nothing"
    absent = node["absent"]
    if isinstance(absent, Mapping) and "first_line_of" in absent:
        return f"the first line of {absent['first_line_of']}, else {absent['else']}"
    if isinstance(absent, Mapping) and "same_as" in absent:
        return f"that of {absent['same_as']}"
    return {"now": "the moment of writing", "left_out": "left out"}.get(str(absent), constant(absent))


def _facts(ground: Ground, view: View, line: Line) -> Facts | None:
    try:
        found = ground.at(view, line.served, [line.chosen] if line.chosen else ())
    except Nowhere:
        return None
    return schemas.facts(found)


def _register_facts(record: Record | None, at: str) -> Facts | None:
    try:
        return schemas.facts(record.at(at)) if record else None
    except Nowhere:
        return None
