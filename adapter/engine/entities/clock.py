"""The instant and the date at which something is written."""

from __future__ import annotations

import datetime as dt


def now() -> str:
    """This instant, in UTC to the microsecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def today() -> str:
    """The date of this instant in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()
