"""The homes: each names a place that exists, and together they take everything exactly once."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.constructs import (
    companion,
    echo,
    found_by,
    linked,
    made_of,
    mirror,
    passed_over,
    whole,
)
from adapter.mapping.homes import filled_at
from adapter.mapping.language.constants import served_constant
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record, View, illegal
from adapter.mapping.language.places import known_place, refers_to
from adapter.mapping.schemas import facts
from adapter.mapping.slot_needs import AT_MOST, NUMBERS, OUTSIDE
from adapter.mapping.source import NodePath


def homes(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `homes`, pairs and tells apart."""
    if not any(_takes_all(home) for home in view.homes.values()):
        text = f"no home takes every new {view.schema}: one needs to be a record or object without takes"
        yield Problem(("homes",), text)
    for name, home in view.homes.items():
        here = ("homes", name)
        yield from _place(ground, view, home, here)
        yield from _at_most(home, (*here, AT_MOST))
        yield from _owner(ground, view, home, here)
        yield from _served_side(ground, view, home, here)
        yield from _keys(ground, view, home, here)
        yield from mirror.problems(ground, view, home, here)
        yield from echo.problems(view, home, here)
        yield from made_of.problems(ground, view, home, here)
        yield from linked.problems(ground, view, home, here)
        yield from found_by.problems(ground, view, home, here)
        yield from passed_over.problems(ground, view, home, here)
        yield from _others(ground, view, name, home, here)
        record = ground.record(home)
        if record is not None:
            yield from _register_side(record, home, here)
            yield from whole.problems(record, view, home, here)


def _takes_all(home: Content) -> bool:
    return not any(name in home for name in ("inside", "takes", "made_of", "read_only"))


def _at_most(home: Content, here: NodePath) -> Iterator[Problem]:
    number = home.get(AT_MOST, 1)
    if number not in NUMBERS:
        yield Problem(here, OUTSIDE)
    elif number > 1 and "each" not in home and "read_only" in home:
        text = f"{AT_MOST} is for the items of a list, or for a value that can go elsewhere"
        yield Problem(here, text)


