"""The construct `as: instant`: many texts in the register are one moment, which is served in UTC."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping import codecs
from adapter.mapping.constructs.pairs import texts
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Line, Sides
from adapter.mapping.language.grammar import Described, Problem, Word


def _compiled(_: Sides) -> Conversion:
    return Conversion(codecs.instant, instant=True)


def _check(line: Line) -> Iterator[Problem]:
    same_kind = "any" in (line.left.kind, line.right.kind) or line.left.kind == line.right.kind
    if same_kind and line.left.format != "date-time":
        yield line.problem(f"{line.served} is no moment", "as")
    else:
        yield from texts.check(line)


INSTANT = Codec(
    "as",
    {"as": Described(Word(("instant",)), "instant serves moments in UTC.")},
    _compiled,
    _check,
    lambda _: ["served in UTC"],
)
