"""Breaks a mapping file in every way of a list: a mutant is the file with one thing changed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.mutations.equal import any_name, says_the_same

Node = Any
Path = tuple[str | int, ...]

# Sentences for people: with other words they say the same, and a rule without one is found. What a rule or a
# resource is called is part of an answer.
PROSE = {"reason", "unique", "refused", "none", "required", "read_only", "stays", "no_list", "description"}
# What shows and tests a mapping is not broken itself.
SHOWN = ("examples", "scenes", "resource", "schema", "name")
# What is told beside the answer shows in no example: tests/logbook and tests/notifications hold it.
BESIDE = ("concerns", "publishes", "links")
# Tables of free names: what stands in them are entries, and elsewhere names are options.
TABLES = frozenset(
    [
        "any",
        "body",
        "by",
        "each_becomes",
        "collections",
        "fields",
        "fill",
        "filters",
        "first",
        "homes",
        "if",
        "inline",
        "item",
        "keys",
        "known_by",
        "make",
        "means",
        "members",
        "must_be",
        "new",
        "old",
        "on_change",
        "only_one",
        "owner",
        "pairs",
        "parts",
        "prefer",
        "reach",
        "refused",
        "registers",
        "relations",
        "required",
        "search",
        "sharper",
        "shows",
        "takes",
        "where",
        "with",
        "words",
    ]
)
CHOICES: dict[str, tuple[str, ...]] = {
    "too_long": ("cut", "refuse"),
    "when_deleted": ("delete", "clear", "refuse", "void"),
    "write": ("link", "nested"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: of which kind, at which node of which file, and what the file is then."""

    kind: str
    file: str
    path: Path
    what: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.file} {'.'.join(map(str, self.path))}: {self.kind} {self.what}".rstrip()


def mutants(file: str, content: dict[str, Any], whole: dict[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a file; `whole` is what it says with the dialects that it extends."""
    for path, node in _nodes(content):
        for kind, what, change in _changes(path, node, whole):
            broken = _apart(content, path)
            change(_holder(broken, path), path[-1])
            yield Mutant(kind, file, path, what, broken)


Change = Callable[[Any, Any], None]


def _nodes(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    if path:
        yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, each in items:
        if not path and key in (*SHOWN, *BESIDE):
            continue
        yield from _nodes(each, (*path, key))


def _apart(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """A copy in which the node at the path can be changed; what lies beside the way there is shared."""
    holder = copied = copy.copy(content)
    for part in path[:-1]:
        holder[part] = copy.copy(holder[part])
        holder = holder[part]
    holder[path[-1]] = copy.deepcopy(holder[path[-1]])
    return copied


def _holder(content: Node, path: Path) -> Node:
    for part in path[:-1]:
        content = content[part]
    return content


def _changes(path: Path, node: Node, whole: dict[str, Any]) -> Iterator[tuple[str, str, Change]]:
    table = _table(path)
    last = str(path[-1])
    # What stays of a cascade is a member of its answer.
    prose = last in PROSE and table not in ("fields", "words") and path[0] != "cascade"
    if (last != "reason" or table) and not says_the_same(path, whole):
        yield f"drop {_kind(path, table)}", "", _drop
    if isinstance(node, str) and not prose and not any_name(path, whole):
        yield from _texts(path, table, node)
    if (
        table
        and isinstance(last, str)
        and table not in ("words", "registers", "collections", "homes", "parts")
    ):
        yield f"misspell the name of {_kind(path, table)}", f"{last}x", _renamed(f"{last}x")
    if isinstance(node, bool):
        yield "turn a flag", "", _set(not node)
    if isinstance(node, dict):
        yield from _swaps(path, node)


def _texts(path: Path, table: str, node: str) -> Iterator[tuple[str, str, Change]]:
    last = str(path[-1])
    if last in CHOICES:
        for other in CHOICES[last]:
            if other != node:
                yield f"change {last}", other, _set(other)
        return
    if table == "filters":
        target, _, operator = node.partition(" ")
        for other in ("", "contains"):
            if other != operator:
                yield "change the operator of a filter", other, _set(f"{target} {other}".rstrip())
        yield "misspell a path", f"{target}x", _set(f"{target}x {operator}".rstrip())
        return
    kind = "change a constant" if table in CONSTANTS or last == "absent" else "misspell a path"
    yield kind, f"{node}x", _set(f"{node}x")


CONSTANTS = {
    "means",
    "takes",
    "fill",
    "filler",
    "there_if",
    "make",
    "if",
    "words",
}


def _swaps(path: Path, node: dict[str, Any]) -> Iterator[tuple[str, str, Change]]:
    """Two entries of a table that take each other's place, neighbours only."""
    if str(path[-1]) not in TABLES and _table(path) not in ("by", "members"):
        return
    names = list(node)
    for one, other in pairwise(names):
        if node[one] != node[other]:
            yield (
                f"swap two of {path[-1] if _table(path) != 'by' else 'fields'}",
                f"{one}, {other}",
                _swapped(one, other),
            )


def _table(path: Path) -> str:
    """The table that a path ends in an entry of; empty for an option and for an item of a list."""
    if len(path) < 2:
        return ""
    above = str(path[-2])
    if isinstance(path[-1], int):
        return ""
    if above in TABLES and not (len(path) > 2 and _table(path[:-1]) and str(path[-3]) == "fields"):
        return above
    if len(path) > 2 and str(path[-3]) in ("by", "members"):
        return "by"
    if len(path) > 3 and str(path[-4]) == "by":
        return "fields"
    return ""


def _kind(path: Path, table: str) -> str:
    if isinstance(path[-1], int):
        return f"an item of {path[-2]}"
    if not table:
        return f"the option {path[-1]}"
    if table == "fields":
        return "a field" if path[0] == "fields" else "a pair"
    return f"an entry of {table}"


def _drop(holder: Any, key: Any) -> None:
    del holder[key]


def _set(value: Any) -> Change:
    def change(holder: Any, key: Any) -> None:
        holder[key] = value

    return change


def _renamed(name: str) -> Change:
    def change(holder: Any, key: Any) -> None:
        items = [(name if each == key else each, value) for each, value in holder.items()]
        holder.clear()
        holder.update(items)

    return change


def _swapped(one: str, other: str) -> Change:
    def change(holder: Any, key: Any) -> None:
        table = holder[key]
        table[one], table[other] = table[other], table[one]

    return change
