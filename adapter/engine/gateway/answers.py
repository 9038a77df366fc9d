"""What a register answered, in the shape that the rest relies on; RegisterAnswer for any other.

Prevents that a gateway, or a register in trouble, that answers valid JSON of its own is taken at its word: an
empty object is no record, and a list is no sign that something was written.
"""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.stored_object import Record
from adapter.errors import RegisterAnswer
from adapter.mapping.kinds import Check, are_records
from adapter.registers.messages import Answer


def record(answer: Answer, register: str, fits: Check = are_records) -> Record:
    """The record or object of a successful answer; it `fits` what its register says of records."""
    if answer.status >= 400 or not fits([answer.body]):
        raise RegisterAnswer(register)
    found: Record = answer.body
    return found


def page(answer: Answer, register: str, fits: Check = are_records) -> tuple[int, list[Record], bool]:
    """(how many there are, the records of this page, whether there is a next one) of a list."""
    found = answer.body if isinstance(answer.body, dict) else {}
    count, rows, more = found.get("count"), _rows(found.get("results"), register, fits), found.get("next")
    if answer.status >= 400 or type(count) is not int or count < 0:
        raise RegisterAnswer(register)
    if more is not None and not isinstance(more, str):
        raise RegisterAnswer(register)
    return count, rows, bool(more)


def companions(answer: Answer, register: str) -> tuple[list[Record], bool]:
    """The same of a register of which the lists have no pages: (the records, False)."""
    if isinstance(answer.body, list) and answer.status < 400:
        return _rows(answer.body, register, are_records), False
    _, rows, more = page(answer, register)
    return rows, more


def nothing(answer: Answer, register: str) -> None:
    """That a delete was done."""
    if answer.status >= 400 or answer.body is not None:
        raise RegisterAnswer(register)


def _rows(rows: Any, register: str, fits: Check) -> list[Record]:
    if not isinstance(rows, list) or not fits(rows):
        raise RegisterAnswer(register)
    return rows
