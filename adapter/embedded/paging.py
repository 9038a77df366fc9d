"""The pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request

from adapter.embedded.answers import Refused, invalid, not_found, origin_of
from adapter.openapi import reasons
from adapter.openapi.checked import Problem

WRONG_PAGE = "Ongeldige pagina."
MOST_PAGES = 10**12


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the offset of its first row, and the URLs of its neighbours."""

    count: int
    offset: int
    next: str | None
    previous: str | None


def page_number(request: Request, *, lenient: bool) -> int | None:
    """The number that `?page=` asks for, None for `last`.

    Text that is no page number is a page that does not exist; with `lenient` it is a 400.
    """
    asked = request.query_params.get("page", "1")
    if asked == "last":
        return None
    # no list has so many pages; a larger number is past what a database counts
    return min(_number(asked, _no_number if lenient else _not_there), MOST_PAGES)


def page_of(request: Request, asked: int | None, count: int, size: int, *, lenient: bool) -> Page:
    """The page with a number, None for the last one; an empty list has one page.

    A page that does not exist is a 404; with `lenient`, as the specification has no 404 there, it is empty.
    """
    last = max(1, -(-count // size))
    number = last if asked is None else asked
    if number > last and not lenient:
        raise not_found(WRONG_PAGE)
    return Page(
        count,
        (number - 1) * size,
        _link(request, number + 1) if number < last else None,
        _link(request, number - 1) if number > 1 else None,
    )


def _number(text: str, refusal: Callable[[], Refused]) -> int:
    try:
        number = int(text)
    except ValueError:
        raise refusal() from None
    if number < 1:
        raise refusal()
    return number


def _not_there() -> Refused:
    return not_found(WRONG_PAGE)


def _no_number() -> Refused:
    return invalid(Problem("page", "invalid", reasons.PARAMETER_NOT_INTEGER))


def _link(request: Request, number: int) -> str:
    """The URL of another page; the first one is the list without `page`."""
    query = parse_qs(request.url.query, keep_blank_values=True)
    query.pop("page", None)
    if number > 1:
        query["page"] = [str(number)]
    parameters = urlencode(sorted(query.items()), doseq=True)
    return f"{origin_of(request)}{request.url.path}{'?' if parameters else ''}{parameters}"
