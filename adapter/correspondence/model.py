"""A correspondence, compiled: its left side is the record of the new API, its right side that of the old.

Every part of it is a plain value, so that `inverse.invert` can turn it round and two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from adapter.mapping.paths import Path

Side = Literal["left", "right"]
# How a reference is written: as `{uuid: …}`, as a whole URL, or as the bare uuid.
Spelling = Literal["group", "url", "uuid"]
Kind = Literal["one_of", "any_of", "each_of"]
GIVEN = "given"
# The member by which the items of a list are known that are known by their place.
BY_PLACE: Path = ("#",)
OTHERWISE = "*"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the one side for those of the other. Of several, the first is the one that is written."""

    entries: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Text that has the form of a regular expression on both sides, or is empty."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number within bounds, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a record of `collection` (`register/collection`), and how each side writes it."""

    collection: str
    left: Spelling
    right: Spelling


@dataclass(frozen=True, slots=True)
class Codec:
    """A conversion of text that is written in Python; `to` is the side that it is defined towards."""

    name: str
    to: Side = "right"


Conversion = Words | Form | Range | Reference | Codec


@dataclass(frozen=True, slots=True)
class Sharper:
    """A word that is more telling than the first one, on `side`, while a row of a relation is like this."""

    side: Side
    word: str
    relation: str
    where: tuple[tuple[Path, Any], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text that a side takes, and whether a longer one is cut; otherwise it does not fit."""

    longest: int | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A pair counts only while the member of `side` has one of these values."""

    side: Side
    path: Path
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A member of the left side and one of the right."""

    left: Path
    right: Path
    conversions: tuple[Conversion, ...] = ()
    left_limit: Limit = Limit()
    right_limit: Limit = Limit()
    left_others: tuple[Path, ...] = ()
    right_others: tuple[Path, ...] = ()
    """Members of that side from which it is read while the first has no value."""
    left_before: tuple[Path, ...] = ()
    right_before: tuple[Path, ...] = ()
    """Members of that side that stand before it in the text that the other side has."""
    sharper: tuple[Sharper, ...] = ()
    frozen: Side | None = None
    """The side that never changes it afterwards."""
    when: tuple[When, ...] = ()
    read_only: bool = False

    def at(self, side: Side) -> Path:
        """Its path on a side."""
        return self.left if side == "left" else self.right

    def others(self, side: Side) -> tuple[Path, ...]:
        """Where that side is read from as well."""
        return self.left_others if side == "left" else self.right_others

    def before(self, side: Side) -> tuple[Path, ...]:
        """What is written before it, of that side."""
        return self.left_before if side == "left" else self.right_before

    def limit(self, side: Side) -> Limit:
        """What that side takes."""
        return self.left_limit if side == "left" else self.right_limit


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of another resource that hang on a record: which, and what one is given that is made.

    `via` is the resource of a link between the two (`resource.reference`), when the rows do not refer here.
    `through` is a member of the record: the rows hang on the other record to which that refers. `own` is a
    member of the record that has a list of references to the rows. `adopted` is the member of an item that
    tells which row of another is taken over, instead of a new one. `refused` is what a new row is given when
    the new API refuses it as it is.
    """

    resource: str
    reference: Path
    via: str = ""
    where: tuple[tuple[Path, Any], ...] = ()
    prefer: tuple[tuple[Path, Any], ...] = ()
    make: tuple[tuple[Path, Any], ...] = ()
    makeable: bool = True
    on_change: tuple[tuple[Path, Any], ...] = ()
    shared: Path | None = None
    through: Path = ()
    own: Path = ()
    adopted: Path = ()
    refused: tuple[tuple[Path, Any], ...] = ()

    @property
    def far(self) -> bool:
        """Whether the rows neither stand in the record nor refer to it."""
        return bool(self.through or self.own)

    @property
    def key(self) -> str:
        """The name under which rows that are far stand in a record, once they have been read."""
        return f"{self.resource} {'.'.join(self.own or self.reference)}"


@dataclass(frozen=True, slots=True)
class Quantifier:
    """What a value says of several rows together: `then` when one of them is like this, else `otherwise`.

    `becomes` is what each row is given when the value is written.
    """

    test: tuple[tuple[Path, Any], ...]
    then: Any
    otherwise: Any
    becomes: tuple[tuple[Any, tuple[tuple[Path, Any], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A value, group or list of the record of `side` that is rows of another resource of the other side."""

    side: Side
    path: Path
    kind: Kind
    rows: Rows
    pairs: tuple[Pair, ...] = ()
    """Members of the row and of the value; the path of the value itself is empty."""
    filled: Path | None = None
    """The member of an item without which there is none."""
    only: tuple[tuple[Path, Any], ...] = ()
    """The record of `side` has it only while it is like this."""
    quantifier: Quantifier | None = None
    read_only: bool = False
    parts: tuple[Part, ...] = ()
    """Members of an item that are rows themselves, which hang on the item's row."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A filler that is always the same."""

    value: Any


@dataclass(frozen=True, slots=True)
class CodeOf:
    """A filler that follows from the uuid of the record: a letter and seven others."""


@dataclass(frozen=True, slots=True)
class FirstLine:
    """A filler that is the first line of another member of its own side."""

    of: Path
    otherwise: str
    longest: int


@dataclass(frozen=True, slots=True)
class Told:
    """A filler that is said by the record to which the reference `of`, of the other side, leads."""

    of: Path
    at: Path
    words: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DayOf:
    """A filler that is the day of an instant that another member of its own side has."""

    of: Path


Filler = Constant | CodeOf | FirstLine | DayOf | Told


@dataclass(frozen=True, slots=True)
class RecordOf:
    """The record of one side: `register/collection`, and the rows of it that count."""

    collection: str
    where: tuple[tuple[Path, Any], ...] = ()

    @property
    def name(self) -> str:
        """The collection alone."""
        return self.collection.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Two records that say the same."""

    name: str
    left: RecordOf
    right: RecordOf
    pairs: tuple[Pair, ...] = ()
    parts: tuple[Part, ...] = ()
    left_fill: tuple[tuple[Path, Filler], ...] = ()
    right_fill: tuple[tuple[Path, Filler], ...] = ()
    left_means: tuple[tuple[Path, Any], ...] = ()
    right_means: tuple[tuple[Path, Any], ...] = ()
    """What every record of that side says, since only such records count."""

    def fill(self, side: Side) -> tuple[tuple[Path, Filler], ...]:
        """The fillers of a side."""
        return self.left_fill if side == "left" else self.right_fill

    def means(self, side: Side) -> tuple[tuple[Path, Any], ...]:
        """What every record of a side says."""
        return self.left_means if side == "left" else self.right_means

    def lists(self, side: Side) -> dict[Path, Path]:
        """The lists of a side of which each item is a row, with the member by which an item is known."""
        paths = [pair.at(side) for pair in self.pairs]
        places = {path[:at]: BY_PLACE for path in paths for at, name in enumerate(path) if name.isdigit()}
        return places | {path: part.filled or () for path, part in _lists(self.parts, side)}

    def record(self, side: Side) -> RecordOf:
        """The record of a side."""
        return self.left if side == "left" else self.right


def _lists(parts: tuple[Part, ...], side: Side) -> Iterator[tuple[Path, Part]]:
    for part in parts:
        if part.side == side and part.kind == "each_of":
            yield part.path, part
        for path, below in _lists(part.parts, side) if part.kind == "one_of" else ():
            yield (*part.path, *path), below


def opposite(side: Side) -> Side:
    """The other side."""
    return "right" if side == "left" else "left"
