"""Dates as the Objects API reads them."""

import re
from datetime import date

LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def parse_date(value: object) -> date | None:
    """The date in a text, in any form of ISO 8601 or with single digits (`2025-3-3`); None for others."""
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
