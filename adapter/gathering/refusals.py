"""What cannot be gathered, as the errors with which a request is answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from adapter.correspondence.gathered import Gathered
from adapter.errors import Invalid, Problem, RegisterUnavailable
from adapter.gathering.gatherer import RETRY_AFTER, NotKnownYet, OnlyOne, TooLate
from adapter.gathering.kept import Piece
from adapter.gathering.ports import Refused
from adapter.openapi.checked import WHOLE

_LATE = "Het contact is al in het register vastgelegd, en dit kan er niet meer bij."
_CHANGED = "Het contact is in het register vastgelegd; dit kan alleen daar nog gewijzigd worden."
_ONE = "Bij dit contact is er al een, die iets anders zegt."
_UNKNOWN = "Het register neemt dit niet over: het kent deze waarde niet."


class Waits(RegisterUnavailable):
    """Whether the record of a contact was made is not known yet; nothing was written for this request."""

    undone = True

    def __init__(self, register: str) -> None:
        super().__init__(register, RETRY_AFTER)


def immutable(names: Iterable[str]) -> Invalid:
    """Members that a record says, and that nobody can change."""
    return Invalid(Problem(name, "immutable-in-register", _CHANGED) for name in names)


def late(piece: Piece, declared: Gathered) -> Invalid:
    """A piece that would have had to be part of the record."""
    code = "late-task" if piece.resource in declared.single else "late-piece"
    return Invalid([Problem(reference_of(piece.resource, declared), code, _LATE)])


def only_one(piece: Piece, declared: Gathered) -> Invalid:
    """A second piece, of which a contact has one."""
    return Invalid([Problem(reference_of(piece.resource, declared), "one-task", _ONE)])


def reference_of(resource: str, declared: Gathered) -> str:
    """The member of a piece that refers to the contact, or to another piece of it."""
    return ".".join(dict(declared.pieces).get(resource, (WHOLE,)))


@contextmanager
def told(declared: Gathered, piece: Piece) -> Iterator[None]:
    """Raise what keeps a piece from being taken as the error of a request."""
    register = declared.collection.partition("/")[0]
    try:
        yield
    except Refused as refused:
        names = dict.fromkeys(_member(each, piece, declared) for each in refused.members)
        raise Invalid(Problem(name, "not-in-register", _UNKNOWN) for name in names or [WHOLE]) from None
    except OnlyOne:
        raise only_one(piece, declared) from None
    except TooLate:
        raise late(piece, declared) from None
    except NotKnownYet:
        raise Waits(register) from None


def _member(refused: str, piece: Piece, declared: Gathered) -> str:
    """The member of a piece that a member of the record says; else its reference to what says it."""
    first = refused.partition(".")[0]
    for slot in declared.slots:
        if all(pair.right[0] != first for pair in slot.pairs):
            continue
        if slot.by and any(
            each.name == slot.of and each.resource == piece.resource for each in declared.slots
        ):
            return ".".join(slot.by)
        if slot.resource == piece.resource and not slot.shared:
            return next(".".join(pair.left) for pair in slot.pairs if pair.right[0] == first)
    for _, pair in declared.pairs:
        if pair.right[0] == first:
            name = ".".join(pair.left)
            own = piece.resource == declared.resource
            return name if own else f"{reference_of(piece.resource, declared)}.{name}"
    return WHOLE
