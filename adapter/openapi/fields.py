"""Checks of single values: text, choices, booleans, numbers, uuids, dates, date-times.

A check is a function `(value, path, findings)`, made once per member of a schema. It returns the value in its
canonical form, or adds a problem to the findings and returns `INVALID`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from adapter.openapi import formats, reasons, texts
from adapter.openapi.checked import MOST_PROBLEMS, Problem


class _Invalid:
    """The type of INVALID, which stands for a value that was refused."""


INVALID: Final = _Invalid()


class TooManyProblems(Exception):
    """A body has more than MOST_PROBLEMS problems, so validation stops."""


class Findings:
    """The problems found in one body, and the values that were refused, by the name of their problem."""

    __slots__ = ("partial", "problems", "rejected")

    def __init__(self, *, partial: bool = False) -> None:
        self.partial = partial
        self.problems: list[Problem] = []
        self.rejected: dict[str, Any] = {}

    def add(self, at: str, code: str, reason: str, value: Any = INVALID) -> Any:
        """Add a problem, and return INVALID, so that a check can return the result.

        Raises TooManyProblems.
        """
        self._note(Problem(at, code, reason))
        if value is not INVALID:
            self.rejected[at] = value
        return INVALID

    def null_item(self, at: str, place: str) -> Any:
        """Add the problem that the item `place` of the list `at` is null, under the name of the list."""
        self._note(Problem(at, "null", reasons.EMPTY, place))
        return INVALID

    def only_missing(self, start: int, names: Collection[str]) -> None:
        """If one of `names` is missing, drop all other problems from the position `start` on."""
        missing = [each for each in self.problems[start:] if each.code == "required" and each.name in names]
        if missing:
            self.problems[start:] = missing

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) > MOST_PROBLEMS:
            raise TooManyProblems


Check = Callable[[Any, str, Findings], Any]
Spec = Mapping[str, Any]

_TRUE = {"t", "y", "yes", "true", "on", "1"}
_FALSE = {"f", "n", "no", "false", "off", "0"}
_WHOLE_FRACTION = re.compile(r"\.0*\s*$")


def nullable(check: Check) -> Check:
    """The same check, which accepts null."""

    def checked(value: Any, at: str, findings: Findings) -> Any:
        return None if value is None else check(value, at, findings)

    return checked


def not_null(check: Check) -> Check:
    """The same check, which refuses null."""

    def checked(value: Any, at: str, findings: Findings) -> Any:
        if value is None:
            return findings.add(at, "null", reasons.EMPTY, None)
        return check(value, at, findings)

    return checked


def scalar(spec: Spec) -> Check:
    """The check of a value that is no object and no list; `spec` is its merged schema with options."""
    kind = spec.get("type")
    if "enum" in spec:
        return _choice(spec)
    if kind == "boolean":
        return _boolean(blank_is_null=bool(spec.get("nullable")))
    if kind in {"integer", "number"}:
        return _number(spec)
    if kind == "string":
        return _FORMATS.get(spec.get("format", ""), _text)(spec)
    return lambda value, _at, _findings: value


def _text(spec: Spec) -> Check:
    limits = texts.limits(spec)
    blank = bool(spec.get("blank"))
    trim = bool(spec.get("trim", True))
    no_text = texts.no_text(spec)

    def check(value: Any, at: str, findings: Findings) -> Any:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return findings.add(at, "invalid", no_text, value)
        text = str(value)
        stripped = text.strip()
        text = stripped if trim else text
        if not stripped:
            return text if blank else findings.add(at, "blank", reasons.EMPTY, text)
        found = [(code, reason) for limit in limits for code, reason in limit(text)]
        for code, reason in found:
            findings.add(at, code, reason, text)
        return INVALID if found else text

    return check


def _choice(spec: Spec) -> Check:
    choices = {str(choice): choice for choice in spec["enum"] if choice is not None}
    blank = bool(spec.get("blank"))

    def check(value: Any, at: str, findings: Findings) -> Any:
        if value == "" and blank:
            return ""
        found = choices.get(str(value), INVALID)
        return (
            findings.add(at, "invalid_choice", reasons.no_choice(value), value) if found is INVALID else found
        )

    return check


def _boolean(*, blank_is_null: bool) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, (str, int, float)):
            word = value.lower() if isinstance(value, str) else str(int(value) if value in {0, 1} else value)
            if word in _TRUE:
                return True
            if word in _FALSE:
                return False
            if blank_is_null and word in {"", "null"}:
                return None
        return findings.add(at, "invalid", reasons.NOT_BOOLEAN, value)

    return check


def _number(spec: Spec) -> Check:
    integer = spec["type"] == "integer"
    least, most = spec.get("minimum"), spec.get("maximum")
    reason = reasons.NOT_INTEGER if integer else reasons.NOT_NUMBER

    def check(value: Any, at: str, findings: Findings) -> Any:
        if isinstance(value, str) and len(value) > formats.LONGEST_NUMBER:
            return findings.add(at, "max_string_length", reasons.LONG_NUMBER, value)
        number = _read_number(value, integer=integer)
        if number is None:
            return findings.add(at, "invalid", reason, value)
        if most is not None and number > most:
            return findings.add(at, "max_value", reasons.too_large(most), number)
        if least is not None and number < least:
            return findings.add(at, "min_value", reasons.too_small(least), number)
        return number

    return check


def _read_number(value: Any, *, integer: bool) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if integer:
        return formats.whole_number(_WHOLE_FRACTION.sub("", str(value)))
    try:
        return float(value)
    except ValueError:
        return None


def _uuid(_spec: Spec) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        found = None
        if isinstance(value, str):
            found = formats.canonical_uuid(value)
        elif isinstance(value, int) and 0 <= value < 1 << 128:
            # A number is accepted as in Open Klant, where Python's UUID takes one; true is the number 1.
            found = formats.canonical_uuid(f"{value:032x}")
        return findings.add(at, "invalid", reasons.NOT_UUID, value) if found is None else found

    return check


def _date(spec: Spec) -> Check:
    blank = bool(spec.get("blank"))

    def check(value: Any, at: str, findings: Findings) -> Any:
        if value == "" and blank:
            return ""
        found = formats.calendar_date(value) if isinstance(value, str) else None
        return findings.add(at, "invalid", reasons.NOT_DATE, value) if found is None else found

    return check


def _instant(spec: Spec) -> Check:
    bare_date, blank = bool(spec.get("bareDate", True)), bool(spec.get("blank"))

    def check(value: Any, at: str, findings: Findings) -> Any:
        if value == "" and blank:
            return ""
        moment = formats.moment(value, bare_date=bare_date) if isinstance(value, str) else None
        if moment is None:
            return findings.add(at, "invalid", reasons.NOT_INSTANT, value)
        found = formats.in_utc(moment)
        return findings.add(at, "overflow", reasons.OUT_OF_RANGE, value) if found is None else found

    return check


_FORMATS: dict[str, Callable[[Spec], Check]] = {"uuid": _uuid, "date": _date, "date-time": _instant}

FORMATS: Final = (*_FORMATS, *texts.FORMATS)
"""The formats of text that are checked."""
