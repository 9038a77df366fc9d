"""What every conversion of a pair has: its names, what it becomes, its check and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.codecs import Convert, DoesNotFit, Links, same
from adapter.mapping.language.grammar import Described, Problem
from adapter.mapping.language.ground import Content, Ground, Record, View
from adapter.mapping.lengths import Lengths
from adapter.mapping.paths import MISSING, Path, parse
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath

Search = Callable[[Any], list[Any] | None]


def nothing(_: Any) -> Any:
    """No register value is near one that does not fit: MISSING."""
    return MISSING


def itself(value: Any) -> list[Any]:
    """The served value is what the register has."""
    return [value]


def written(write: Convert) -> Search:
    """What is written for a served value is all that reads as it; nothing for one that does not fit."""

    def search(value: Any) -> list[Any]:
        try:
            return [write(value)]
        except DoesNotFit:
            return []

    return search


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a value goes from one side of a pair to the other; the fields are those of `Pair`."""

    read: Convert = same
    write: Convert = same
    nearest: Convert = nothing
    search: Search = itself
    total: bool = True
    named: tuple[str, ...] = ()
    instant: bool = False
    converted: bool = False
    to: Any = None
    link: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """A pair that is being compiled: its line, and what its fields can hold.

    `chosen` is the member whose value chooses the variant, with that value; `lenient` says of a reference
    that the resource cannot be served without it.
    """

    line: Content
    served: Path
    home: Content
    chosen: Mapping[str, str]
    lenient: bool
    lengths: Lengths
    links: Links

    @property
    def own(self) -> int | None:
        """The longest text that the served member holds; None for any."""
        return self.lengths.served(self.home, self.served, self.chosen)

    @property
    def theirs(self) -> int | None:
        """The longest text that the register's field holds; None for any."""
        return self.lengths.register(self.home, parse(self.line["at"]))

    @property
    def facts(self) -> Facts:
        """What the specification says of the served member."""
        return self.lengths.facts(self.home, self.served, self.chosen)


@dataclass(frozen=True, slots=True)
class Line:
    """A pair that is being checked: its line, where that stands, and what the documents say of it.

    `record` is what the right side is about: of a home that is every item of a list, the item. `kinds` are
    the values by which a variant of it is chosen.
    """

    ground: Ground
    view: View
    home: Content
    node: Content
    here: NodePath
    left: Facts
    reference: bool
    record: Record
    kinds: tuple[str, ...]

    @property
    def right(self) -> Facts:
        """What the register's document says of its field; raises Nowhere where there is none."""
        return self.facts(self.at)

    def facts(self, path: str) -> Facts:
        """What the register's document says of a path in the record; raises Nowhere."""
        return schemas.facts(self.record.at(path, self.kinds))

    @property
    def served(self) -> str:
        """The served path, with dots."""
        return str(self.here[-1])

    @property
    def at(self) -> str:
        """The register's path, with dots."""
        return str(self.node["at"])

    def problem(self, text: str, *below: str | int) -> Problem:
        """What is wrong with the line, or with a node below it."""
        return Problem((*self.here, *below), text)


def nowhere(_: Content, __: NodePath) -> Iterator[Problem]:
    """Nothing is wrong with it by itself."""
    return iter(())


def fits(_: Content, __: str) -> Iterable[str]:
    """Nothing more is said of values that do not fit."""
    return ()


@dataclass(frozen=True, slots=True)
class Codec:
    """A construct of a pair that says how its value is converted; `word` is the name that tells it.

    `names` are its names in the language. `check` looks at both sides, `broken` at the node by itself. `says`
    explains it in the reference. `unfit` says there what becomes of a value that does not fit; the text that
    it is given says where such a value is kept.
    """

    word: str
    names: Mapping[str, Described]
    compiled: Callable[[Sides], Conversion]
    check: Callable[[Line], Iterator[Problem]]
    says: Callable[[Content], Iterable[str]]
    broken: Callable[[Content, NodePath], Iterator[Problem]] = nowhere
    unfit: Callable[[Content, str], Iterable[str]] = fits
