"""Words that differ between the two sides: every value of either has a counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath

REST = "*"
STAR = (
    '"*" stands on the right, for any other word of the register; '
    'to pass on what words does not name, say "*": "*"'
)
_BOOLEANS = ("true", "false")


def missing_words(left: Facts, right: Facts, here: NodePath, served: str, at: str) -> Iterator[Problem]:
    """A pair without `words` needs them as soon as its sides do not have the very same values."""
    if set(left.choices) == set(right.choices):
        return
    if left.choices:
        lacking = sorted(set(left.choices) - set(right.choices))
        own = f"{served} is one of {', '.join(left.choices)}"
    else:
        lacking, own = [], f"{served} is any text"
    theirs = f"{at} one of {', '.join(right.choices)}" if right.choices else f"{at} any text"
    missing = f"; {lacking[0]} has no counterpart" if lacking and right.choices else ""
    yield Problem(here, f"{own} and {theirs}{missing}; say with words what stands for what")


def strange_words(
    words: Content,
    left: Facts,
    right: Facts,
    here: NodePath,
    *,
    writes: bool,
    reads: bool = True,
) -> Iterator[Problem]:
    """What is wrong with a table of words: values that do not exist, values without a counterpart."""
    own = _BOOLEANS if left.kind == "boolean" else left.choices
    if passes_on(words):
        words = {word: each for word, each in words.items() if word != REST}
    if REST in words:
        yield Problem((*here, REST), STAR)
        return
    yield from _left(words, own, here, writes=writes)
    yield from _right(words, right.choices, here, reads=reads)


def passes_on(words: Content) -> bool:
    """Whether any other word is the same on both sides."""
    return words.get(REST) == REST


def passed_on(words: Content, left: Facts, right: Facts, here: NodePath) -> Iterator[Problem]:
    """What is wrong with `"*": "*"` in a table of words."""
    for facts, whose in ((left, "served"), (right, "register's")):
        if facts.kind not in ("text", "any") or facts.choices:
            yield Problem(here, f"the {whose} side takes some words only: give each its own with words")
            return
    if any(REST in _listed(each) for word, each in words.items() if word != REST):
        yield Problem(
            here, f'"{REST}" reads all other words as one, so none is left to pass on: keep one of the two'
        )


def _left(words: Content, own: tuple[str, ...], here: NodePath, *, writes: bool) -> Iterator[Problem]:
    for word, theirs in words.items():
        if own and word not in own:
            yield Problem((*here, word), f"{word} is not a served value{way_out(word, own)}")
        elif theirs == []:
            yield Problem((*here, word), f"{word} has no word at all")
        elif writes and own and not [each for each in _listed(theirs) if each != REST]:
            yield Problem((*here, word), f"{word} reads the rest, but has no word that is written for it")
    for value in own:
        if writes and value not in words:
            yield Problem(here, f"the served value {value} has no counterpart")


def _right(words: Content, theirs: tuple[str, ...], here: NodePath, *, reads: bool) -> Iterator[Problem]:
    seen = set()
    for word, listed in words.items():
        for each in _listed(listed):
            seen.add(str(each))
            if theirs and each != REST and str(each) not in theirs:
                yield Problem((*here, word), f"{each} is not a value of the register{way_out(each, theirs)}")
    if not reads or REST in seen:
        return
    if not theirs:
        yield Problem(here, 'the register takes any text here; say with "*" what all other words read as')
    for value in theirs:
        if value not in seen:
            yield Problem(here, f"the register's value {value} has no counterpart")


def _listed(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]
