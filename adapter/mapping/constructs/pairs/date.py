"""The construct `as: DD-MM-YYYY`: a date or a moment that a register writes in a form of its own.

As every conversion, either function raises `DoesNotFit` for a value that the other side cannot hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from adapter.mapping.codecs import Convert, DoesNotFit, at_most, both, exactly, nearest
from adapter.mapping.constructs.pairs.conversion import Conversion, Line, Sides, written
from adapter.mapping.language.grammar import Problem

# What may stand in the form of a date, and the digits that stand there.
PARTS = {"YYYY": "year", "MM": "month", "DD": "day", "HH": "hour", "mm": "minute", "ss": "second"}
_PART = re.compile("|".join(PARTS))
_DAY = {"year", "month", "day"}
_CLOCK = {"hour", "minute", "second"}


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


def compiled(sides: Sides) -> Conversion:
    read, write = date(sides.line["as"], moment=sides.facts.format == "date-time")
    there = both(write, at_most(sides.theirs))
    exact = exactly(there, read)
    return Conversion(
        both(read, at_most(sides.own)), exact, nearest(there), written(exact), total=False, converted=True
    )


def check(line: Line) -> Iterator[Problem]:
    left, right = line.left, line.right
    if left.format not in ("date", "date-time"):
        why = f"{line.served} is no date"
    elif right.kind not in ("text", "any"):
        why = f"{line.at} is a {right.kind}, and a date in a form of its own is text"
    elif right.format in ("date", "date-time"):
        why = f"{line.at} is a {right.format}, which has the form of the served one; leave out as"
    else:
        why = wrong_form(line.node["as"], moment=left.format == "date-time")
    if why:
        yield line.problem(why, "as")


def unfit(kept: str) -> Iterable[str]:
    told = "the register gets what the form tells, and more than that is"
    return [f"other text is not served; {told} {kept}"]
