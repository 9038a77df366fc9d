"""The homes of a resource, and how the values there correspond with what is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapter.mapping.constructs.companion import Companion
from adapter.mapping.constructs.tells import Legacy, Projection
from adapter.mapping.paths import Path
from adapter.mapping.places import Place


@dataclass(frozen=True, slots=True)
class Pair:
    """A served path and the register path that holds its value.

    `read` takes the register's value and gives the served one, or raises DoesNotFit (it reads as absent).
    `write` gives the register's value, or raises DoesNotFit (the home does not take it); `nearest` is what
    the register gets instead, MISSING when nothing.
    """

    served: Path
    at: Path
    else_at: tuple[Path, ...]
    joined: tuple[Path, ...]
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    nearest: Callable[[Any], Any]
    search: Callable[[Any], list[Any] | None]
    """The register's texts that read as a served value; None when a search for them would miss some."""
    total: bool
    """Whether every served value is held by the register as it is, so that a search there is exact."""
    else_unless: tuple[Path, ...] = ()
    """Nothing is read from `else_at` while any of these has a value."""
    named: tuple[str, ...] = ()
    """All texts of a vocabulary, when any other text reads as one of its values as well."""
    instant: bool = False
    """Whether many texts in the register read as one served value, an instant."""
    converted: bool = False
    """Whether the register's text is another than the served one, so that no part of it can be looked for."""
    frozen: bool = False
    read_only: bool = False
    condition: tuple[tuple[Path, Any], ...] = ()
    filler: str = ""
    to: Place | None = None
    link: bool = False
    """Whether the register's value is the URL of another record."""
    clears: bool = True
    """Whether the register takes an empty text for its field."""
    choose: tuple[tuple[str, str, Path, Any], ...] = ()
    """(register value, member, path in an item of it, value): that item in a create asks for that value."""

    plain: tuple[str, str] | None = field(init=False, compare=False, repr=False)
    """(name in the record, name of the member) of a pair that is no more than that."""

    def __post_init__(self) -> None:
        more = self.else_at or self.joined or self.filler or len(self.at) != 1 or len(self.served) > 1
        object.__setattr__(self, "plain", None if more else (self.at[0], self.served[0]))

    @property
    def sources(self) -> tuple[Path, ...]:
        """The paths in a record from which the served value may come."""
        return tuple(dict.fromkeys((self.at, *self.joined, *self.else_at)))


@dataclass(frozen=True, slots=True)
class Known:
    """A served reference that a register names by a key: the resource with that key, else a slot."""

    served: Path
    resource: str
    home: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A slot of another record that an object also fills."""

    slot: str
    when: tuple[tuple[Path, Any], ...]
    first: tuple[tuple[Path, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A group that is read whole, from the first of some places in a record in which anything stands."""

    member: str
    places: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A place where resources of one kind live.

    kind: record (a register's record), object (an object of its own), inside (a slot of another's record).
    """

    resource: str
    name: str
    kind: Literal["record", "object", "inside"]
    place: Place | None = None
    object_type: str = ""
    optional: bool = False
    owner_resource: str = ""
    owner_home: str = ""
    owner: tuple[str, str] | None = None
    """(member, what in the owner): self, a member of the owner, or `resource.home` of a slot of the owner."""
    slots: tuple[str, ...] = ()
    each: Path = ()
    """The list of which every item is one; then `filled`, `fillers`, `known_at` and the pairs start there."""
    filled: Path = ()
    else_filled: Path = ()
    fillers: tuple[tuple[Path, Any], ...] = ()
    there_if: tuple[tuple[Path, Any], ...] = ()
    pairs: tuple[Pair, ...] = ()
    variants: tuple[tuple[str, Mapping[str, tuple[Pair, ...]]], ...] = ()
    wholes: tuple[Whole, ...] = ()
    known: tuple[Known, ...] = ()
    means: tuple[tuple[Path, Any], ...] = ()
    takes: tuple[tuple[Path, Any], ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    created: bool = False
    needs: str = ""
    companion: Companion | None = None
    fill: Mapping[str, Any] = field(default_factory=dict)
    projections: tuple[Projection, ...] = ()
    legacy: tuple[Legacy, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    echo: str = ""
    """The home of the records that say for old clients what an object says that is none of them."""
    same_as: tuple[str, tuple[str, ...]] | None = None
    read_only: str = ""
    unlisted: bool = False
    known_by: str = ""
    known_at: Path = ()
    created_at: Path = ()
    made_from: str = ""
    """The relation, as resource.relation, from which what stands here counts as made."""

    pair_of: Mapping[Path, Pair] = field(init=False, compare=False, repr=False)
    """Served path → the pair for exactly that path."""
    key_for: Mapping[str, str] = field(init=False, compare=False, repr=False)
    """Member → the key path at which its objects carry the URL that the member refers to."""

    def __post_init__(self) -> None:
        # of two with the same name the first counts
        pairs = {pair.served: pair for pair in reversed(self.pairs)}
        keys = {member: key for key, member in reversed([*self.keys.items()])}
        object.__setattr__(self, "pair_of", pairs)
        object.__setattr__(self, "key_for", keys)
