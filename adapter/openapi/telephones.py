"""Telephone numbers, by the rules of Open Klant."""

from __future__ import annotations

import re

from adapter.openapi import reasons

_NUMBER = re.compile(r"0[0-9]{9}|\+[0-9]{9,15}|00[0-9]{7,13}")
_SERVICE = re.compile(r"0800|0900|1400|140")


def wrong_number(text: str) -> str | None:
    """The reason why a text is refused as a telephone number; None when it is accepted.

    Accepted are national numbers of ten digits and international ones that begin with + or 00. Service
    numbers (0800, 0900, 14…) are refused with a message of their own.
    """
    if _SERVICE.match(text):
        return reasons.SERVICE_PHONE
    return None if _NUMBER.fullmatch(text) else reasons.NOT_PHONE
