"""The pages of the lists of the e-Suite."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from adapter.embedded.esuite.asked import Asked
from adapter.embedded.esuite.bodies import JSON


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its number, how many records all pages have, and how many one has at most."""

    number: int
    count: int
    size: int


def paged(asked: Asked, page: Page, results: list[JSON]) -> JSON:
    """A page with links to its neighbours; one past the last is empty."""
    last, number = max(1, -(-page.count // page.size)), page.number
    return {
        "count": page.count,
        "next": _link(asked, number + 1) if number < last else None,
        "previous": _link(asked, min(number - 1, last)) if number > 1 else None,
        "results": results,
    }


def _link(asked: Asked, number: int) -> str:
    query = [(name, value) for name, value in asked.parameters.multi_items() if name != "page"]
    return f"{asked.origin}{asked.path}?{urlencode([*query, ('page', str(number))])}"
