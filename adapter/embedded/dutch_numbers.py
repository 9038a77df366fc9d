"""Checks of Dutch numbers: RSIN, BSN and the A-number of the BRP."""

from __future__ import annotations

import re

RSIN_LENGTH = 9
_A_NUMBER = re.compile(r"[1-9][0-9]{9}", re.ASCII)


def rsin_problem(text: str) -> tuple[str, str] | None:
    """(code, reason) when a text is no RSIN or BSN; the registers say RSIN for both. None when it is one."""
    if not re.fullmatch(r"[0-9]+", text, re.ASCII):
        return "only-digits", "Waarde moet numeriek zijn."
    if len(text) != RSIN_LENGTH:
        return "invalid-length", "RSIN moet 9 tekens lang zijn."
    # the eleven test
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True)) % 11:
        return "invalid", "Onjuist RSIN nummer."
    return None


def a_number_problem(text: str) -> tuple[str, str] | None:
    """(code, reason) when a text is no A-number; None when it is one."""
    if _A_NUMBER.fullmatch(text):
        return None
    return "a-nummer-incorrect-format", "inpA_nummer must consist of 10 digits"