def _place(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    if "record" in home:
        yield from known_place(ground, home["record"], (*here, "record"))
    if "object" in home and "fields" in home and home["object"] not in ground.types:
        text = f"the shape of objecttype {home['object']} is not known{way_out(home['object'], ground.types)}"
        yield Problem((*here, "object"), text)
    if "object" in home:
        for other in ground.views.values():
            if any(each.get("object") == home["object"] for each in _others_of(other, view, home)):
                text = f"objecttype {home['object']} is a home of {other.name} too; each needs its own"
                yield Problem((*here, "object"), text)
    foreign = "record" in home or home.get("object") in ground.types
    if foreign and not (home.get("fields") or home.get("by")):
        yield Problem(here, "a home in a shape that is not ours needs fields", blocking=True)
    if "inside" not in home:
        for part in (AT_MOST, "owner", "filled", "each", "if"):
            if part in home:
                yield Problem((*here, part), f"{part} is for a home inside another record")
        return
    if ground.home(home["inside"]) is None:
        known = [f"{each.name}.{name}" for each in ground.views.values() for name in each.homes]
        text = f"there is no home {home['inside']}{way_out(home['inside'], known)}"
        yield Problem((*here, "inside"), text)
    needed = ("filled", "fields") if "unlisted" in home else ("filled", "fields", "owner")
    for part in needed:
        # what is said of all of them needs no member of the record
        if not home.get(part) and not (part == "fields" and home.get("means")):
            yield Problem(here, f"a home inside another record needs {part}")


def _others_of(other: View, view: View, home: Content) -> Iterator[Content]:
    for each in other.homes.values():
        if other.name != view.name or each is not home:
            yield each


def _owner(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    resource = home.get("inside", "").partition(".")[0]
    for member, what in (home.get("owner") or {}).items():
        path = (*here, "owner", member)
        if member not in view.members:
            yield Problem(path, f"{view.name} has no {member}{way_out(member, view.members)}")
            continue
        to = view.members[member].get("to")
        if what == "self":
            if to != resource:
                yield Problem(path, f"{member} does not refer to {resource}, in whose record this home is")
        elif "." in what:
            yield from _slot_of_owner(ground, home, to, what, path)
        else:
            yield from _member_of_owner(ground, resource, to, what, path)


def _slot_of_owner(
    ground: Ground, home: Content, to: str | None, what: str, path: NodePath
) -> Iterator[Problem]:
    other = ground.home(what)
    if other is None:
        view = ground.views.get(what.partition(".")[0])
        known = [f"{view.name}.{name}" for name in view.homes] if view else list(ground.views)
        yield Problem(path, f"there is no home {what}{way_out(what, known)}")
    elif to != what.partition(".")[0] or other.get("inside") != home.get("inside"):
        yield Problem(path, f"{what} is not a {to} in the same record")


def _member_of_owner(
    ground: Ground, resource: str, to: str | None, what: str, path: NodePath
) -> Iterator[Problem]:
    owner = ground.views.get(resource)
    if owner is None:
        return
    fitting = [name for name, node in owner.members.items() if node.get("to") == to]
    if what not in fitting:
        yield Problem(path, f"{what} of {resource} does not refer to {to}{way_out(what, fitting)}")


def _served_side(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    for part in ("means", "takes"):
        for path, value in (home.get(part) or {}).items():
            yield from served_constant(ground, view.name, path, value, (*here, part, path))


def _keys(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    known = ground.registers.get("keys", {})
    if "object" in home and "read_only" not in home:
        yield from _missing_keys(ground, view, home, here)
    for key, member in (home.get("keys") or {}).items():
        path = (*here, "keys", key)
        if key not in known:
            yield Problem(path, f"registers.yaml has no key {key}{way_out(key, known)}")
        elif member == "self":
            if home.get("record") != known[key]:
                yield Problem(path, f"the key {key} is that of {known[key]}, and this home is another")
        else:
            yield from refers_to(ground, view, member, known[key], path)


def _missing_keys(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """Whatever hangs on a record that has a key carries it, so that one search finds all of it."""
    for key, place in ground.registers.get("keys", {}).items():
        references = [name for name in view.members if not list(refers_to(ground, view, name, place, here))]
        if references and key not in (home.get("keys") or {}):
            yield Problem(here, f"{references[0]} refers to {place}, so an object needs the key {key}")


def _others(ground: Ground, view: View, name: str, home: Content, here: NodePath) -> Iterator[Problem]:
    if "same_as" in home:
        records = [each for each in view.homes if each != name]
        other = home["same_as"]["home"]
        if other not in records:
            text = f"{view.name} has no other home {other}{way_out(other, records)}"
            yield Problem((*here, "same_as", "home"), text)
        for number, member in enumerate(home["same_as"]["when"]):
            if member not in view.members:
                text = f"{view.name} has no {member}{way_out(member, view.members)}"
                yield Problem((*here, "same_as", "when", number), text)
    if "made_from" in home:
        owner, _, relation = home["made_from"].partition(".")
        relations = ground.views[owner].relations if owner in ground.views else {}
        if relation not in relations or "make" not in relations[relation]:
            makers = [f"{owner}.{name}" for name, node in relations.items() if "make" in node]
            text = f"nothing is made from {home['made_from']}{way_out(home['made_from'], makers)}"
            yield Problem((*here, "made_from"), text)
    if "first" in home:
        yield from companion.problems(ground, home, (*here, "first"))


def _register_side(record: Record, home: Content, here: NodePath) -> Iterator[Problem]:
    inner: Record | None = record
    if "each" in home:
        try:
            inner = record.item(home["each"])
        except Nowhere as nowhere:
            inner = None
            yield Problem((*here, "each"), str(nowhere))
    said = home["created"] if isinstance(home.get("created"), str) else None
    for part, paths in (("filled", filled_at(home)), ("created", [said] if said else [])):
        for path in paths:
            if inner is not None:
                yield from _exists(inner, path, (*here, part))
    for path, value in (home.get("if") or {}).items():
        yield from _exists(record, path, (*here, "if", path), value)


def _exists(record: Record, text: str, here: NodePath, value: object = ...) -> Iterator[Problem]:
    try:
        found = record.at(text)
    except Nowhere as nowhere:
        yield Problem(here, str(nowhere))
        return
    why = illegal(value, facts(found)) if value is not ... else ""
    if why:
        yield Problem(here, f"{text}: {why}")
