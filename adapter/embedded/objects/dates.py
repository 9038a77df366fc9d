"""Dates as the register reads them."""

import re
from datetime import date

LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def parse_date(value: object) -> date | None:
    """The day that a text means: ISO 8601 in any of its forms, or with single digits; else None."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        match = LOOSE.fullmatch(value)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
