"""Checks of the headers that negotiate content (RFC 9110, section 12), and of repeated headers."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from adapter.api.errors import JSON, PROBLEM
from adapter.errors import Invalid, NotAcceptable, NotFound, Problem, UnsupportedMediaType

_SINGLE = ("Host", "Authorization")
_TWICE = "Deze header mag maar een keer voorkomen."
_TAKES_JSON = {JSON, "application/*", "*/*"}


def check_accept(header: str | None) -> None:
    """Raise NotAcceptable when the Accept header excludes JSON."""
    if header is None or header in {"*/*", JSON, ""}:
        return
    if not any(media_type in _TAKES_JSON and quality > 0 for media_type, quality in _ranges(header)):
        raise NotAcceptable


def check_single(headers: Headers) -> None:
    """Raise Invalid when Host or Authorization is repeated.

    A proxy in front may have checked one of the two and KlantBrug would use the other.
    """
    twice = [name for name in _SINGLE if len(headers.getlist(name)) > 1]
    if twice:
        raise Invalid([Problem(name, "invalid", _TWICE) for name in twice])


def check_format(query: str) -> None:
    """Raise NotFound when the parameter `format` (the last, if repeated) asks for something else than JSON.

    Django REST framework, which Open Klant is built on, reads this parameter beside the Accept header.
    """
    if "format" in query and dict(parse_qsl(query)).get("format", "json") != "json":
        raise NotFound


def error_media_type(header: str | None) -> str:
    """The media type of an error: application/problem+json (RFC 9457) only when Accept names it.

    Otherwise it is application/json, as Open Klant answers; clients of this API check for that.
    """
    if header is None or PROBLEM not in header.lower():
        return JSON
    asked = any(media_type == PROBLEM and quality > 0 for media_type, quality in _ranges(header))
    return PROBLEM if asked else JSON


def check_content_type(header: str | None) -> None:
    """Raise UnsupportedMediaType when a Content-Type is not JSON; its parameters (charset) are ignored."""
    if header == JSON:
        return
    if _media_type(header or "") != JSON:
        raise UnsupportedMediaType(header or "")


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _ranges(header: str) -> list[tuple[str, float]]:
    """(media type, quality) of each part of an Accept header, such as ("application/json", 0.8)."""
    return [(_media_type(part), _quality(part)) for part in header.split(",")]


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
