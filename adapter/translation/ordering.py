"""The order of resources that live in several homes."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.translation.entries import Entry


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What has an instant of creation, newest first; then the rest, home by home in the register's own order.

    Two resources keep their places beside each other whatever is written elsewhere.
    """
    placed = sorted(entries, key=lambda each: (each.resource.ranks[each.home.name], each.position))
    return sorted(placed, key=lambda each: each.created, reverse=True)
