"""What is wrong with what old clients see of objects in records."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, View
from adapter.mapping.check.members import served_constant
from adapter.mapping.source import NodePath


def mirrors(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the slots that an object is mirrored in."""
    slots = [name for name, each in view.homes.items() if "inside" in each]
    for name, node in (home.get("mirror") or {}).items():
        path = (*here, "mirror", name)
        if name not in slots:
            yield Problem(path, f"{name} is no home of {view.name} inside a record{way_out(name, slots)}")
        for part in ("when", "first"):
            for member, value in (node.get(part) or {}).items():
                yield from served_constant(ground, view.name, member, value, (*path, part, member))


def echo(view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the home of the records that say what an object says."""
    if "echo" not in home:
        return
    records = [name for name, each in view.homes.items() if "record" in each]
    path, keys = (*here, "echo"), list((home.get("keys") or {}).values())
    if "object" not in home:
        yield Problem(path, "only an object can have a record beside it: say object")
    elif home["echo"] not in records:
        text = f"{home['echo']} is no home of {view.name} in a record{way_out(home['echo'], records)}"
        yield Problem(path, text)
    elif not keys or keys[0] not in (view.homes[home["echo"]].get("fields") or {}):
        text = "an echo is found by the first of keys: it is a member that the record has a field for"
        yield Problem(path, text)
