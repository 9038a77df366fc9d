"""The construct `echo`: a record in which register clients find what an object says."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, View
from adapter.mapping.source import NodePath


def problems(view: View, home: Content, here: NodePath) -> Iterator[Problem]:
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
