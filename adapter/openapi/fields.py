"""Checks of single values: text, choices, booleans, numbers, uuids, dates, instants.

A check is a closure made once per member of a schema: it takes what was sent, the dotted path to name it by
and the findings to add to, and gives the value in its canonical form or `INVALID`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from adapter.openapi import formats, reasons
from adapter.openapi.checked import MOST_PROBLEMS, Problem
from adapter.openapi.countries import COUNTRIES
from adapter.openapi.telephones import wrong_number


class _Invalid:
    """The one value that no check ever accepts."""


INVALID: Final = _Invalid()


class TooManyProblems(Exception):
    """There is more wrong than is told, so nothing more has to be looked at."""


class Findings:
    """The problems of one body while it is being checked, and what was refused."""

    __slots__ = ("partial", "problems", "rejected")

    def __init__(self, *, partial: bool = False) -> None:
        self.partial = partial
        self.problems: list[Problem] = []
        self.rejected: dict[str, Any] = {}

    def add(self, at: str, code: str, reason: str, value: Any = INVALID) -> Any:
        """Notes a problem; gives INVALID, so that a check can end with it. May raise TooManyProblems."""
        self.problems.append(Problem(at, code, reason))
        if len(self.problems) > MOST_PROBLEMS:
            raise TooManyProblems
        if value is not INVALID:
            self.rejected[at] = value
        return INVALID


Check = Callable[[Any, str, Findings], Any]
Spec = Mapping[str, Any]

_TRUE = {"t", "y", "yes", "true", "on", "1"}
_FALSE = {"f", "n", "no", "false", "off", "0"}
_WHOLE_FRACTION = re.compile(r"\.0*\s*$", re.ASCII)


def nullable(check: Check) -> Check:
    """Takes null as a value."""

    def checked(value: Any, at: str, findings: Findings) -> Any:
        return None if value is None else check(value, at, findings)

    return checked


def not_null(check: Check) -> Check:
    """Refuses null."""

    def checked(value: Any, at: str, findings: Findings) -> Any:
        if value is None:
            return findings.add(at, "null", reasons.EMPTY, None)
        return check(value, at, findings)

    return checked


def scalar(spec: Spec) -> Check:
    """The check for a member that is neither object nor list; `spec` is its merged schema with options."""
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
    limits = _limits(spec)
    blank = bool(spec.get("blank"))
    trim = bool(spec.get("trim", True))

    def check(value: Any, at: str, findings: Findings) -> Any:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return findings.add(at, "invalid", reasons.NOT_TEXT, value)
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


Limit = Callable[[str], list[tuple[str, str]]]


def _limits(spec: Spec) -> list[Limit]:
    """What text that is not blank has to keep to, in the order in which the problems are named."""
    limits: list[Limit] = []
    if (format_limit := _TEXT_FORMATS.get(spec.get("format", ""))) is not None:
        limits.append(format_limit)
    if "pattern" in spec and "reason" in spec:
        limits.append(_matches(re.compile(spec["pattern"]), spec["reason"]))
    if (most := spec.get("maxLength")) is not None:
        limits.append(lambda text: [("max_length", reasons.too_long(most))] if len(text) > most else [])
    if (least := spec.get("minLength", 0)) > 1:
        limits.append(lambda text: [("min_length", reasons.too_short(least))] if len(text) < least else [])
    limits.append(
        lambda text: [("null_characters_not_allowed", reasons.NULL_CHARACTER)] if "\0" in text else []
    )
    return limits


def _readable(read: Callable[[str], str | None], reason: str) -> Limit:
    return lambda text: [] if read(text) is not None else [("invalid", reason)]


def _country(text: str) -> list[tuple[str, str]]:
    code = text.upper()
    if code not in COUNTRIES:
        return [("invalid", reasons.NOT_COUNTRY)]
    return [] if text == code else [("invalid", reasons.small_country(code))]


def _telephone(text: str) -> list[tuple[str, str]]:
    reason = wrong_number(text)
    return [("invalid", reason)] if reason else []


def _matches(pattern: re.Pattern[str], reason: str) -> Limit:
    def limit(text: str) -> list[tuple[str, str]]:
        # A pattern's $ also matches before a final newline, which JSON Schema's does not.
        found = pattern.search(text)
        if found and not text.endswith("\n"):
            return []
        return [("invalid", reason.replace("{value}", text))]

    return limit


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
    text = str(value).strip()
    if integer:
        return formats.whole_number(_WHOLE_FRACTION.sub("", text))
    try:
        return float(text)
    except ValueError:
        return None


def _uuid(_spec: Spec) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        found = None
        if isinstance(value, str):
            found = formats.canonical_uuid(value)
        elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 128:
            found = formats.canonical_uuid(f"{value:032x}")
        return findings.add(at, "invalid", reasons.NOT_UUID, value) if found is None else found

    return check


def _date(spec: Spec) -> Check:
    return _dated(formats.calendar_date, reasons.NOT_DATE, blank=bool(spec.get("blank")))


def _instant(spec: Spec) -> Check:
    bare_date = bool(spec.get("bareDate", True))
    return _dated(
        lambda text: formats.instant(text, bare_date=bare_date),
        reasons.NOT_INSTANT,
        blank=bool(spec.get("blank")),
    )


def _dated(read: Callable[[str], str | None], reason: str, *, blank: bool) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        if value == "" and blank:
            return ""
        found = read(value) if isinstance(value, str) else None
        return findings.add(at, "invalid", reason, value) if found is None else found

    return check


_FORMATS: dict[str, Callable[[Spec], Check]] = {"uuid": _uuid, "date": _date, "date-time": _instant}

_TEXT_FORMATS: dict[str, Limit] = {
    "uri": _readable(formats.web_address, reasons.NOT_URL),
    "email": _readable(formats.email_address, reasons.NOT_EMAIL),
    "country": _country,
    "telephone": _telephone,
}
