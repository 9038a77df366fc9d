"""When a contact is sent, and as which kind of record: at once with a piece, or after a quiet time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapter.gathering.kept import Hold, Piece
from adapter.mapping.paths import Path, get

# By path of the contact, the values of which it must have one.
Conditions = tuple[tuple[Path, frozenset[Any]], ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """As what a contact is sent. The first that holds counts.

    piece: the resource of the piece with which it is sent, `after` so many seconds without another piece;
    empty for one that is sent when it has been quiet. only: what the contact must be like. fall_back: whether
    it goes to the fall-back group.
    """

    kind: str
    piece: str = ""
    after: float = 0.0
    only: Conditions = ()
    fall_back: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """When a contact is sent, in seconds since 1970, and how."""

    due: float
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers of a declaration.

    quiet: the seconds without a piece after which a contact is sent that no piece triggers; longer than the
    longest gap between the requests of a client. greatest_age: the seconds after which it is sent anyway.
    settle: the seconds without another piece that one waits at least which a piece triggers.
    """

    rules: tuple[Trigger, ...]
    quiet: float = 300.0
    greatest_age: float = 3600.0
    settle: float = 0.0

    def moment(
        self, made: float, changed: float, pieces: Sequence[Piece], settle: float | None = None
    ) -> Moment:
        """When a contact is sent that was made and last changed at these instants, with these pieces.

        `settle` is that of its client, None where it has none.
        """
        least = self.settle if settle is None else settle
        there = {each.resource for each in pieces}
        contact = pieces[0].body
        for rule in self.rules:
            if rule.piece and rule.piece not in there:
                continue
            if all(get(contact, path) in values for path, values in rule.only):
                wait = max(rule.after, least) if rule.piece else self.quiet
                return Moment(min(changed + wait, made + self.greatest_age), rule)
        raise NoTrigger

    def of(self, hold: Hold, pieces: Sequence[Piece]) -> Moment:
        """The same of a contact that is held."""
        return self.moment(hold.made, hold.changed, pieces, hold.settle)

    def resources(self) -> frozenset[str]:
        """The resources with which a contact is sent."""
        return frozenset(each.piece for each in self.rules if each.piece)


class NoTrigger(Exception):
    """No trigger holds; a declaration is checked to have one that always does."""
