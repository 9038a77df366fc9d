"""Say in words how an example came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson

from adapter.mapping.examples.run import Difference
from adapter.mapping.examples.trial import Outcome
from adapter.mapping.files import replacement
from adapter.mapping.paths import MISSING
from adapter.mapping.source import in_dialects

SHOWN = 100
AROUND = 40


def told(outcomes: Mapping[str, Iterable[Outcome]]) -> Iterator[str]:
    """Lines for each difference in dialects: where it is, what the example says, what came of it.

    What a dialect has from another, and holds there but not here, is told with how to replace it.
    """
    found: dict[tuple[str, tuple[str, str]], tuple[Outcome, list[str]]] = {}
    for dialect, some in outcomes.items():
        for outcome in some:
            for place, values in _differences(outcome):
                found.setdefault((place, values), (outcome, []))[1].append(dialect)
    for (place, values), (outcome, dialects) in found.items():
        yield f"{place}{in_dialects(dialects)}"
        yield from values
        yield from _way_out(outcome, dialects)


def _differences(outcome: Outcome) -> Iterator[tuple[str, tuple[str, str]]]:
    for each in outcome.differences:
        path = ".".join(str(part) for part in each.path)
        expected, found = _beside(each)
        yield (
            f"{outcome.source.file}:{outcome.line(each.path)}: {outcome.name}: {path}",
            (f"    the example says    {expected}", f"    the mapping gives   {found}"),
        )


def _way_out(outcome: Outcome, dialects: Iterable[str]) -> Iterator[str]:
    *_, home, file = outcome.source.file.split("/")
    part, name = str(outcome.path[0]), outcome.name
    for dialect in () if home in dialects else dialects:
        yield f"    {replacement(dialect, file, part, name).removeprefix('; ')}"


def _beside(difference: Difference) -> tuple[str, str]:
    """Both values, long texts only around the place where they part."""
    one, other = _text(difference.expected), _text(difference.found)
    if max(len(one), len(other)) <= SHOWN:
        return one, other
    parted = next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    return _around(one, parted), _around(other, parted)


def _around(text: str, at: int) -> str:
    start, end = max(0, at - AROUND), at + AROUND
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{text[start:end]}{after} ({len(text)} characters)"


def _text(value: object) -> str:
    if value is MISSING:
        return "nothing"
    return orjson.dumps(value).decode()
