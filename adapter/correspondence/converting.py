"""What a conversion makes of a value, towards either side. Raises `DoesNotFit` where that cannot hold it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol, assert_never

from adapter.correspondence.model import (
    OTHERWISE,
    Codec,
    Conversion,
    Form,
    Limit,
    Pair,
    Range,
    Reference,
    Side,
    Spelling,
    Words,
)
from adapter.mapping.codecs import DoesNotFit, cut, short_identifier


class Links(Protocol):
    """How records of the registers are referred to; a collection is `register/collection`."""

    def url(self, collection: str, uuid: str) -> str:
        """The URL that is written for a record."""

    def uuid(self, collection: str, url: str) -> str | None:
        """The uuid of the record that a URL names, under any base it is known by; else None."""


def converted(pair: Pair, to: Side, value: Any, links: Links) -> Any:
    """The value of a pair on the side `to`, of that on the other side. Raises DoesNotFit."""
    steps = pair.conversions if to == "right" else tuple(reversed(pair.conversions))
    for step in steps:
        value = _convert(step, to, value, links)
    return _within(pair.limit(to), value)


def _within(limit: Limit, value: Any) -> Any:
    if limit.longest is None or not isinstance(value, str) or len(value) <= limit.longest:
        return value
    if not limit.cut:
        raise DoesNotFit
    return cut(limit.longest)(value)


def _convert(it: Conversion, to: Side, value: Any, links: Links) -> Any:
    match it:
        case Words(entries):
            return _word(entries, to, value)
        case Form(pattern):
            return _formed(pattern, value)
        case Range(least, most):
            return _ranged(least, most, value)
        case Reference(collection, left, right):
            ways = (left, right) if to == "right" else (right, left)
            return _referred(collection, *ways, value, links)
        case Codec(name, towards):
            codec = CODECS[name] if to == towards else INVERSES.get(name)
            return codec(value) if codec is not None else value
        case _:
            assert_never(it)


def _word(entries: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], to: Side, value: Any) -> str:
    for wanted in (value, OTHERWISE):
        for left, right in entries:
            here, there = (left, right) if to == "right" else (right, left)
            if OTHERWISE in here and OTHERWISE in there:
                if wanted == OTHERWISE:
                    return _same(entries, to, value)
            elif wanted in here:
                return there[0]
    raise DoesNotFit


def _same(entries: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], to: Side, value: Any) -> str:
    """A word that no entry names, as it is; not one that the other side has for something else."""
    named = {word for left, right in entries for word in (right if to == "right" else left)}
    if not isinstance(value, str) or value in named:
        raise DoesNotFit
    return value


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _formed(pattern: str, value: Any) -> Any:
    if value in (None, ""):
        return value
    if not isinstance(value, str) or not _pattern(pattern).fullmatch(value):
        raise DoesNotFit
    return value


def _ranged(least: int, most: int, value: Any) -> Any:
    if value is None:
        return value
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise DoesNotFit
    return value


def _referred(collection: str, here: Spelling, there: Spelling, value: Any, links: Links) -> Any:
    if value in (None, ""):
        return None
    uuid = _uuid(collection, here, value, links)
    if uuid is None:
        raise DoesNotFit
    if there == "group":
        return {"uuid": uuid}
    return links.url(collection, uuid) if there == "url" else uuid


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(collection: str, spelling: Spelling, value: Any, links: Links) -> str | None:
    if spelling == "group":
        value = value.get("uuid") if isinstance(value, Mapping) else None
    elif spelling == "url":
        return links.uuid(collection, value) if isinstance(value, str) else None
    return value if isinstance(value, str) and _UUID.fullmatch(value) else None


# As a number is written, of at most 64 bits: Python reads no text of more than 4300 digits.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


def _number(value: Any) -> Any:
    """The number of a text; nothing for an empty one. Raises DoesNotFit for another text."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise DoesNotFit
    return int(value)


# Towards the side of the codec. The other direction takes the value as it is, or has its inverse.
CODECS: Mapping[str, Callable[[Any], Any]] = {
    # Never the part before @, which does not tell whose it is.
    "short_identifier": lambda value: short_identifier(value, _everyone) if isinstance(value, str) else value,
    # A number as text.
    "number_text": lambda value: str(value) if isinstance(value, int) else value,
}
INVERSES: Mapping[str, Callable[[Any], Any]] = {"number_text": _number}
SHORTENED = re.compile(r".{15}-[0-9a-f]{8}", re.DOTALL)


def _everyone(_name: str) -> bool:
    return True


def certain(codec: str, value: str) -> bool:
    """Whether only the value itself is converted to this value."""
    return codec != "short_identifier" or not SHORTENED.fullmatch(value)
