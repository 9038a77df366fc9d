"""Why a file is no YAML, and where, for who writes it; what stands there is never repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

Place = tuple[int, int]

INDENTED = "this line is not indented as those that belong with it: use the same number of spaces"
TAB = "a tab stands here: indent with spaces only"
# By what the reader was busy with: the reason, and whether it begins where that did.
_BUSY = {
    "while scanning a simple key": (
        "this line is no name with a value: between those stands a colon and a space",
        True,
    ),
    "while scanning a quoted scalar": ("the quote that opens here is not closed", True),
    "while parsing a flow mapping": (
        "the { that opens here is not closed, or lacks a comma",
        True,
    ),
    "while parsing a flow sequence": (
        "the [ that opens here is not closed, or lacks a comma",
        True,
    ),
    "while parsing a flow node": ("the value that stands here is not complete: is a ] or } missing?", False),
    "while parsing a block mapping": (INDENTED, False),
    "while parsing a block collection": (INDENTED, False),
}
_SECOND_COLON = (
    "a value does not hold a colon with a space: is this line or the one above it indented wrongly, "
    "or does the value need quotes?"
)
_SIGN = "a value that begins with this sign needs quotes"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The line and column (from 1), and the reason."""

    place: Place
    reason: str


def unreadable(error: yaml.YAMLError, text: str) -> Unreadable:
    """What an error of the YAML reader means."""
    if not isinstance(error, yaml.MarkedYAMLError):
        # Only a character that may stand nowhere has no mark of line and column.
        before = text[: getattr(error, "position", 0)]
        place = (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        return Unreadable(place, "a character that cannot be printed stands here")
    mark = error.problem_mark or error.context_mark
    if _stands_on_a_tab(text, mark):
        return Unreadable(_place(mark), TAB)
    problem = error.problem or "this is no YAML"
    reason, begins = _BUSY.get(error.context or "", (problem, False))
    if problem.startswith("mapping values are not allowed"):
        reason = _SECOND_COLON
    elif "cannot start any token" in problem:
        reason = _SIGN
    elif begins:
        mark = error.context_mark or mark
    return Unreadable(_place(mark), reason)


def _stands_on_a_tab(text: str, mark: Any) -> bool:
    """Whether a line is indented with one, at the mark or before it."""
    lines = text.splitlines()
    if mark is None or mark.line >= len(lines):
        return False
    line = lines[mark.line]
    return "\t" in line[: len(line) - len(line.lstrip())]


def _place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
