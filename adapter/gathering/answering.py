"""The answer in a record as a contact of its own, with what refers to it and to the contact that is answered.

Neither stands anywhere: both follow from the record, and nobody changes them here.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Sequence

from adapter.correspondence.gathered import Along, Gathered
from adapter.gathering.kept import Piece
from adapter.gathering.ports import Body
from adapter.gathering.slots import NAMED
from adapter.mapping.codecs import cut
from adapter.mapping.paths import MISSING, Path, copied, filled, get, put

_DIGITS = 10
STAYS = "Een antwoord uit het register kan hier niet gewijzigd worden."


def answer_of(contact: str) -> str:
    """The uuid of the answer to a contact."""
    return str(uuids.uuid5(uuids.UUID(contact), "answer"))


def _reference_of(contact: str) -> str:
    return str(uuids.uuid5(uuids.UUID(contact), "answer to"))


def is_answer(declared: Gathered, contact: str, piece: Piece) -> bool:
    """Whether a piece is the answer to a contact, or belongs to that."""
    reference = dict(declared.pieces).get(piece.resource)
    named = get(piece.body, (*reference, NAMED)) if reference else None
    return answer_of(contact) in {piece.uuid, named}


def answered(declared: Gathered, kind: str, opened: Body, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces of an answer; `opened` is the record with its texts open, `pieces` has the contact first."""
    rule = declared.answer
    text = get(opened, rule.at) if rule and kind in rule.kinds else None
    if rule is None or not filled(text):
        return
    question = pieces[0]
    uuid, body, reference = answer_of(question.uuid), Body(), Body()
    for path, value in (*((each, get(question.body, each)) for each in rule.same), *rule.make):
        if value is not MISSING:
            put(body, path, value)
    put(body, rule.member, text if rule.longest is None else cut(rule.longest)(text))
    put(body, rule.number, str(uuids.UUID(uuid).int)[-_DIGITS:])
    yield Piece(uuid, declared.resource, body)
    references = dict(declared.pieces)
    put(reference, (*references[rule.resource], NAMED), uuid)
    put(reference, (*rule.back, NAMED), question.uuid)
    yield Piece(_reference_of(question.uuid), rule.resource, reference)
    for each in rule.along:
        owner = (*references[each.resource], NAMED)
        for piece in pieces:
            if piece.resource == each.resource and get(piece.body, owner) == question.uuid:
                yield from _alongside(each, piece, owner, uuid)


def _alongside(rule: Along, piece: Piece, owner: Path, answer: str) -> Iterator[Piece]:
    values = [(path, copied(value)) for path in rule.same if filled(value := get(piece.body, path))]
    if values:
        body = Body()
        for path, value in (*values, *rule.make, (owner, answer)):
            put(body, path, value)
        yield Piece(str(uuids.uuid5(uuids.UUID(piece.uuid), "answer")), piece.resource, body)
