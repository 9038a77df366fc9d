"""Pages of a list: numbers, sizes and the links to the next and the previous."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from adapter.embedded.objects.errors import not_found

DEFAULT_SIZE = 100
LARGEST_SIZE = 500


def page_size(given: str | None) -> int:
    """1 to 500; more is 500, and what is no positive number is 100."""
    try:
        size = int(given or "")
    except ValueError:
        return DEFAULT_SIZE
    return min(size, LARGEST_SIZE) if size > 0 else DEFAULT_SIZE


def paged(
    url: str, number: str | None, size: int, count: Callable[[], int], rows: Callable[[int, int], list[Any]]
) -> dict[str, Any]:
    """The page `number` of a list; `url` is the one asked for. `rows` gets limit and offset. The first page
    of an empty list is empty, any other page beyond the end is 404."""
    if number in (None, "", "1"):
        results = rows(size, 0)
        return _content(url, 1, size, len(results) if len(results) < size else count(), results)
    total = count()
    last = max(1, -(-total // size))
    try:
        wanted = last if number == "last" else int(number or "")
    except ValueError:
        raise not_found("Invalid page.") from None
    if not 1 <= wanted <= last:
        raise not_found("Invalid page.")
    return _content(url, wanted, size, total, rows(size, (wanted - 1) * size))


def _content(url: str, number: int, size: int, total: int, results: list[Any]) -> dict[str, Any]:
    return {
        "count": total,
        "next": _link(url, number + 1) if number * size < total else None,
        "previous": _link(url, number - 1) if number > 1 else None,
        "results": results,
    }


def _link(url: str, number: int) -> str:
    """`url` with another page number; the first page has none."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    query.pop("page", None)
    if number > 1:
        query["page"] = [str(number)]
    return parts._replace(query=urlencode(sorted(query.items()), doseq=True)).geturl()
