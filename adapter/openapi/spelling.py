"""The spellings of the names of members that Open Klant accepts in a body.

Open Klant converts every name in a body from camelCase to snake_case (djangorestframework-camel-case), so
names that are converted to the same one are the same member: `someName`, `some_name` and `SomeName`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# The places where a word begins: at a capital that follows or precedes a small letter or a digit, and at a
# digit that ends its word or is followed by another digit.
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
    """A name in snake_case: `some_place` for `somePlace`."""
    return _BEGIN.sub("_", name).lower().lstrip("_")


class Spellings:
    """The names of the members of one object, in every spelling."""

    __slots__ = ("_by_words", "_names")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._by_words = {underscored(name): name for name in self._names}

    def read(self, value: dict[str, Any]) -> dict[str, Any]:
        """The object with its known members under their own names; of two spellings the last one counts."""
        if self._names.issuperset(value):
            return value
        return {self._by_words.get(underscored(name), name): each for name, each in value.items()}
