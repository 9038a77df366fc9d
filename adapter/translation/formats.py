"""Forms of values that schemas cannot say: numbers with a check, addresses, accounts.

Each function gives the reason why a value is refused, in the words of the reference server, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address

from adapter.openapi.formats import email_address
from adapter.openapi.telephones import wrong_number

Check = Callable[[str], str | None]

_DIGITS = re.compile(r"[0-9]+")
_INTEGER = re.compile(r"-?[0-9]+")
_LITERAL = re.compile(r"\[([0-9A-F:.]+)\]", re.IGNORECASE)


def digits(value: str) -> str | None:
    """A whole number in digits, as text."""
    return None if _INTEGER.fullmatch(value) else "Voer een geldig geheel getal in."


def email(value: str) -> str | None:
    """An e-mail address as the reference accepts them; the domain may be an address between brackets."""
    local, at, domain = value.rpartition("@")
    if at and (literal := _LITERAL.fullmatch(domain)) and _is_address(literal[1]):
        value = f"{local}@localhost"
    return None if email_address(value) is not None else "Voer een geldig e-mailadres in."


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


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
    "digits": digits,
    "email": email,
    "dutch_phone": wrong_number,
}
"""The rules that look at one text; the mapping names them."""
