"""Constants of a mapping, and the settings that it names: each can be what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Ground, Nowhere, illegal
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath


def served_constant(
    ground: Ground, resource: str, text: str, value: Any, path: NodePath
) -> Iterator[Problem]:
    """What is wrong with `served path: constant`, for a resource; `given` and settings fit anywhere."""
    try:
        end = ground.walk(resource, text)
    except Nowhere as nowhere:
        yield Problem(path, str(nowhere))
        return
    facts: Facts | None = end.facts
    if value in ("given", "a_uuid") and not (facts and facts.choices):
        return
    if facts is None:
        if value is not None and not isinstance(value, Mapping):
            yield Problem(path, f"{text} is a reference: it can be given or null")
        return
    why = illegal(value, facts)
    if why:
        yield Problem(path, f"{text}: {why}")


def no_setting(name: str, ground: Ground) -> str:
    """The sentence about a setting that does not exist."""
    return f"there is no setting {name}{way_out(name, ground.settings)}"
