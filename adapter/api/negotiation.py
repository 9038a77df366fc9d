"""What a client takes and what it sends: media types, and headers that can mean one thing only."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from adapter.api.errors import JSON, PROBLEM
from adapter.errors import Invalid, NotAcceptable, NotFound, Problem, UnsupportedMediaType

_SINGLE = ("Host", "Authorization")
_TWICE = "Deze header mag maar een keer voorkomen."
_TAKES_JSON = {JSON, "application/*", "*/*"}


def check_accept(header: str | None) -> None:
    """NotAcceptable when the client takes no JSON."""
    if header is None or header in {"*/*", JSON, ""}:
        return
    if not any(media_type in _TAKES_JSON and quality > 0 for media_type, quality in _ranges(header)):
        raise NotAcceptable


def check_single(headers: Headers) -> None:
    """Invalid when a header stands twice of which a proxy may have read the other one."""
    twice = [name for name in _SINGLE if len(headers.getlist(name)) > 1]
    if twice:
        raise Invalid([Problem(name, "invalid", _TWICE) for name in twice])


def check_format(query: str) -> None:
    """NotFound when the query asks for another form than JSON; of what is repeated the last one counts."""
    if "format" in query and dict(parse_qsl(query)).get("format", "json") != "json":
        raise NotFound


def error_media_type(header: str | None) -> str:
    """Plain JSON, which the clients of this API check for, unless problem+json is asked for by name."""
    if header is None or PROBLEM not in header.lower():
        return JSON
    asked = any(media_type == PROBLEM and quality > 0 for media_type, quality in _ranges(header))
    return PROBLEM if asked else JSON


def check_content_type(header: str | None) -> None:
    """UnsupportedMediaType when the body is not JSON; parameters such as charset are of no influence."""
    if header == JSON:
        return
    if _media_type(header or "") != JSON:
        raise UnsupportedMediaType(header or "")


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _ranges(header: str) -> list[tuple[str, float]]:
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
