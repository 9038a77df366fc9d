"""Rules for text in a body: format, pattern, length, and characters that no text may have.

All rules are checked, and problems reported in the order in which Open Klant checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from adapter.openapi import formats, reasons
from adapter.openapi.countries import COUNTRIES
from adapter.openapi.telephones import wrong_number

Limit = Callable[[str], list[tuple[str, str]]]
"""A rule for text: returns (code, reason) of each problem."""

_SLUG = re.compile(r"[a-z0-9_-]+", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"-?[0-9]+")
# Lone surrogates: JSON can escape one (`\ud800`), but it has no encoding in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")


def limits(spec: Mapping[str, Any]) -> list[Limit]:
    """The rules for text that is not blank, in the order in which they are checked.

    In Open Klant `country`, `telephone` and `digits` are validators of a model field, which come first;
    `uri`, `email` and `slug` are serializer fields of their own, whose check comes last.
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
    """The reason for a value of another type than text."""
    form = spec.get("format", "")
    return _KINDS[form][1] if form in _KINDS else reasons.NOT_TEXT


def characters(text: str) -> list[tuple[str, str]]:
    """The problems with characters: NUL, and the first lone surrogate."""
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
        # In Python, unlike in JSON Schema (ECMA 262), $ also matches before a newline at the end.
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
"""The formats of which the value remains text as it was sent."""
