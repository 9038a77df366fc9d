"""Turn a correspondence round: what was left is right. Twice is the same again."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from adapter.correspondence.model import (
    Codec,
    Conversion,
    Correspondence,
    Form,
    Pair,
    Part,
    Range,
    Reference,
    Words,
    opposite,
)


def invert(it: Correspondence) -> Correspondence:
    """The same correspondence, seen from the other side."""
    return Correspondence(
        name=it.name,
        left=it.right,
        right=it.left,
        pairs=tuple(map(inverted_pair, it.pairs)),
        parts=tuple(map(inverted_part, it.parts)),
        left_fill=it.right_fill,
        right_fill=it.left_fill,
        left_means=it.right_means,
        right_means=it.left_means,
    )


def inverted_pair(it: Pair) -> Pair:
    """The pair with its members on the other sides."""
    return Pair(
        left=it.right,
        right=it.left,
        # what is done last in the one direction is done first in the other
        conversions=tuple(map(inverted, reversed(it.conversions))),
        left_limit=it.right_limit,
        right_limit=it.left_limit,
        left_others=it.right_others,
        right_others=it.left_others,
        left_before=it.right_before,
        right_before=it.left_before,
        sharper=tuple(replace(each, side=opposite(each.side)) for each in it.sharper),
        frozen=opposite(it.frozen) if it.frozen else None,
        when=tuple(replace(each, side=opposite(each.side)) for each in it.when),
        read_only=it.read_only,
    )


def inverted_part(it: Part) -> Part:
    """The part, of which the value stands on the other side."""
    return replace(
        it,
        side=opposite(it.side),
        pairs=tuple(map(inverted_pair, it.pairs)),
        parts=tuple(map(inverted_part, it.parts)),
    )


def inverted(it: Conversion) -> Conversion:
    """The conversion in the other direction."""
    match it:
        case Words(entries):
            return Words(tuple((right, left) for left, right in entries))
        case Form() | Range():
            return it
        case Reference(collection, left, right):
            return Reference(collection, right, left)
        case Codec(name, to):
            return Codec(name, opposite(to))
        case _:
            assert_never(it)
