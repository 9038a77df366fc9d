"""The construct `split`: a list of texts on one side, and on the other one text with something between them.

As every conversion, either function raises `DoesNotFit` for a value that the other side cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adapter.mapping.codecs import Convert, DoesNotFit, at_most, both, exactly, nearest
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Line, Sides, written
from adapter.mapping.language.grammar import TEXT, Described, Problem
from adapter.mapping.language.ground import Content
from adapter.mapping.paths import parse

_SIDES = (("text", "list"), ("list", "text"), ("text", "any"), ("list", "any"))


def split(separator: str, longest: int | None = None) -> tuple[Convert, Convert]:
    """(to a list, to one text): the items of a list stand in the text with the separator between them.

    The text may have blanks around them, and the separator at its end. No item is longer than `longest`.
    """
    mark = separator.strip() or separator

    def listed(text: Any) -> list[str]:
        if not isinstance(text, str):
            raise DoesNotFit
        items = [item for part in text.split(mark) if (item := part.strip())]
        if longest is not None and any(len(each) > longest for each in items):
            raise DoesNotFit
        return items

    def joined(items: Any) -> str:
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise DoesNotFit
        return separator.join(items)

    return listed, joined


def _compiled(sides: Sides) -> Conversion:
    separator = sides.line["split"]
    if sides.facts.kind == "list":
        longest = sides.lengths.served(sides.home, (*sides.served, "0"), sides.chosen)
        read, write = split(separator, longest)
    else:
        longest = sides.lengths.register(sides.home, (*parse(sides.line["at"]), "0"))
        write, read = split(separator, longest)
    there = both(write, at_most(sides.theirs))
    exact = exactly(there, read)
    return Conversion(
        both(read, at_most(sides.own)), exact, nearest(there), written(exact), total=False, converted=True
    )


def _check(line: Line) -> Iterator[Problem]:
    if (line.left.kind, line.right.kind) not in _SIDES:
        sides = f"{line.served} is a {line.left.kind} and {line.at} a {line.right.kind}"
        yield line.problem(f"split is for a list on one side and a text on the other; {sides}", "split")


def _says(node: Content) -> Iterable[str]:
    between = node["split"].strip() or "a blank"
    return [f"a list on one side, its items in one text with {between} between"]


def _unfit(_: Content, kept: str) -> Iterable[str]:
    return [f"the register gets what comes nearest; items that the text would not give back are {kept}"]


SPLIT = Codec(
    "split",
    {
        "split": Described(
            TEXT, "What stands between the items where one side has a list and the other one text."
        )
    },
    _compiled,
    _check,
    _says,
    unfit=_unfit,
)
