"""What differs between an answer that was expected and one that was given, in words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# Paths, as patterns in which * stands for any one part; or True for all.
Patterns = Iterable[str] | bool


@dataclass(frozen=True)
class Rules:
    """`loose` parts are compared by type, `unordered` lists as sets; `exact` objects have nothing else."""

    loose: Patterns = field(default=())
    unordered: Patterns = field(default=())
    exact: Patterns = field(default=())


def named(where: str, patterns: Patterns) -> bool:
    """Whether the path is one of the patterns."""
    if isinstance(patterns, bool):
        return patterns
    parts = where.split(".")
    return any(
        len(parts) == len(pattern)
        and all(wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True))
        for pattern in (each.split(".") for each in patterns)
    )


def differences(want: Any, have: Any, where: str = "", rules: Rules = Rules()) -> Iterator[str]:
    """A line for each difference; members that were not expected are none, unless a rule says so."""
    if named(where, rules.loose):
        if type(want) is not type(have):
            yield f"{where}: expected a {type(want).__name__}, got {_shown(have)}"
    elif isinstance(want, dict) and isinstance(have, dict):
        yield from _members(want, have, where, rules)
    elif isinstance(want, list) and isinstance(have, list):
        yield from _items(want, have, where, rules)
    elif want != have or isinstance(want, bool) != isinstance(have, bool):
        yield f"{where}: expected {_shown(want, 160)}, got {_shown(have, 160)}"


def _members(want: dict[str, Any], have: dict[str, Any], where: str, rules: Rules) -> Iterator[str]:
    for key, value in want.items():
        path = _below(where, key)
        if key in have:
            yield from differences(value, have[key], path, rules)
        elif not named(path, rules.loose):
            yield f"{path}: missing (expected {_shown(value)})"
    if named(where, rules.exact):
        for key in have.keys() - want.keys():
            yield f"{_below(where, key)}: not expected, got {_shown(have[key])}"


def _items(want: list[Any], have: list[Any], where: str, rules: Rules) -> Iterator[str]:
    if len(want) != len(have):
        yield f"{where}: expected {len(want)} items, got {len(have)}: {_shown(have, 200)}"
    elif named(where, rules.unordered):
        yield from _as_sets(want, have, where, rules)
    else:
        for number, (left, right) in enumerate(zip(want, have, strict=True)):
            yield from differences(left, right, _below(where, number), rules)


def _as_sets(want: list[Any], have: list[Any], where: str, rules: Rules) -> Iterator[str]:
    """What agrees is paired off first; the rest is compared with the item that differs least."""
    rest, left = list(have), []
    for number, item in enumerate(want):
        path = _below(where, number)
        match = next(
            (n for n, each in enumerate(rest) if not any(differences(item, each, path, rules))), None
        )
        if match is None:
            left.append((path, item))
        else:
            rest.pop(match)
    for path, item in left:
        found = [list(differences(item, each, path, rules)) for each in rest]
        best = min(range(len(rest)), key=lambda n: len(found[n]))
        rest.pop(best)
        yield from found[best]


def _below(where: str, part: str | int) -> str:
    return f"{where}.{part}".lstrip(".")


def _shown(value: Any, length: int = 120) -> str:
    return json.dumps(value, ensure_ascii=False)[:length]
