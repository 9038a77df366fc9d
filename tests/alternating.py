"""Cases that every dialect has: each runs in one dialect by default, the others with the marker `contract`.

What is marked `alternating` runs with all values of its other parameters, and every dialect has its share.
Tests of a marked module that have no dialect are as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

DIALECT = "dialect"


def leave_to_contract(items: list[pytest.Item]) -> None:
    """Mark what does not run by default."""
    cases = defaultdict(list)
    for item in items:
        if item.get_closest_marker("alternating") and DIALECT in item.fixturenames:
            cases[item.path, item.originalname].append(item)
    for number, alike in enumerate(cases.values()):
        dialects = _places(each.callspec.params[DIALECT] for each in alike)
        turns = [number] * len(alike)
        for name in _others(alike[0]):
            places = _places(each.callspec.params[name] for each in alike)
            turns = [
                turn + places[id(each.callspec.params[name])] for turn, each in zip(turns, alike, strict=True)
            ]
        for turn, each in zip(turns, alike, strict=True):
            if dialects[id(each.callspec.params[DIALECT])] != turn % len(dialects):
                each.add_marker(pytest.mark.contract)


def _places(values: Iterable[object]) -> dict[int, int]:
    """Where each value stands among those of its parameter."""
    return {each: place for place, each in enumerate(dict.fromkeys(map(id, values)))}


def _others(item: pytest.Function) -> list[str]:
    """Its other parameters; of names that go together the first."""
    named = item.iter_markers("parametrize")
    beside = {name.strip() for each in named for name in _names(each.args[0])[1:]}
    return [name for name in item.callspec.params if name != DIALECT and name not in beside]


def _names(names: str | list[str] | tuple[str, ...]) -> list[str]:
    return names.split(",") if isinstance(names, str) else list(names)
