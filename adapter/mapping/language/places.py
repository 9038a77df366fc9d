"""The collections that mappings name: each stands in registers.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Ground, Nowhere, View
from adapter.mapping.source import NodePath


def known_place(ground: Ground, text: str, here: NodePath) -> Iterator[Problem]:
    """What is wrong with `register/collection`."""
    register, _, collection = text.partition("/")
    registers = ground.registers.get("registers", {})
    if register not in registers:
        yield Problem(here, f"registers.yaml has no register {register}{way_out(register, registers)}")
        return
    collections = registers[register].get("collections") or {}
    if collection not in collections:
        problem = f"register {register} has no collection {collection}{way_out(collection, collections)}"
        yield Problem(here, problem)


def refers_to(ground: Ground, view: View, reference: str, place: str, path: NodePath) -> Iterator[Problem]:
    """The resource that a path of references ends at has a home in that collection."""
    try:
        target = ground.views.get(ground.walk(view.name, reference).resource)
    except Nowhere as nowhere:
        yield Problem(path, str(nowhere))
        return
    if target is None or all(home.get("record") != place for home in target.homes.values()):
        yield Problem(path, f"{reference} of {view.name} does not refer to something in {place}")
