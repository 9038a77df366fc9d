"""Names of members as the reference reads them: camelCase, snake_case and most capitals come down to one.

Which names mean the same follows from one conversion, of camelCase to words with underscores, that is done to
every name of a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# Where a word begins: a capital behind a small letter or a digit, or before one of these; a digit that is the
# last of its word, or has more digits behind it.
_BEGIN = re.compile(
    "|".join(
        (
            r"(?<=[a-z0-9])(?=[A-Z])",
            r"(?<=.)(?=[A-Z][a-z0-9])",
            r"(?<=[a-z])(?=[0-9](?:[0-9A-Z]|$))",
            r"(?<=[A-Z])(?=[0-9](?:[0-9]|$))",
        )
    )
)


def underscored(name: str) -> str:
    """The name in words, by which it is known to the reference: `somePlace` is some_place."""
    return _BEGIN.sub("_", name).lower().lstrip("_")


class Spellings:
    """The members of one object, under every name that they are read by."""

    __slots__ = ("_by_words", "_names")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._by_words = {underscored(name): name for name in self._names}

    def read(self, value: dict[str, Any]) -> dict[str, Any]:
        """The object with its members under their own names; of a member that comes twice the last counts."""
        if self._names.issuperset(value):
            return value
        return {self._by_words.get(underscored(name), name): each for name, each in value.items()}
