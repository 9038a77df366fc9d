"""How a list is answered, as a value: what is asked of the registers, and what is tested here.

    Plan     = ExactPage | Matching | WhenClosed
    Way      = ByUuid | Searched | Referring | Referred | Scan
    Search   = InRecords | InSidecars | InObjects | InDays | InOwners

A plan names resources, homes, collections and texts, and holds nothing that was read: it can be made
without a register, compared and shown. `Planner` makes one; `Lists` carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, assert_never

from adapter.engine.entities.stored_object import searchable
from adapter.mapping.model import Operator, Place
from adapter.mapping.paths import Path

TextOperator = Literal["in", "icontains"]


class Wanted(NamedTuple):
    """What one filter asks for: a path, how it is compared ("equals"), with what; see `Filter`.

    `parameter` is what a client calls it, "" where no client asked.
    """

    path: Path
    operator: Operator
    value: Any
    parameter: str = ""

    def below(self) -> Wanted:
        """The same seen from the resource that the first name of the path leads to."""
        return self._replace(path=self.path[1:])


# What is asked of a register. Each gives all records or objects of a home that read as a value, and perhaps
# others.


@dataclass(frozen=True, slots=True)
class InRecords:
    """The records of a collection that their register finds by a parameter with one of these texts."""

    place: Place
    parameter: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InSidecars:
    """The records whose sidecar has a text at a served path."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class InObjects:
    """The objects of a type with one of these texts at a path of their data, names joined by `__`."""

    object_type: str
    path: str
    operator: TextOperator
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InDays:
    """The objects of a type with a date around an instant, which may be written for any clock.

    `between` is (path, operator, date), as in `begin gte 2024-01-01`.
    """

    object_type: str
    between: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class InOwners:
    """What is embedded in the records or objects that have one of these texts at a path of it.

    With `whole` all of those are read, because no register finds them by it.
    """

    at: Path
    operator: TextOperator
    texts: tuple[str, ...]
    whole: bool


Search = InRecords | InSidecars | InObjects | InDays | InOwners


# How the resources that a filter means are found.


@dataclass(frozen=True, slots=True)
class ByUuid:
    """The resource with a uuid."""

    resource: str
    uuid: str


@dataclass(frozen=True, slots=True)
class Searched:
    """The resources that the registers give for a value, home by home; `wanted` is tested on each."""

    resource: str
    homes: tuple[tuple[str, tuple[Search, ...]], ...]
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Referring:
    """The resources that refer with `member` to this uuid, or to what another way finds: `far`.

    `embedded` is what is wanted of embedded values that a list may refer to though no list shows them. With
    `whole` all records are read in which such a reference may stand, because no register finds them by it.
    """

    resource: str
    member: str
    far: Way | str
    whole: bool = False
    embedded: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Referred:
    """The resources to which those refer that another way finds: the other side of a relation."""

    resource: str
    relation: str
    far: Way


@dataclass(frozen=True, slots=True)
class Scan:
    """All resources of a kind, within the bound of the deployment; `wanted` is tested on each.

    `also` names homes that are no part of a list.
    """

    resource: str
    wanted: Wanted | None = None
    also: frozenset[str] = frozenset()


Way = ByUuid | Searched | Referring | Referred | Scan


# How a list is answered.


@dataclass(frozen=True, slots=True)
class ExactPage:
    """One home pages the list by itself, and counts it: records of one collection, or objects of one type.

    `asked` is what its register is asked for, (parameter or path in an object, texts), to answer `wanted`.
    """

    home: str
    asked: tuple[tuple[str, tuple[str, ...]], ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """The resources that every way finds and that pass every test.

    Each way stands beside the parameters that ask for it. With `within` no other objects are looked at than
    those that a page would be of.
    """

    ways: tuple[tuple[tuple[str, ...], Way], ...]
    tests: tuple[Wanted, ...]
    within: ExactPage | None = None


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """One plan when all objects of a type are `named` by a search, which is counted first; else another.

    A status that reads as `te_verwerken` when it is none of two words can be searched for only while there
    is no third.
    """

    named: InObjects
    then: Plan
    otherwise: Plan


Plan = ExactPage | Matching | WhenClosed


def scans(plan: Plan | Way) -> bool:
    """Whether everything of some kind has to be read for this, perhaps."""
    match plan:
        case ByUuid() | ExactPage():
            return False
        case Scan():
            return True
        case Searched():
            return any(_reads_all(each) for _, searches in plan.homes for each in searches)
        case Referring():
            return plan.whole or (not isinstance(plan.far, str) and scans(plan.far))
        case Referred():
            return scans(plan.far)
        case Matching():
            return any(scans(way) for _, way in plan.ways)
        case WhenClosed():
            return scans(plan.then) or scans(plan.otherwise)
        case _:
            assert_never(plan)


def _reads_all(search: Search) -> bool:
    match search:
        case InRecords() | InDays():
            return False
        case InSidecars():
            return not searchable(search.text)
        case InObjects():
            return not all(map(searchable, search.texts))
        case InOwners():
            return search.whole
        case _:
            assert_never(search)
