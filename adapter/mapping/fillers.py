"""Values that only fill a field which a register demands."""

from __future__ import annotations

import secrets
from typing import Any


def is_filler(form: str, value: Any) -> bool:
    """Whether a register's value only fills a field that the register demands."""
    if form == "random_code":
        return not (isinstance(value, str) and value.isascii() and value.isdigit())
    return False


def filler(form: str) -> str:
    """A new value for a field that has to be filled: K and seven random characters."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "K" + "".join(secrets.choice(alphabet) for _ in range(7))
