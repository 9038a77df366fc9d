"""The construct `as`: how a register writes a date or a moment.

With `instant` many of its texts are one moment, which is served in UTC; any other text is the form of a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.mapping import codecs
from adapter.mapping.constructs.pairs import date, texts
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Line, Sides
from adapter.mapping.language.grammar import TEXT, Described, Problem
from adapter.mapping.language.ground import Content

_INSTANT = "instant"


def _compiled(sides: Sides) -> Conversion:
    if sides.line["as"] == _INSTANT:
        return Conversion(codecs.instant, instant=True)
    return date.compiled(sides)


def _check(line: Line) -> Iterator[Problem]:
    if line.node["as"] != _INSTANT:
        yield from date.check(line)
        return
    same_kind = "any" in (line.left.kind, line.right.kind) or line.left.kind == line.right.kind
    if same_kind and line.left.format != "date-time":
        yield line.problem(f"{line.served} is no moment", "as")
    else:
        yield from texts.check(line)


def _says(node: Content) -> Iterable[str]:
    yield "served in UTC" if node["as"] == _INSTANT else f"a date, in the register as {node['as']}"


def _unfit(node: Content, kept: str) -> Iterable[str]:
    return [] if node["as"] == _INSTANT else date.unfit(kept)


AS = Codec(
    "as",
    {
        "as": Described(
            TEXT,
            "How the register writes a date or moment: instant, which is served in UTC, or a form such as "
            "DD-MM-YYYY or YYYYMMDD HH:mm:ss (UTC).",
        )
    },
    _compiled,
    _check,
    _says,
    unfit=_unfit,
)
