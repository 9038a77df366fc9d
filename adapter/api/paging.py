"""The envelope of a page of a list: `count`, `next`, `previous` and `results`."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from adapter.openapi.parameters import PAGE
from adapter.service import Page


def envelope(page: Page, page_size: int, url: str, query: str) -> dict[str, Any]:
    """The JSON of a page. `url` is the public URL of the list and `query` the query string of the request.

    The links repeat the query with its parameters sorted by name, as Open Klant's do.
    """
    more = page.page * page_size < page.count
    return {
        "count": page.count,
        "next": _link(url, query, page.page + 1) if more else None,
        "previous": _link(url, query, page.page - 1) if page.page > 1 else None,
        "results": page.results,
    }


def _link(url: str, query: str, number: int) -> str:
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True, errors="replace") if pair[0] != PAGE]
    # The link to the first page has no `page`.
    if number > 1:
        pairs.append((PAGE, str(number)))
    return f"{url}?{urlencode(sorted(pairs))}" if pairs else url
