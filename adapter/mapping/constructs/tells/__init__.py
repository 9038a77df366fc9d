"""The construct `tells`: what register clients find in a record, and what is read where they wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.mapping.check.grammar import Choice, Problem
from adapter.mapping.check.ground import Ground, View
from adapter.mapping.constructs.tells import legacy, projection
from adapter.mapping.constructs.tells.fields import Each, Field, Fields, Key, Taken
from adapter.mapping.constructs.tells.legacy import LEGACY, Legacy
from adapter.mapping.constructs.tells.projection import (
    PROJECTION,
    Group,
    OneOfTwo,
    Projection,
    Source,
    TextList,
)

__all__ = [
    "TELL",
    "Each",
    "Field",
    "Fields",
    "Group",
    "Key",
    "Legacy",
    "OneOfTwo",
    "Projection",
    "Source",
    "Taken",
    "TextList",
    "legacy",
    "projection",
    "tells",
]

TELL = Choice(lambda node: LEGACY if isinstance(node, Mapping) and "legacy" in node else PROJECTION)


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
