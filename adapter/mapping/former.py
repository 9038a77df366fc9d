"""Words that the mapping language had once: which lines of a file say them, and what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import yaml

from adapter.mapping.check.home_language import FORMER
from adapter.mapping.correspondence_parts import Content, table
from adapter.mapping.source import NodePath, Source

_MARK = "\ufeff"
# Any name or number in the path of a word, and any path.
ONE, ANY = "*", "**"
Pattern = tuple[str, ...]

# Where a word stands, and the one that took its place; and the word beside which alone it does, where that
# matters.
_RENAMED: tuple[tuple[Pattern, str, str], ...] = (
    (("homes", ONE, "there_if"), "if", ""),
    (("homes", ONE, "created_at"), "created", ""),
    (("homes", ONE, "made_of", "refused"), "reason", ""),
    (("homes", ONE, "made_of", "fields", ONE, "take"), "value", ""),
    (("fields", ANY, "if_null"), "null_is", ""),
    (("fields", ANY, "name_of"), "joined", ""),
    (("fields", ONE, "reason_if_none"), "none", ""),
    (("relations", ONE, "take"), "value", ""),
    (("relations", ONE, "only_if"), "if", ""),
    (("relations", ONE, "refused"), "reason", ""),
    (("rules", ONE, "unique_together"), "unique", ""),
    (("rules", ONE, "number"), "fits", ""),
    (("rules", ONE, "exactly_one"), "not_both", ""),
    (("rules", ONE, "both"), "reason", "exactly_one"),
    (("rules", ONE, "when"), "if", "stamp"),
    (("rules", ONE, "needs"), "reference", ""),
    (("rules", ONE, "reason"), "required", "needs"),
    (("rules", ONE, "other"), "reason", "reference"),
    (("identified", ONE, "among"), "one_of", ""),
    (("links", "when"), "if", ""),
    (("homes", ONE, "fields", ONE, "date"), "as", ""),
    (("homes", ONE, "by", ONE, ONE, ONE, "date"), "as", ""),
)
# What took the place of a name with its value; several lines, joined as the lines around them are.
_REWRITTEN: tuple[tuple[Pattern, Callable[[str], list[str]]], ...] = (
    (("rules", ONE, "email"), lambda value: [f"format: {value}", "is: email"]),
    (("rules", ONE, "dutch_phone"), lambda value: [f"format: {value}", "is: dutch_phone"]),
    (("rules", ONE, "not_itself"), lambda value: [f"different: [self, {value}]"]),
)
_OTHER_WORDS: tuple[Pattern, ...] = (
    ("homes", ONE, "fields", ONE, "other_words"),
    ("homes", ONE, "by", ONE, ONE, ONE, "other_words"),
)
# What is no line any more, whatever it said.
_LEFT_OUT: tuple[Pattern, ...] = (
    ("homes", ONE, "other_use"),
    ("homes", ONE, "optional"),
    ("homes", ONE, "unlisted"),
    ("homes", ONE, "slot"),
    ("parts", ONE, "slot"),
    ("parts", ONE, "row_slot"),
    ("fields", ONE, "numbered", "computed"),
    ("relations", ONE, "hidden"),
    ("relations", ONE, "show"),
    ("relations", ONE, "pick"),
    ("rules", ONE, "others_become"),
    ("parts", ONE, "unless"),
    *(
        ("body", ONE, word)
        for word in ("required", "trim", "bareDate", "nullable", "pattern", "minLength", "maxLength")
    ),
    ("body", ONE, "minimum"),
    ("body", ONE, "maximum"),
    *_OTHER_WORDS,
)


def needless(own: Source, below: Content) -> Iterator[NodePath]:
    """The lines of homes that say what follows by itself; `below` is what others say of the file."""
    for name, home in table(own.content.get("homes")).items():
        said = table(table(below.get("homes")).get(name))
        for word, value in table(home).items():
            if word in FORMER and word in said and said[word] == value:
                yield ("homes", name, word)


def left_out(own: Source) -> Iterator[NodePath]:
    """The lines that say what is no line any more."""
    yield from (path for path in own.positions if any(_is(path, pattern) for pattern in _LEFT_OUT))


def reworded(text: str) -> str:
    """A file with new words in the place of old ones, and without what is said no more in brackets."""
    # libyaml does not count the mark of the encoding
    mark, text = text[: text.startswith(_MARK)], text.removeprefix(_MARK)
    found = sorted(_edits(yaml.compose(text, Loader=yaml.CSafeLoader), ()), reverse=True)
    for start, end, instead in found:
        text = text[:start] + instead + text[end:]
    return mark + text


def _edits(node: Any, path: NodePath) -> Iterator[tuple[int, int, str]]:
    """(begin, end, what comes there) of each change below a node."""
    if isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            yield from _edits(each, (*path, number))
    if not isinstance(node, yaml.MappingNode):
        return
    names = {key.value: value for key, value in node.value}
    if any(_is((*path, "other_words"), pattern) for pattern in _OTHER_WORDS) and "other_words" in names:
        yield from _passed_on(names.get("words"))
    gone = [any(_is((*path, name), pattern) for pattern in _LEFT_OUT) for name in names]
    if node.flow_style:
        yield from _without(node.value, gone)
    for (key, value), is_gone in zip(node.value, gone, strict=True):
        here = (*path, key.value)
        if is_gone:
            continue
        for pattern, word, beside in _RENAMED:
            if _is(here, pattern) and (not beside or beside in names):
                yield key.start_mark.index, key.end_mark.index, word
        for pattern, lines in _REWRITTEN:
            if _is(here, pattern) and isinstance(value, yaml.ScalarNode):
                between = ", " if node.flow_style else f"\n{' ' * key.start_mark.column}"
                instead = between.join(lines(str(value.value)))
                yield key.start_mark.index, value.end_mark.index, instead
        yield from _edits(value, here)


def _passed_on(words: Any) -> Iterator[tuple[int, int, str]]:
    """The change that says of words in brackets that all others are the same."""
    if isinstance(words, yaml.MappingNode) and words.flow_style and words.value:
        end = words.value[-1][1].end_mark.index
        yield end, end, ', "*": "*"'


def _without(items: list[tuple[Any, Any]], gone: list[bool]) -> Iterator[tuple[int, int, str]]:
    """The changes that take items in brackets out, with the commas beside them."""
    for is_gone, group in groupby(enumerate(gone), key=lambda each: each[1]):
        numbers = [number for number, _ in group]
        if not is_gone:
            continue
        first, last = numbers[0], numbers[-1]
        if first:
            yield items[first - 1][1].end_mark.index, items[last][1].end_mark.index, ""
        elif last + 1 < len(items):
            yield items[0][0].start_mark.index, items[last + 1][0].start_mark.index, ""
        else:
            yield items[0][0].start_mark.index, items[last][1].end_mark.index, ""


def _is(path: NodePath, pattern: Pattern) -> bool:
    if ANY in pattern:
        at = pattern.index(ANY)
        return _is(path[:at], pattern[:at]) and path[-1:] == pattern[-1:] and len(path) > at
    return len(path) == len(pattern) and all(
        wanted in (ONE, part) for part, wanted in zip(path, pattern, strict=True)
    )
