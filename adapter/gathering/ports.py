"""What gathering asks of the world: a register that takes records, a place for objects, and a composer.

PostFailed
 ├── Refused     the register answered that it does not take this; nothing was made
 ├── NotSent     nothing was sent: the connection was refused
 └── Unanswered  it may have arrived: no answer, a broken one, or one that says nothing (5xx)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapter.gathering.kept import Piece

Body = dict[str, Any]


class PostFailed(Exception):
    """A record was not made, or not certainly."""


class Refused(PostFailed):
    """The register does not take this. `members` are the names of those that it named, never their values.

    conflict: it answered 409: there may be such a record already.
    """

    def __init__(self, members: Sequence[str] = (), *, conflict: bool = False) -> None:
        self.members, self.conflict = tuple(members), conflict
        super().__init__(", ".join(self.members) or "conflict" * conflict)


class NotSent(PostFailed):
    """Nothing was sent, so nothing can have arrived."""


class Unanswered(PostFailed):
    """Whether the record was made is not known."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the register."""

    uuid: str
    content: Body = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of a list: `count` is the number of all records, `more` whether another page follows."""

    count: int
    records: tuple[Record, ...]
    more: bool


class Register(Protocol):
    """The register that takes one POST. Reads raise RegisterUnavailable."""

    def post(self, collection: str, body: Body, user: str) -> Record:
        """Make a record in the name of a user. Raises PostFailed."""

    def link(self, collection: str, body: Body, user: str) -> None:
        """Make a link between records in the name of a user. Raises PostFailed."""

    def linked(self, collection: str, parameter: str, url: str) -> list[Body]:
        """The records of a collection that a parameter finds beside the record with this URL."""

    def retrieve(self, collection: str, uuid: str) -> Record | None:
        """A record; None when there is none."""

    def page(self, collection: str, filters: Mapping[str, str], number: int) -> RecordPage:
        """The records that meet the filters; pages count from 1, and one past the last is empty."""


class Objects(Protocol):
    """Where asides and aliases are kept. Methods raise RegisterUnavailable."""

    def put_aside(self, contact: str, content: Body, *, there: bool = False) -> None:
        """Write what the register has no place for, under a uuid that follows from that of the contact.

        `there` says that it was written before, as far as is known.
        """

    def drop_aside(self, contact: str) -> None:
        """Delete that, if it is there: the contact is gone, and was never sent."""

    def has(self, uuid: str) -> bool:
        """Whether there is an object with this uuid."""

    def put_alias(self, contact: str, record: str, collection: str) -> None:
        """Write which record a contact has, under a uuid that follows from that of the contact."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The one record that is made of a contact, as it is sealed in its row until it is made.

    kind: as which of the kinds of the declaration. user: in whose name. check: the letters of its sign, and
    `signed` the member at whose end that stands. searches: filters that find the record while nobody noted
    it, the quickest first; the last of them finds every record of its kind. droppable: members without which
    the record is made all the same when the register refuses them.
    """

    kind: str
    collection: str
    body: Body = field(repr=False)
    user: str = field(repr=False)
    check: str
    signed: str
    searches: Sequence[Mapping[str, str]] = field(repr=False)
    droppable: Sequence[str] = ()

    def row(self) -> Body:
        """It as JSON; `Composition(**row)` is the same again."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Link:
    """A record that is made beside the one of the contact: `piece` is which it stands for."""

    piece: str
    collection: str
    body: Body = field(repr=False)


class Composer(Protocol):
    """Makes of the pieces of a contact what is written. It asks nobody and writes nothing.

    A piece that is late is no part of the record: it goes to the aside or becomes a link.
    """

    def compose(self, contact: str, pieces: Sequence[Piece], kind: str, *, fall_back: bool) -> Composition:
        """The record. With `fall_back` it goes to the fall-back group, and says for whom it was meant."""

    def aside(self, contact: str, pieces: Sequence[Piece], kind: str, content: Body) -> Body:
        """What stands beside a record with this content, so that every piece reads as it was sent."""

    def links(self, pieces: Sequence[Piece], record: str) -> list[Link]:
        """The links of a record, by its uuid."""
