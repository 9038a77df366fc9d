"""The text formats of OpenAPI documents, read as the Django family of servers reads them.

Every function takes text and gives it in canonical form, or None when it is not of the format.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from ipaddress import AddressValueError, IPv6Address, ip_address
from uuid import UUID

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_LOOSE_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOOSE_INSTANT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*(Z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
LONGEST_NUMBER = 1000
# Digits of other scripts and underscores mean numbers to Python, not to a reader.
_SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)

_LABEL = r"[a-z0-9¡-￿](?:[a-z0-9¡-￿-]{0,61}[a-z0-9¡-￿])?"
_HOST = (
    r"(?:(?:0|25[0-5]|2[0-4]\d|1\d?\d?|[1-9]\d?)(?:\.(?:0|25[0-5]|2[0-4]\d|1\d?\d?|[1-9]\d?)){3}"
    r"|\[(?P<six>[0-9a-f:.]+)\]"
    rf"|(?:{_LABEL}(?:\.{_LABEL})*\.(?!-)(?:[a-z¡-￿-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)\.?|localhost))"
)
_URL = re.compile(
    rf"(?:https?|ftps?)://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_URL_LENGTH = 2048

_EMAIL_LOCAL = re.compile(
    r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*"
    r'|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"',
    re.IGNORECASE,
)
_EMAIL_DOMAIN = re.compile(
    r"(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z0-9-]{2,63}(?<!-)",
    re.IGNORECASE,
)
_EMAIL_LITERAL = re.compile(r"\[([0-9A-F:.]+)\]", re.IGNORECASE)
_EMAIL_LENGTH = 320


def canonical_uuid(text: str) -> str | None:
    """A uuid in lower case with hyphens; also from upper case, without hyphens or with `urn:uuid:`."""
    if _UUID.fullmatch(text):
        return text
    try:
        return str(UUID(text)) if text.isascii() else None
    except ValueError:
        return None


def instant(text: str, *, bare_date: bool = True) -> str | None:
    """A moment in UTC with `Z`; without a zone it is UTC.

    Where a bare date is allowed it is its midnight, and every notation of ISO 8601 that Python reads is taken
    (`20250303T0930Z`, `2025-W10-1`); else only the usual one.
    """
    found = moment(text, bare_date=bare_date)
    return None if found is None else in_utc(found)


def moment(text: str, *, bare_date: bool = True) -> datetime | None:
    """The moment that `instant` reads, in its own zone."""
    return (_iso_moment(text) if bare_date else None) or _moment(text)


def in_utc(moment: datetime) -> str | None:
    """A moment in UTC with `Z`; None when it is in no year there."""
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return moment.isoformat().replace("+00:00", "Z")


def _iso_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text.isascii() else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    found = _LOOSE_INSTANT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    padded = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second or '00':0>2}"
    try:
        return datetime.fromisoformat(f"{padded}.{(fraction or '0'):0<6}{zone or ''}")
    except ValueError:
        return None


def calendar_date(text: str) -> str | None:
    """A day as YYYY-MM-DD, from any notation of ISO 8601; single digits for month and day are padded."""
    if not text.isascii():
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        found = _LOOSE_DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None


def whole_number(text: str) -> int | None:
    """An integer in plain digits, with white space around it or not.

    The separators of ASCII are none, as in the reference, although they are in any other text. Absurdly long
    numbers are refused before they cost anything.
    """
    bare = text.strip() if _SEPARATORS.isdisjoint(text) else text
    return int(bare) if len(bare) <= LONGEST_NUMBER and _INTEGER.fullmatch(bare) else None


def web_address(text: str) -> str | None:
    """An absolute http(s) or ftp(s) URL, as it was."""
    found = _URL.fullmatch(text) if len(text) <= _URL_LENGTH else None
    if found is None:
        return None
    if found["six"]:
        try:
            IPv6Address(found["six"])
        except AddressValueError:
            return None
    return text


def email_address(text: str) -> str | None:
    """An e-mail address, as it was."""
    if len(text) > _EMAIL_LENGTH:
        return None
    local, at, domain = text.rpartition("@")
    if not at or not _EMAIL_LOCAL.fullmatch(local):
        return None
    if domain == "localhost" or _EMAIL_DOMAIN.fullmatch(domain) or _is_literal(domain):
        return text
    try:
        return text if _EMAIL_DOMAIN.fullmatch(domain.encode("idna").decode("ascii")) else None
    except UnicodeError:
        return None


def _is_literal(domain: str) -> bool:
    """Whether the domain of an e-mail address is an IP address between brackets."""
    literal = _EMAIL_LITERAL.fullmatch(domain)
    try:
        return literal is not None and bool(ip_address(literal[1]))
    except ValueError:
        return False
