"""What of a file cannot be read, left out of it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from adapter.mapping.language.grammar import Problem, is_left_out
from adapter.mapping.source import NodePath


def without(content: dict[str, Any], problems: Iterable[Problem]) -> dict[str, Any]:
    """The content without the nodes that cannot be read, so that others can look at the rest of it."""
    sound: dict[str, Any] = copy.deepcopy(content)
    for path in sorted({_named(each.path) for each in problems if each.blocking}, key=str, reverse=True):
        holder: Any = sound
        for part in path[:-1]:
            holder = holder[part]
        if isinstance(holder, list):
            holder[:] = [each for each in holder if not is_left_out(each)]
        elif path:
            holder.pop(path[-1], None)
    return sound


def _named(path: NodePath) -> NodePath:
    """The path up to its last name: of a list with a wrong item nothing is left."""
    while path and not isinstance(path[-1], str):
        path = path[:-1]
    return path
