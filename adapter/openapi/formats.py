"""The text formats of OpenAPI documents, as Django and Django REST framework read them.

Each function returns the text in its canonical form, or None when it does not have the format.
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
# In characters; Django REST framework has the same bound.
LONGEST_NUMBER = 1000
# Python takes these for white space; Open Klant refuses a number with one of them.
_SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")
# Not int(): that accepts underscores and the digits of other scripts too.
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)

# Case is ignored only where it must be: for a range this long, Python goes through all its characters.
_LABEL = r"[A-Za-z0-9¡-￿](?:[A-Za-z0-9¡-￿-]{0,61}[A-Za-z0-9¡-￿])?"
_HOST = (
    r"(?:(?:0|25[0-5]|2[0-4]\d|1\d?\d?|[1-9]\d?)(?:\.(?:0|25[0-5]|2[0-4]\d|1\d?\d?|[1-9]\d?)){3}"
    r"|\[(?P<six>[0-9A-Fa-f:.]+)\]"
    rf"|(?:{_LABEL}(?:\.{_LABEL})*\.(?!-)(?:[A-Za-z¡-￿-]{{2,63}}|(?i:xn--[a-z0-9]{{1,59}}))(?<!-)\.?"
    r"|(?i:localhost)))"
)
_URL = re.compile(
    rf"(?i:https?|ftps?)://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]\S*)?"
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
    """A uuid in lower case with hyphens (RFC 9562, section 4).

    Capitals, a uuid without hyphens, and the prefix `urn:uuid:` are accepted.
    """
    if _UUID.fullmatch(text):
        return text
    try:
        return str(UUID(text)) if text.isascii() else None
    except ValueError:
        return None


def instant(text: str, *, bare_date: bool = True) -> str | None:
    """A moment in UTC: `2025-03-03T09:30:00Z`. Text without a time zone is taken to be UTC.

    With `bare_date`, a date stands for its midnight and any notation of ISO 8601 that Python reads is
    accepted (`20250303T0930Z`, `2025-W10-1`); without it only the notation of RFC 3339.
    """
    found = moment(text, bare_date=bare_date)
    return None if found is None else in_utc(found)


def moment(text: str, *, bare_date: bool = True) -> datetime | None:
    """The moment that `instant` returns, in the time zone that was written, or naive without one."""
    return (_iso_moment(text) if bare_date else None) or _moment(text)


def in_utc(moment: datetime) -> str | None:
    """A moment in UTC: `2025-03-03T09:30:00Z`; None when it falls outside the years 1 to 9999 there."""
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
    """A date as `2025-03-03`, from any notation of ISO 8601, or with one digit for month or day."""
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
    """An integer in ASCII digits, at most LONGEST_NUMBER characters, perhaps with white space around it."""
    bare = text.strip() if _SEPARATORS.isdisjoint(text) else text
    return int(bare) if len(bare) <= LONGEST_NUMBER and _INTEGER.fullmatch(bare) else None


def web_address(text: str) -> str | None:
    """An absolute URL (http, https, ftp or ftps), unchanged; the rules are those of Django's URLValidator."""
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
    """An e-mail address, unchanged; the rules are those of Django's EmailValidator."""
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
