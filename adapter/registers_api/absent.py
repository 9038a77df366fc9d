"""A collection of which no record can be shown, since a deployment does not have what they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapter.collection import MemberRefused, Question, Row

_NOWHERE = "Deze API kent geen register waarnaar dit verwijst."


@dataclass(frozen=True, slots=True)
class Absent:
    """An empty `Collection`, to which nothing can be added; `member` is the reference that leads nowhere."""

    member: str

    def get(self, uuid: str) -> Row | None:
        """None."""
        del uuid
        return None

    def page(self, question: Question, size: int, offset: int) -> tuple[int, list[Row]]:
        """Nothing."""
        del question, size, offset
        return 0, []

    def with_any(self, path: str, values: Sequence[str]) -> list[Row]:
        """Nothing."""
        del path, values
        return []

    def add(self, data: dict[str, Any]) -> Row:
        """Raise MemberRefused."""
        del data
        raise MemberRefused(self.member, "bad-url", _NOWHERE)

    def replace(self, row: Row) -> None:
        """Raise MemberRefused."""
        del row
        raise MemberRefused(self.member, "bad-url", _NOWHERE)

    def remove(self, uuid: str) -> None:
        """Nothing is there."""
