"""The names of parameters: one that says which member it is about has to be about that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

# What stands behind the last name of a parameter that compares otherwise than by equality.
SUFFIXES = {"icontains": "contains", "in": "in", "gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}
# A resource is found by its uuid or its url.
_REFERENCES = ("uuid", "url")

SAME, LONGER, WITHIN = 3, 2, 1


def operator_in(parameter: str) -> str:
    """The operator that a parameter's name ends in; empty when it says none."""
    return SUFFIXES.get(parameter.rpartition("__")[2], "")


def better(parameter: str, path: str, others: Callable[[], Iterable[str]]) -> str | None:
    """Another path that the parameter is named for; None when its own is as near as any.

    `others` are asked for only when one of them can be nearer.
    """
    names = parameter.lower().split("__")
    while len(names) > 1 and names[-1] in (*SUFFIXES, *_REFERENCES):
        names.pop()
    for name, own in ((names[-1], path), (names[0], path.partition(".")[0])):
        mine = max(likeness(name, own), WITHIN)
        if mine < SAME:
            candidates = others() if own == path else {each.partition(".")[0] for each in others()}
            found = max(sorted(candidates), key=lambda each: likeness(name, each), default="")
            if likeness(name, found) > mine:
                return found
        if len(names) == 1:
            break
    return None


@cache
def likeness(name: str, path: str) -> int:
    """How near a name is to the end of a path."""
    parts = path.lower().split(".")
    ends = ["".join(parts[start:]) for start in range(len(parts))]
    if name in ends:
        return SAME
    if any(each.startswith(name) for each in ends):
        return LONGER
    return WITHIN if any(name in each for each in ends) else 0
