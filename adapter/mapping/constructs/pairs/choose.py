"""The construct `choose`: what picks a word of the register at the time that a record is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.constructs.pairs.conversion import Line
from adapter.mapping.language.grammar import Described, Problem, Table, way_out
from adapter.mapping.language.ground import Content, Nowhere, illegal
from adapter.mapping.language.values import CONSTANTS
from adapter.mapping.paths import Path, parse

Choices = tuple[tuple[str, str, Path, Any], ...]
"""(register value, relation, path in an item of it, value): that item in a create asks for that value."""

NAMES = {"choose": Described(Table(Table(CONSTANTS)), "What picks a word when the record is made.")}


def compiled(node: Content) -> Choices:
    """The choices of a line."""
    return tuple(
        (word, relation, parse(path), value)
        for word, wanted in node.get("choose", {}).items()
        for relation, conditions in wanted.items()
        for path, value in conditions.items()
    )


def check(line: Line) -> Iterator[Problem]:
    """Every word is one of the register's, and every relation and condition exists."""
    listed = line.node.get("words", {}).values()
    words = {word for each in listed for word in (each if isinstance(each, list) else [each])}
    for word, relations in line.node.get("choose", {}).items():
        if word not in words:
            yield line.problem(f"{word} is not among words{way_out(word, words)}", "choose", word)
        for name, conditions in relations.items():
            if name not in line.view.relations:
                text = f"{line.view.name} has no relation {name}{way_out(name, line.view.relations)}"
                yield line.problem(text, "choose", word, name)
                continue
            yield from _conditions(line, word, name, conditions)


def _conditions(line: Line, word: str, relation: str, conditions: Content) -> Iterator[Problem]:
    for member, value in conditions.items():
        try:
            end = line.ground.walk(line.view.name, f"{relation}.{member}")
        except Nowhere as nowhere:
            yield line.problem(str(nowhere), "choose", word, relation, member)
            continue
        why = illegal(value, end.facts) if end.facts and not isinstance(value, Mapping) else ""
        if why:
            yield line.problem(f"{member}: {why}", "choose", word, relation, member)
