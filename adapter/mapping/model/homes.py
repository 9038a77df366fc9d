"""The homes of a resource, and how the values there correspond with what is served."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapter.mapping.constructs.companion import Companion
from adapter.mapping.constructs.known import Known
from adapter.mapping.constructs.linked import Linked
from adapter.mapping.constructs.made_of import MadeOf
from adapter.mapping.constructs.mirror import Mirror
from adapter.mapping.constructs.pairs.pair import Pair
from adapter.mapping.constructs.tells import Legacy, Projection
from adapter.mapping.constructs.whole import Whole
from adapter.mapping.paths import Conditions, Path, getter
from adapter.mapping.places import Place


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
    fillers: Conditions = ()
    there_if: Conditions = ()
    pairs: tuple[Pair, ...] = ()
    variants: tuple[tuple[str, Mapping[str, tuple[Pair, ...]]], ...] = ()
    wholes: tuple[Whole, ...] = ()
    known: tuple[Known, ...] = ()
    means: Conditions = ()
    takes: Conditions = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    created: bool = False
    needs: str = ""
    companion: Companion | None = None
    made_of: MadeOf | None = None
    linked: tuple[Linked, ...] = ()
    found_by: tuple[str, ...] = ()
    """The members from which the uuid of a record follows that is not read by its URL.

    It is found by the first.
    """
    becomes: str = ""
    """The home that an object moves to when that can be made of something that comes later."""
    stays: str = ""
    """The sentence for a client that deletes what its register never does."""
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
    passed_over: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """The filters that do not look here when all of its records would have to be read for them.

    Of each the setting with which that is so, and whether it is where a client has no value of its own.
    """
    made_from: str = ""
    """The relation, as resource.relation, from which what stands here counts as made."""

    pair_of: Mapping[Path, Pair] = field(init=False, compare=False, repr=False)
    """Served path → the pair for exactly that path."""
    key_for: Mapping[str, str] = field(init=False, compare=False, repr=False)
    """Member → the key path at which its objects carry the URL that the member refers to."""

    filling: Callable[[Any], Any] = field(init=False, compare=False, repr=False)
    """What gives the value at `filled`."""

    def __post_init__(self) -> None:
        # of two with the same name the first counts
        pairs = {pair.served: pair for pair in reversed(self.pairs)}
        keys = {member: key for key, member in reversed([*self.keys.items()])}
        object.__setattr__(self, "pair_of", pairs)
        object.__setattr__(self, "key_for", keys)
        object.__setattr__(self, "filling", getter(self.filled))


def whole(homes: Collection[Home]) -> Home:
    """The home that takes everything: objects of a type of its own, each as a whole where there is one."""
    objects = [each for each in homes if each.kind == "object" and not each.read_only]
    plain = (each for each in objects if not each.rest and not each.pairs)
    return next(plain, objects[0])
