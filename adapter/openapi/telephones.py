"""Telephone numbers as the reference server takes them."""

from __future__ import annotations

import re

from adapter.openapi import reasons

_NUMBER = re.compile(r"0[0-9]{9}|\+[0-9]{9,15}|00[0-9]{7,13}")
_SERVICE = re.compile(r"0800|0900|1400|140")


def wrong_number(text: str) -> str | None:
    """Why a text is neither a national number of ten digits nor one with + or 00; None when it is one.

    Service numbers are refused with a reason of their own.
    """
    if _SERVICE.match(text):
        return reasons.SERVICE_PHONE
    return None if _NUMBER.fullmatch(text) else reasons.NOT_PHONE
