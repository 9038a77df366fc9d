"""The answer in a record as a contact of its own, with what refers to it and to the contact that is answered.

Neither stands anywhere: both follow from the record, and nobody changes them here.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Sequence

from adapter.correspondence.gathered import Gathered
from adapter.gathering.holds import Piece
from adapter.gathering.ports import Body
from adapter.gathering.slots import NAMED
from adapter.mapping.paths import MISSING, filled, get, put

_DIGITS = 10
STAYS = "Een antwoord uit het register kan hier niet gewijzigd worden."


def answer_of(contact: str) -> str:
    """The uuid of the answer to a contact."""
    return str(uuids.uuid5(uuids.UUID(contact), "answer"))


def _reference_of(contact: str) -> str:
    return str(uuids.uuid5(uuids.UUID(contact), "answer to"))


def is_answer(contact: str, uuid: str) -> bool:
    """Whether a uuid is that of the answer to a contact, or of what refers to both."""
    return uuid in {answer_of(contact), _reference_of(contact)}


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
    put(body, rule.member, text)
    put(body, rule.number, str(uuids.UUID(uuid).int)[-_DIGITS:])
    yield Piece(uuid, declared.resource, body)
    put(reference, (*dict(declared.pieces)[rule.resource], NAMED), uuid)
    put(reference, (*rule.back, NAMED), question.uuid)
    yield Piece(_reference_of(question.uuid), rule.resource, reference)
