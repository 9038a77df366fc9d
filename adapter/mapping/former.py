"""Words that the mapping language had once: which lines of a file say them, and what stands there now."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.check.home_language import FORMER
from adapter.mapping.correspondence_parts import Content, table
from adapter.mapping.source import NodePath, Source

# A word, and the one that took its place.
_RENAMED = {"there_if": "if", "created_at": "created", "if_null": "null_is"}
# What is no line any more, whatever it said.
_DROPPED = ("other_use", "optional", "unlisted")


def needless(own: Source, below: Content) -> Iterator[NodePath]:
    """The lines of homes that say what follows by itself; `below` is what others say of the file."""
    for name, home in table(own.content.get("homes")).items():
        said = table(table(below.get("homes")).get(name))
        for word, value in table(home).items():
            follows = word in _DROPPED or (word in said and said[word] == value)
            if word in FORMER and follows:
                yield ("homes", name, word)


def renamed(text: list[str], own: Source) -> None:
    """Put new words in the place of old ones, in the lines of a file."""
    for path in sorted(own.positions, key=own.position, reverse=True):
        word = path[-1] if path else None
        home = len(path) == 3 and path[0] == "homes"
        member = len(path) > 2 and path[0] == "fields"
        if isinstance(word, str) and word in _RENAMED and (home or (member and word == "if_null")):
            row, column = own.position(path)
            line = text[row - 1]
            text[row - 1] = line[: column - 1] + _RENAMED[word] + line[column - 1 + len(word) :]
