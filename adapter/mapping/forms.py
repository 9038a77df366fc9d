"""Lists and dates that one side writes as a text of its own form; each conversion has both directions.

As in `codecs`, either function raises `DoesNotFit` for a value that the other side cannot hold. With
`exactly` what is written always reads back as it was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING

Convert = Callable[[Any], Any]

# What may stand in the form of a date, and the digits that stand there.
PARTS = {"YYYY": "year", "MM": "month", "DD": "day", "HH": "hour", "mm": "minute", "ss": "second"}
_PART = re.compile("|".join(PARTS))
_DAY = {"year", "month", "day"}
_CLOCK = {"hour", "minute", "second"}


def split(separator: str, longest: int | None = None) -> tuple[Convert, Convert]:
    """(to a list, to one text): the items of a list stand in the text with the separator between them.

    The text may have blanks around them, and the separator at its end. No item is longer than `longest`.
    """
    mark = separator.strip() or separator

    def listed(text: Any) -> list[str]:
        if not isinstance(text, str):
            raise DoesNotFit
        items = [item for part in text.split(mark) if (item := part.strip())]
        if longest is not None and any(len(each) > longest for each in items):
            raise DoesNotFit
        return items

    def joined(items: Any) -> str:
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise DoesNotFit
        return separator.join(items)

    return listed, joined


def exactly(there: Convert, back: Convert) -> Convert:
    """A conversion of what the other direction gives back the same; the rest does not fit."""

    def convert(value: Any) -> Any:
        found = there(value)
        if back(found) != value:
            raise DoesNotFit
        return found

    return convert


def wrong_form(form: str, *, moment: bool) -> str:
    """What is wrong with the form of a date (or of a moment), and the way out; nothing when it is right."""
    parts = [PARTS[each] for each in _PART.findall(form)]
    if len(parts) != len(set(parts)) or re.search("[A-Za-z]", _PART.sub("", form)):
        return f"{form} is no form of a date; write it with {', '.join(PARTS)}, each once"
    wanted = _DAY | _CLOCK if moment else _DAY
    if moment and set(parts) not in (wanted, wanted - {"second"}):
        return "a moment has a day and a time: the form needs YYYY, MM, DD, HH, mm and perhaps ss"
    if not moment and set(parts) != wanted:
        return "a date is a day: the form needs YYYY, MM and DD and nothing else"
    return ""


def nearest(convert: Convert) -> Convert:
    """What is written of a value that does not fit: what the conversion makes of it, or nothing."""

    def write(value: Any) -> Any:
        try:
            return convert(value)
        except DoesNotFit:
            return MISSING

    return write


def date(form: str, *, moment: bool) -> tuple[Convert, Convert]:
    """(read, write) between a date that a register writes in a form of its own and an ISO date.

    Of a moment the register's time is in UTC; what is written tells no more of it than the form does, see
    `exactly`.
    """
    pattern = re.compile(_expression(form), re.ASCII)

    def read(text: Any) -> str:
        found = pattern.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise DoesNotFit
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        try:
            if not moment:
                return dt.date(**parts).isoformat()
            return dt.datetime(**parts, tzinfo=dt.UTC).isoformat().replace("+00:00", "Z")
        except ValueError:
            raise DoesNotFit from None

    def write(value: Any) -> str:
        try:
            found = dt.datetime.fromisoformat(value)
            if found.tzinfo is not None:
                found = found.astimezone(dt.UTC)
        except (TypeError, ValueError, OverflowError):
            raise DoesNotFit from None
        return _PART.sub(lambda part: f"{getattr(found, PARTS[part[0]]):0{len(part[0])}}", form)

    return read, write


def _expression(form: str) -> str:
    found, end = "", 0
    for part in _PART.finditer(form):
        found += re.escape(form[end : part.start()]) + f"(?P<{PARTS[part[0]]}>[0-9]{{{len(part[0])}}})"
        end = part.end()
    return found + re.escape(form[end:])
