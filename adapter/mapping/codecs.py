"""Conversions between a served value and a register's value, each with both directions.

A codec is a pair of functions. Either raises `DoesNotFit` for a value that the other side cannot hold; the
engine then keeps the value in the aanvulling, or reads it as absent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Protocol

from adapter.mapping.paths import MISSING
from adapter.mapping.places import Place
from adapter.mapping.references import uuid_at_end

Convert = Callable[[Any], Any]

ELLIPSIS = "…"
# What an instant with a part of a second is written as here, and by most registers.
_IN_FULL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DoesNotFit(Exception):
    """A value that the other side cannot hold. It carries nothing, so it can be logged."""


class Links(Protocol):
    """How records of the registers are referred to."""

    def url(self, place: Place, uuid: str) -> str:
        """The URL that is written for a record."""

    def urls(self, place: Place, uuid: str) -> tuple[str, ...]:
        """Every URL that names the record, of each base the first as it is written; see `spellings`."""

    def uuid(self, place: Place, url: str) -> str | None:
        """The uuid of the record that a URL names, under any base the register is known by; else None."""


def same(value: Any) -> Any:
    """The value as it is."""
    return value


def text(read: Convert) -> Convert:
    """The same conversion, of texts: nothing else fits."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise DoesNotFit
        return read(value)

    return check


def cut(length: int) -> Convert:
    """Text shortened to `length` characters, ending in an ellipsis when something was left out."""

    def shorten(value: Any) -> Any:
        if isinstance(value, str) and len(value) > length:
            return value[: length - 1] + ELLIPSIS
        return value

    return shorten


def at_most(length: int | None) -> Convert:
    """Text that does not fit when it is longer than `length`; any when that is None."""

    def check(value: Any) -> Any:
        if length is not None and isinstance(value, str) and len(value) > length:
            raise DoesNotFit
        return value

    return check


def both(first: Convert, second: Convert) -> Convert:
    """One conversion after another."""
    return lambda value: second(first(value))


def exactly(there: Convert, back: Convert) -> Convert:
    """A conversion of what the other direction gives back the same; the rest does not fit."""

    def convert(value: Any) -> Any:
        found = there(value)
        if back(found) != value:
            raise DoesNotFit
        return found

    return convert


def nearest(convert: Convert) -> Convert:
    """What is written of a value that does not fit: what the conversion makes of it, or nothing."""

    def write(value: Any) -> Any:
        try:
            return convert(value)
        except DoesNotFit:
            return MISSING

    return write


def of_form(form: str) -> Convert:
    """Text that does not fit unless it has the form of a regular expression, or is empty.

    Of a form with groups the groups are left, with spaces between them.
    """
    pattern = re.compile(form)

    def check(value: Any) -> Any:
        if value in (None, ""):
            return value
        found = pattern.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise DoesNotFit
        return " ".join(found.groups("")) if pattern.groups else value

    return check


def at_least(least: int) -> Convert:
    """A number that does not fit when it is less."""

    def check(value: Any) -> Any:
        if isinstance(value, int | float) and value < least:
            raise DoesNotFit
        return value

    return check


def instant(value: Any) -> Any:
    """An ISO date and time in UTC with Z, to the microsecond where there are any; naive ones are UTC."""
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise DoesNotFit from None
    if moment.microsecond and _IN_FULL.fullmatch(value):
        return value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise DoesNotFit from None


def moment(value: Any) -> str:
    """An instant as text that sorts as time does, however it is written; "" for what is none."""
    return _moment(value) if isinstance(value, str) else ""


# The instants of a page are compared several times on the way to its order.
@lru_cache(maxsize=4096)
def _moment(value: str) -> str:
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        return ""
    if _IN_FULL.fullmatch(value):
        return f"{value[:-1]}+00:00"
    if found.tzinfo is None:
        found = found.replace(tzinfo=dt.UTC)
    try:
        return found.astimezone(dt.UTC).isoformat(timespec="microseconds")
    except OverflowError:
        return ""


def reference(links: Links, place: Place, *, lenient: bool = False) -> tuple[Convert, Convert]:
    """(read, write) between a URL in a register and a served reference `{uuid}`.

    A URL that is none of the register's reads as nothing; when `lenient`, as the uuid that it ends in.
    """

    # a page names each of its records many times
    named = lru_cache(maxsize=1024)(partial(links.uuid, place))

    def reading(value: Any) -> Any:
        if isinstance(value, str):
            uuid = named(value)
            if uuid is None and lenient:
                uuid = uuid_at_end(value)
            if uuid is not None:
                return {"uuid": uuid}
        raise DoesNotFit

    def writing(value: Any) -> Any:
        if not isinstance(value, dict):
            raise DoesNotFit
        return links.url(place, value["uuid"])

    return reading, writing


def uuid_of(links: Links, place: Place) -> tuple[Convert, Convert]:
    """(read, write) between the URL of a record in a register and its bare uuid as text.

    A URL under an unknown base still reads as the uuid in it: it is data, not a reference of ours.
    """

    def reading(value: Any) -> Any:
        found = uuid_at_end(value) if isinstance(value, str) else None
        if found is None:
            raise DoesNotFit
        return found

    def writing(value: Any) -> Any:
        if not (isinstance(value, str) and _UUID.fullmatch(value)):
            raise DoesNotFit
        return links.url(place, value)

    return reading, writing


def short_identifier(value: str, taken: Callable[[str], bool] = lambda _: False) -> str:
    """At most 24 characters by which old records name an actor.

    The value itself when it fits, else the part before @ when `taken` says that nobody else has it, else its
    first 15 characters and a hash of 8.
    """
    limit = 24
    if len(value) <= limit:
        return value
    local = value.partition("@")[0]
    if local != value and len(local) <= limit and not taken(local):
        return local
    return f"{value[:15]}-{hashlib.sha256(value.encode()).hexdigest()[:8]}"


def fingerprint(values: Any) -> str:
    """A short hash by which a later change of register values is seen; it does not give the values away."""
    return hashlib.sha256(repr(_stable(values)).encode()).hexdigest()[:16]


def _stable(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return sorted(
            [(key, each if isinstance(each, str) else _stable(each)) for key, each in value.items()]
        )
    if isinstance(value, (list, tuple)):
        return [each if isinstance(each, str) else _stable(each) for each in value]
    return "" if value is MISSING or value is None else value
