"""The examples: every case is there, and what they name exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.language.examples import CASES
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record, View
from adapter.mapping.source import NodePath

_SPELLED = ({"repeat", "times"}, {"repeat", "times", "then"}, {"fill"})


def examples(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `examples`, and which cases are missing."""
    found = view.content.get("examples") or []
    if any(home.get("fields") or home.get("by") for home in view.homes.values()):
        cases = {each["case"] for each in found}
        for case in CASES:
            if case not in cases:
                yield Problem(("examples",), f"{view.name} has no example of the case {case}")
    shown = {each.get("home", next(iter(view.homes))) for each in found}
    for name, home in view.homes.items():
        if home.get("fields") and name not in shown:
            yield Problem(("homes", name), f"there is no example of the home {name}")
    for number, each in enumerate(found):
        yield from _example(ground, view, each, ("examples", number))


def _example(ground: Ground, view: View, node: Content, here: NodePath) -> Iterator[Problem]:
    name = node.get("home", next(iter(view.homes)))
    home = view.homes.get(name)
    if home is None:
        yield Problem((*here, "home"), f"{view.name} has no home {name}{way_out(name, view.homes)}")
        return
    for part in ("served", "write", "known"):
        yield from _served(ground, view, node.get(part) or {}, (*here, part))
    record = ground.record(home)
    before = node.get("before") or {}
    for path, parts in ((here, node), ((*here, "before"), before)):
        for text in parts.get("aanvulling") or {}:
            yield from _path(ground, view, text, (*path, "aanvulling", text))
        if record is not None:
            item = record.item(home["each"]) if "each" in home else record
            yield from _standing(item, parts.get("register", {}), (*path, "register"))
    if record is not None:
        yield from _record(record, node.get("beside") or {}, "", (*here, "beside"))


def _served(ground: Ground, view: View, values: Content, here: NodePath) -> Iterator[Problem]:
    for name, value in values.items():
        path = (*here, name)
        if name in view.relations and here[-1] == "write":
            continue
        if name not in view.members:
            known = [*view.members, *view.relations]
            yield Problem(path, f"{view.schema} has no {name}{way_out(name, known)}")
        elif any(kind in view.members[name] for kind in ("joined", "first_of", "uuid_for")):
            yield Problem(path, f"{name} is made of other members; leave it out")
        elif "to" not in view.members[name]:
            yield from _below(ground, view, name, value, path)


def _below(ground: Ground, view: View, text: str, value: Any, here: NodePath) -> Iterator[Problem]:
    if not isinstance(value, Mapping) or set(value) in _SPELLED:
        return
    for name, each in value.items():
        wrong = list(_path(ground, view, f"{text}.{name}", (*here, name)))
        yield from wrong or _below(ground, view, f"{text}.{name}", each, (*here, name))


def _path(ground: Ground, view: View, text: str, here: NodePath) -> Iterator[Problem]:
    head, _, below = text.partition(".")
    if "to" in view.members.get(head, {}) and not below:
        return
    try:
        ground.at(view, text)
    except Nowhere as nowhere:
        yield Problem(here, str(nowhere))


def _standing(item: Record, value: Any, here: NodePath) -> Iterator[Problem]:
    """What stands in a home: a group, or one of a list of plain values."""
    if isinstance(value, Mapping):
        yield from _record(item, value, "", here)
    elif not item.plain:
        yield Problem(here, f"{item.name} has members, and this is a plain value")


def _record(record: Record, value: Any, text: str, here: NodePath) -> Iterator[Problem]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _record(record, each, f"{text}.{number}", (*here, number))
    if not isinstance(value, Mapping) or set(value) in _SPELLED:
        return
    for name, each in value.items():
        below = f"{text}.{name}" if text else name
        try:
            record.at(below)
        except Nowhere as nowhere:
            yield Problem((*here, name), str(nowhere))
            continue
        yield from _record(record, each, below, (*here, name))
