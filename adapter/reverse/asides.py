"""What an old record has that the new records do not say: kept aside, leaf by leaf, each with its basis.

A leaf aside counts only while the new records, alone, say there what they said when it was put aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.leaves import Leaves, Lists, assembled, leaves
from adapter.mapping.codecs import fingerprint
from adapter.mapping.paths import MISSING, Path

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf aside: its value, MISSING when the record lacks it, and the fingerprint of its basis."""

    value: Any
    basis: str


@dataclass(frozen=True, slots=True)
class Aside:
    """All that stands aside of one old record.

    collection: of the old API. made: the instant at which the record was made, "" when that is not known.
    owners: the uuids of the records on which it hangs, which take it along when they are deleted.
    made_for: the collection of the record for which the new record was made, as long as no old client has
        made this one: it does not exist for them.
    """

    collection: str
    uuid: str
    made: str = ""
    owners: tuple[str, ...] = ()
    made_for: str = ""
    leaves: Mapping[Path, Leaf] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemAsked:
    """Asked for: a part of the text that an item of a list has at a member, capitals aside."""

    items: Path
    member: Path
    part: str

    def met_by(self, aside: Aside) -> bool:
        """Whether such an item stands aside."""
        return any(
            path[: len(self.items)] == self.items
            and path[len(self.items) + 1 :] == self.member
            and isinstance(leaf.value, str)
            and self.part.lower() in leaf.value.lower()
            for path, leaf in aside.leaves.items()
        )


def kept(intended: Record, alone: Record, lists: Lists) -> dict[Path, Leaf]:
    """What to put aside, so that a record reads as intended where the new records say `alone`.

    lists: those of which each item stands aside by itself, see `leaves`.
    """
    wanted, said = leaves(intended, lists), leaves(alone, lists)
    return {
        path: Leaf(wanted.get(path, MISSING), fingerprint(said.get(path, MISSING)))
        for path in {**wanted, **said}
        if not same(wanted.get(path, MISSING), said.get(path, MISSING))
    }


def same(one: Any, other: Any) -> bool:
    """Whether two leaves are the same; false and 0 are not, nor are null and no leaf at all."""
    return type(one) is type(other) and one == other


def served(alone: Record, aside: Mapping[Path, Leaf], lists: Lists) -> dict[str, Any]:
    """The record as it is served: what the new records say, where nothing aside is still valid."""
    found = leaves(alone, lists)
    for path, leaf in valid(found, aside).items():
        if leaf.value is MISSING:
            found.pop(path, None)
        else:
            found[path] = leaf.value
    return assembled(found, lists)


def valid(said: Leaves, aside: Mapping[Path, Leaf]) -> dict[Path, Leaf]:
    """Those leaves aside whose basis the new records still say."""
    return {path: leaf for path, leaf in aside.items() if leaf.basis == fingerprint(said.get(path, MISSING))}


def rebased(
    aside: Mapping[Path, Leaf], members: Iterable[Path], was: Record, alone: Record, lists: Lists
) -> dict[Path, Leaf]:
    """What stands aside once these members go on to read as they `was`, whatever the new records say now."""
    held = tuple(members)
    rest = {path: leaf for path, leaf in aside.items() if not _below(path, held)}
    return rest | {path: leaf for path, leaf in kept(was, alone, lists).items() if _below(path, held)}


def _below(path: Path, members: tuple[Path, ...]) -> bool:
    return any(path[: len(each)] == each for each in members)
