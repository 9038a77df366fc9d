"""What a text of a body has to keep to: its format, its lengths, and characters that no text has.

All of it is looked at, and told in the order in which the reference looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from adapter.openapi import formats, reasons
from adapter.openapi.countries import COUNTRIES
from adapter.openapi.telephones import wrong_number

Limit = Callable[[str], list[tuple[str, str]]]
"""Gives (code, reason) of all that is wrong with a text."""

_SLUG = re.compile(r"[a-z0-9_-]+", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"-?[0-9]+")
# Halves of characters, which JSON can name but no encoding can hold.
_HALF = re.compile("[\ud800-\udfff]")


def limits(spec: Mapping[str, Any]) -> list[Limit]:
    """What text that is not blank has to keep to, in the order in which the problems are told.

    The formats of a field's own kind come last, those that are a rule about its text first.
    """
    form = spec.get("format", "")
    found: list[Limit] = [_RULES[form]] if form in _RULES else []
    if "pattern" in spec and "reason" in spec:
        found.append(_matches(re.compile(spec["pattern"]), spec["reason"]))
    if (most := spec.get("maxLength")) is not None:
        found.append(lambda text: [("max_length", reasons.too_long(most))] if len(text) > most else [])
    if (least := spec.get("minLength", 0)) > 1:
        found.append(lambda text: [("min_length", reasons.too_short(least))] if len(text) < least else [])
    kind = [_is(*_KINDS[form])] if form in _KINDS else []
    return [*found, characters, *kind]


def no_text(spec: Mapping[str, Any]) -> str:
    """The reason for a value that is no text at all."""
    form = spec.get("format", "")
    return _KINDS[form][1] if form in _KINDS else reasons.NOT_TEXT


def characters(text: str) -> list[tuple[str, str]]:
    """What is wrong with single characters; of halves of characters only the first is named."""
    found = [("null_characters_not_allowed", reasons.NULL_CHARACTER)] if "\0" in text else []
    if half := _HALF.search(text):
        found.append(("surrogate_characters_not_allowed", reasons.half_a_character(ord(half[0]))))
    return found


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


def _is(of_it: Callable[[str], object], reason: str) -> Limit:
    return lambda text: [] if of_it(text) else [("invalid", reason)]


_RULES: dict[str, Limit] = {
    "country": _country,
    "telephone": _telephone,
    "digits": _is(_DIGITS.fullmatch, reasons.NOT_DIGITS),
}
_KINDS: dict[str, tuple[Callable[[str], object], str]] = {
    "uri": (formats.web_address, reasons.NOT_URL),
    "email": (formats.email_address, reasons.NOT_EMAIL),
    "slug": (_SLUG.fullmatch, reasons.NOT_SLUG),
}

FORMATS = (*_RULES, *_KINDS)
"""The formats of what stays text."""
