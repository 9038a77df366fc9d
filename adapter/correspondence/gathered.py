"""A correspondence that gathers, compiled: one record of the old API, made once of rows of several resources.

In it, the texts of a record are groups of what they say: below the member, the value behind each label, and
FREE, the text below the labels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from adapter.correspondence.model import Pair
from adapter.mapping.paths import Path

Constants = tuple[tuple[Path, Any], ...]
# In a text: what stands below its labels; in one with a first line, the lines after it.
FREE: Final = "free"
FIRST: Final = "first"
# In the line of a sign: where its letters stand.
CHECK: Final = "{check}"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a contact is sent and as which kind; see `gathering.triggers`."""

    kind: str
    resource: str = ""
    after: float = 0.0
    only: tuple[tuple[Path, frozenset[Any]], ...] = ()
    fall_back: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """A filter by which records are found: the value of the first of these members that has one."""

    parameter: str
    members: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class FallBack:
    """What a record is given that goes to the fall-back group, what it loses, and where that is told."""

    make: Constants = ()
    instead_of: tuple[Path, ...] = ()
    meant: Path = ()


@dataclass(frozen=True, slots=True)
class LinkRule:
    """The record that is made beside that of the contact, to which `contact` refers, for a row like this."""

    resource: str
    collection: str
    contact: Path
    where: Constants = ()
    make: Constants = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Along:
    """A row that an answer has for each of this resource that the answered contact has.

    same: members that it has as that one; without a value in any of them there is no row.
    """

    resource: str
    same: tuple[Path, ...]
    make: Constants


@dataclass(frozen=True, slots=True)
class Answer:
    """What a record of these kinds says at `at`, served as a contact of its own as well.

    member: where the contact says it. number: its member that gets ten digits of its own. same: members that
    it has as the contact that is answered. resource, back: of what refers to both, and by which member to
    the one that is answered. longest: how long a text the contact may say; of a longer one it has the
    beginning.
    """

    kinds: tuple[str, ...]
    at: Path
    member: Path
    number: Path
    same: tuple[Path, ...]
    make: Constants
    resource: str
    back: Path
    along: tuple[Along, ...] = ()
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """What is shown behind a text of a piece: below a rule line, a line for each row in the record.

    In a line, {name} stands for that member of the row. longest: how long the text may become.
    """

    resource: str
    member: Path
    rule: str
    each: Path
    line: str
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A member of the record at which the register takes only names that it knows, and lists none of them.

    asked: the member at which such a name is tried. known: the names that a deployment says are there; where
    it says none, any may be. configured: names that a deployment gives, each with its setting.
    """

    member: Path
    asked: Path
    known: frozenset[str] = frozenset()
    configured: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KindOfRecord:
    """A kind of record: what it is recognised by, what it is given when it is made, and its fillers."""

    name: str
    when: tuple[tuple[Path, frozenset[Any]], ...] = ()
    make: Constants = ()
    fill: Constants = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A member of the record that says several things; of the kinds named, or of all when none is."""

    member: str
    labels: tuple[str, ...] = ()
    many: frozenset[str] = frozenset()
    first_line: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """The place in the record of one row, or of all rows, that meet `where`.

    of: the slot of whose row it is a row; empty for the contact. by: the member of that row with references,
    where the row itself is no piece. via: the resource of pieces that link to it, and their reference. many:
    whether all rows have their place here. digits: the version digits of the uuids of rows that no client
    recorded, one for each; with them the contact is known from the uuid. row_digit: that of a row that is no
    piece, and that only the record knows.
    """

    name: str
    resource: str
    of: str = ""
    by: Path = ()
    via: str = ""
    reference: Path = ()
    where: Constants = ()
    kinds: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    many: bool = False
    make: Constants = ()
    digits: tuple[str, ...] = ()
    row_digit: str = ""

    @property
    def shared(self) -> bool:
        """Whether its rows are no pieces: they are referred to, and exist without the contact."""
        return bool(self.by or self.via)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A correspondence that gathers. Pairs: left in the row, right in the record with its texts opened."""

    name: str
    resource: str
    collection: str
    pieces: tuple[tuple[str, Path], ...]
    single: frozenset[str]
    rules: tuple[Rule, ...]
    sign: str
    signed: tuple[tuple[str, str], ...]
    searches: tuple[Search, ...]
    user: Path
    otherwise: Any
    droppable: tuple[str, ...]
    fall_back: FallBack
    links: tuple[LinkRule, ...]
    kinds: tuple[KindOfRecord, ...]
    texts: tuple[Text, ...]
    pairs: tuple[tuple[str, Pair], ...]
    """With the kind for which a pair counts; empty for all."""
    slots: tuple[Slot, ...]
    fill: Constants = ()
    """What a contact has that no client recorded, where its record says nothing."""
    behind: tuple[Behind, ...] = ()
    answer: Answer | None = None
    names: tuple[Name, ...] = ()
    never: Constants = ()
    """What the register refuses to record, whatever else is said."""
    limits: dict[str, int] = field(default_factory=dict)
    """The greatest length of members of the record that are texts or signed."""

    def pairs_of(self, kind: str) -> list[Pair]:
        """The pairs of the contact itself in a record of this kind."""
        return [pair for of, pair in self.pairs if of in {"", kind}]
