"""Run one example: what it says beside what the mapping does."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import translate
from adapter.mapping.examples.intended import chosen, filled_up, taking_home, whole
from adapter.mapping.examples.written import FILLED, Example
from adapter.mapping.model import Home, Known, Resource
from adapter.mapping.paths import MISSING, get, with_values
from adapter.mapping.source import NodePath
from adapter.mapping.translate import is_filler

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where in the example, what it says there, and what the mapping gives; MISSING is nothing at all."""

    path: NodePath
    expected: Any
    found: Any


def run(resource: Resource, example: Example) -> list[Difference]:
    """All differences; an example whose members exist is all that is asked of it."""
    home = resource.homes[example.home]
    steps = _reading if example.write is None else _writing
    return list(steps(resource, home, example))


def _reading(resource: Resource, home: Home, example: Example) -> Iterator[Difference]:
    supplement = _supplement(resource, home, example.aanvulling, example.beside)
    values = translate.read(resource, home, example.register, supplement, _known(example))
    yield from differences(("served",), whole(resource, example.served or {}), values)
    again = translate.changes(resource, home, values, values, example.register)
    yield from differences(("register",), {}, with_values({}, again))


def _writing(resource: Resource, home: Home, example: Example) -> Iterator[Difference]:
    written = example.write or {}
    before = _before(resource, home, example)
    intended = whole(resource, written, before)
    if before is None and home.kind != "inside":
        taken = taking_home(resource, intended, written)
        if taken != home.name:
            yield Difference(("home",), home.name, taken or MISSING)
            return
    if not (home.pairs or home.known):
        return
    record = copy.deepcopy((example.before or {}).get("register") or {})
    found = translate.changes(resource, home, intended, before, record)
    if home.kind == "inside":
        yield from differences(("register",), example.register, with_values({}, found))
        return
    content = with_values({}, found)
    if before is None:
        content = filled_up(home, with_values({}, {**found, **chosen(home, written)}))
    yield from differences(("register",), example.register, content)
    record = {**content, **with_values(record, found)}
    kept = translate.supplement(resource, home, intended, record, _known(example))
    yield from differences(("aanvulling",), example.aanvulling, kept.get(translate.VALUES, {}))
    values = translate.read(resource, home, record, kept, _known(example))
    expected = intended if example.served is None else whole(resource, example.served)
    yield from differences(("write",) if example.served is None else ("served",), expected, values)


def _before(resource: Resource, home: Home, example: Example) -> Values | None:
    if example.before is None:
        return None
    record = example.before.get("register") or {}
    supplement = _supplement(resource, home, example.before.get("aanvulling") or {}, record)
    return translate.read(resource, home, record, supplement, _known(example))


def _supplement(resource: Resource, home: Home, entries: Values, beside: Values | None) -> Values:
    """The aanvulling with these entries, written beside these register values (None: those of now)."""
    if beside is None:
        return {translate.VALUES: entries}
    values = translate.read(resource, home, beside, {translate.VALUES: entries})
    bases = {text: translate.basis(resource, home, values, text, beside) for text in entries}
    return {translate.VALUES: entries, translate.BASIS: bases}


def _known(example: Example) -> translate.KnownBy:
    def known(each: Known) -> Any:
        value = get(example.known, each.served)
        return None if value is MISSING else value

    return known


def differences(path: NodePath, expected: Any, found: Any) -> Iterator[Difference]:
    """Every smallest part in which two values differ."""
    if isinstance(expected, Mapping) and set(expected) == {FILLED} and isinstance(found, str):
        if not is_filler(expected[FILLED], found):
            yield Difference(path, expected, found)
    elif isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in [*expected, *(each for each in found if each not in expected)]:
            yield from differences((*path, name), expected.get(name, MISSING), found.get(name, MISSING))
    elif expected != found or type(expected) is not type(found):
        yield Difference(path, expected, found)
