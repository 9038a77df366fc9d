"""What a collection of records of the old APIs can do, whatever keeps them.

Whoever serves those APIs asks with a `Question` and never with SQL, so that a table of SQLite and records
that are read through a correspondence can stand behind the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """A stored record; `data` is without `url`, and without members that follow from other records.

    A reference within one API is the uuid of the record there, any other the whole URL.
    """

    uuid: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """The member at a dotted path (`adres.postcode`) compared with a value; None equals nothing.

    operator: `=`, `>`, `>=`, `<`, `<=`, or `contains` for a part of the text of its JSON; texts are compared
    by code point, instants are in UTC with microseconds.
    """

    path: str
    operator: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """Records to which a record of another collection refers, in its member `by`.

    `member` of that other record, compared as it is stored, is one of `values`. A collection may give a
    record once for each that refers to it, or once.
    """

    collection: str
    member: str
    by: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasUuid:
    """The record with this uuid; with None there is none."""

    uuid: str | None


Condition = Compared | Linked | HasUuid


@dataclass(frozen=True, slots=True)
class Question:
    """Which records of a collection, all conditions met, and in which order.

    `order` has dotted paths, each with whether it is descending; without any it is the collection's own.
    """

    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()


class Collection(Protocol):
    """The records of one collection. Any method may raise CannotAnswer."""

    def get(self, uuid: str) -> Row | None:
        """The record with this uuid, or None."""

    def page(self, question: Question, size: int, offset: int) -> tuple[int, list[Row]]:
        """How many records there are in all, and those from `offset`, at most `size` of them."""

    def with_any(self, path: str, values: Sequence[str]) -> list[Row]:
        """The records whose value at the path is one of `values`, newest first."""

    def add(self, data: dict[str, Any]) -> Row:
        """Add a record with a new uuid (version 4). Raises MemberRefused."""

    def replace(self, row: Row) -> None:
        """Replace the data of a record; its place in the order stays. Raises MemberRefused."""

    def remove(self, uuid: str) -> None:
        """Delete a record and what goes with it. Raises StillReferred."""


@dataclass(frozen=True, slots=True)
class Key:
    """The `Idempotency-Key` of a client; `request` is a digest of what it came with."""

    client: str
    key: str
    request: str


class Keeper(Protocol):
    """Whoever keeps the collections, by their name."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        """All of them."""

    def request(self, *, writes: bool, alone: Sequence[str] = ()) -> AbstractContextManager[None]:
        """One request, in this thread: what it has read is not read again, what it locks is held to its end.

        writes: whether it is going to change something; alone: what that is (`collection/uuid`), which nobody
        else changes meanwhile.
        """

    def once(self, key: Key | None, make: Callable[[], str]) -> str:
        """The uuid of what is made, now or when the key came first; without one, now.

        `make` makes it, in a request of its own. Raises KeyUsed for a key that came with another request.
        """


class CannotAnswer(Exception):
    """The collection cannot answer this question exactly; `reason` is a sentence for the client."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    @classmethod
    def past(cls, bound: int) -> CannotAnswer:
        """More than `bound` records would have to be read: none of them is left out in silence."""
        return cls(f"Voor deze vraag moeten meer dan {bound} gegevens worden doorzocht; beperk de vraag.")


class MemberRefused(Exception):
    """The collection cannot keep this member: its name, a code and a sentence for the client."""

    def __init__(self, name: str, code: str, reason: str) -> None:
        self.name = name
        self.code = code
        self.reason = reason
        super().__init__(name, code)


class StillReferred(Exception):
    """The record cannot be deleted, since another one refers to it."""
