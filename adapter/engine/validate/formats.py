"""Forms of values that schemas cannot say: numbers with a check, addresses, accounts.

Each function gives the reason why a value is refused, in the words of the reference server, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from adapter.openapi import reasons
from adapter.openapi.formats import email_address
from adapter.openapi.telephones import wrong_number

Check = Callable[[str], str | None]

_DIGITS = re.compile(r"[0-9]+")


def email(value: str) -> str | None:
    """An e-mail address as the reference accepts them."""
    return None if email_address(value) is not None else reasons.NOT_EMAIL


def number(value: str, length: int, eleven_test: str) -> str | None:
    """A number of `length` digits that, when `eleven_test` names it, passes the 11-test."""
    reason = None
    if len(value) != length:
        reason = f"Waarde moet {length} tekens lang zijn"
    elif not _DIGITS.fullmatch(value):
        reason = "Voer een numerieke waarde in"
    elif eleven_test and not _passes_eleven(value):
        reason = f"Onjuist {eleven_test} nummer"
    return f"Deze waarde is ongeldig, reden: {reason}" if reason else None


def _passes_eleven(value: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, value, strict=True)) % 11 == 0


TEXTS: dict[str, Check] = {
    "email": email,
    "dutch_phone": wrong_number,
}
"""The rules that look at one text; the mapping names them."""
