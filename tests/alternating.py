"""Cases that are a product: by default each value runs, with the marker `contract` every combination.

Of a test that is marked `alternating` the dialects take turns over the cases: each case runs in one of them,
and every value of each of its other parameters has its share of every dialect. With `alternating("name")` all
other parameters take turns as the dialect does, so that each value of `name` runs once.
Tests of a marked module that have no parameter to take turns are as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import prod

import pytest

DIALECT = "dialect"
Places = dict[str, dict[int, int]]


def leave_to_contract(items: list[pytest.Item]) -> None:
    """Mark what does not run by default."""
    cases = defaultdict(list)
    for item in items:
        if item.get_closest_marker("alternating") and DIALECT in _parameters(item):
            cases[item.path, item.originalname].append(item)
    for number, alike in enumerate(cases.values()):
        names = [DIALECT, *_others(alike[0])]
        chosen = alike[0].get_closest_marker("alternating").args
        turning = [name for name in names if name not in chosen] if chosen else [DIALECT]
        places = {name: _places(each.callspec.params[name] for each in alike) for name in names}
        for each in alike:
            turn = number + sum(_place(each, name, places) for name in names if name not in turning)
            if _combination(each, turning, places) != turn % prod(len(places[name]) for name in turning):
                each.add_marker(pytest.mark.contract)


def _parameters(item: pytest.Item) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _combination(item: pytest.Function, names: list[str], places: Places) -> int:
    """The number of its combination of values of these parameters; the first one changes at every step."""
    found, size = 0, 1
    for name in names:
        found += size * _place(item, name, places)
        size *= len(places[name])
    return found


def _place(item: pytest.Function, name: str, places: Places) -> int:
    return places[name][id(item.callspec.params[name])]


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
