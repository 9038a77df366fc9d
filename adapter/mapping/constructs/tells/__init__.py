"""The construct `tells`: what register clients find in a record, and what is read where they wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.codecs import Links
from adapter.mapping.constructs.tells import legacy, projection
from adapter.mapping.constructs.tells.fields import Each, Field, Fields, Key, Longest, Taken
from adapter.mapping.constructs.tells.legacy import Legacy
from adapter.mapping.constructs.tells.projection import (
    Group,
    OneOfTwo,
    Projection,
    Source,
    TextList,
)
from adapter.mapping.language.grammar import Problem
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.settings import Settings

__all__ = [
    "Each",
    "Field",
    "Fields",
    "Group",
    "Key",
    "Legacy",
    "Longest",
    "OneOfTwo",
    "Projection",
    "Source",
    "Taken",
    "TextList",
    "legacies",
    "projections",
    "tells",
]


def projections(
    home: Content, members: Mapping[str, Any], settings: Settings, links: Links, longest: Longest
) -> tuple[Projection, ...]:
    """What is written into the records of a home, for a resource with these members."""
    return tuple(
        projection.compiled(at, node, members, settings, links, longest=longest)
        for at, node in (home.get("tells") or {}).items()
        if "legacy" not in node
    )


def legacies(home: Content) -> tuple[Legacy, ...]:
    """What other records say of the records of a home that register clients wrote."""
    return tuple(
        legacy.compiled(member, node)
        for member, node in (home.get("tells") or {}).items()
        if "legacy" in node
    )


def tells(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong with the tells of every home."""
    for name, home in view.homes.items():
        record = ground.record(home)
        for target, node in (home.get("tells") or {}).items():
            here = ("homes", name, "tells", target)
            if "legacy" in node:
                yield from legacy.problems(ground, view, node, here)
            else:
                yield from projection.problems(ground, view, record, node, here)
