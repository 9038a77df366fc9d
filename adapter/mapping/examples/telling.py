"""Say in words how an example came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from adapter.mapping.examples.run import Difference
from adapter.mapping.examples.trial import Outcome
from adapter.mapping.paths import MISSING

SHOWN = 100
AROUND = 40


def told(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Three lines for each difference: where it is, what the example says, what the mapping gives."""
    for outcome in outcomes:
        for each in outcome.differences:
            path = ".".join(str(part) for part in each.path)
            yield f"{outcome.source.file}:{outcome.line(each.path)}: {outcome.name}: {path}"
            expected, found = _beside(each)
            yield f"    the example says    {expected}"
            yield f"    the mapping gives   {found}"


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
