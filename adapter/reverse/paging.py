"""Parameters of lists of the new API, and its pages."""

from __future__ import annotations

PAGE = 100
Params = tuple[tuple[str, str], ...]


def paging(number: int) -> Params:
    """The parameter for a page; none for the first."""
    return (("page", str(number)),) if number > 1 else ()
