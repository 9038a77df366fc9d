"""Words that the mapping language had once: which lines of a file say them, and what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

from adapter.mapping.check.home_language import FORMER
from adapter.mapping.correspondence_parts import Content, table
from adapter.mapping.source import NodePath, Source

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
)
# What took the place of a name with its value; several lines, joined as the lines around them are.
_REWRITTEN: tuple[tuple[Pattern, Callable[[str], list[str]]], ...] = (
    (("rules", ONE, "email"), lambda value: [f"format: {value}", "is: email"]),
    (("rules", ONE, "dutch_phone"), lambda value: [f"format: {value}", "is: dutch_phone"]),
    (("rules", ONE, "not_itself"), lambda value: [f"different: [self, {value}]"]),
)
# What is no line any more, whatever it said.
_LEFT_OUT: tuple[Pattern, ...] = (
    ("homes", ONE, "other_use"),
    ("homes", ONE, "optional"),
    ("homes", ONE, "unlisted"),
    ("fields", ONE, "numbered", "computed"),
    ("relations", ONE, "hidden"),
    ("relations", ONE, "show"),
    ("relations", ONE, "pick"),
    ("rules", ONE, "others_become"),
    ("parts", ONE, "unless"),
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
    found = sorted(_edits(yaml.compose(text, Loader=yaml.SafeLoader), ()), reverse=True)
    for start, end, instead in found:
        text = text[:start] + instead + text[end:]
    return text


def _edits(node: Any, path: NodePath) -> Iterator[tuple[int, int, str]]:
    """(begin, end, what comes there) of each change below a node."""
    if isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            yield from _edits(each, (*path, number))
    if not isinstance(node, yaml.MappingNode):
        return
    names = [key.value for key, _ in node.value]
    for number, (key, value) in enumerate(node.value):
        here = (*path, key.value)
        if node.flow_style and any(_is(here, pattern) for pattern in _LEFT_OUT):
            yield _without(node.value, number)
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


def _without(items: list[tuple[Any, Any]], number: int) -> tuple[int, int, str]:
    """The change that takes one of the items in brackets out, with the comma beside it."""
    key, value = items[number]
    if number + 1 < len(items):
        return key.start_mark.index, items[number + 1][0].start_mark.index, ""
    begin = items[number - 1][1].end_mark.index if number else key.start_mark.index
    return begin, value.end_mark.index, ""


def _is(path: NodePath, pattern: Pattern) -> bool:
    if ANY in pattern:
        at = pattern.index(ANY)
        return _is(path[:at], pattern[:at]) and path[-1:] == pattern[-1:] and len(path) > at
    return len(path) == len(pattern) and all(
        wanted in (ONE, part) for part, wanted in zip(path, pattern, strict=True)
    )
