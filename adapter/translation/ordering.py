"""The order of resources that live in several homes."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.translation.entries import Entry
from adapter.translation.homes import PRECEDENCE


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What has an instant of creation, newest first; then the rest, home by home in the register's own order.

    Two resources keep their places beside each other whatever is written elsewhere.
    """
    placed = sorted(entries, key=lambda each: (_rank(each), each.position))
    return sorted(placed, key=lambda each: each.created, reverse=True)


def _rank(entry: Entry) -> tuple[int, int]:
    return PRECEDENCE[entry.home.kind], list(entry.resource.homes).index(entry.home.name)
