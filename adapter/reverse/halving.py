"""Where in a list that is ordered by a moment, newest first, the records before or after another begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapter.collection import Compared
from adapter.correspondence.model import Correspondence, Pair
from adapter.mapping.codecs import moment
from adapter.mapping.paths import get
from adapter.reverse.paging import PAGE, paging
from adapter.reverse.session import Session


def cut_points(
    session: Session, it: Correspondence, pair: Pair, conditions: Sequence[Compared]
) -> tuple[int, int]:
    """(the first place, the place after the last) of those that meet all conditions on the moment.

    It takes a call of one record for each halving, or one page when the list is that short.
    """
    count, rows = session.page(it, (), 1)
    shown = [moment(get(each.record, pair.left)) for each in rows] if count <= PAGE else []
    first, last = 0, count

    def at(place: int) -> str:
        if shown:
            return shown[place]
        found = session.rows(it.left.name, (("pageSize", "1"), *paging(place + 1)))[1]
        return moment(get(found[0], pair.left)) if found else ""

    for each in conditions:
        value = moment(each.value)
        match each.operator:
            case ">":
                last = min(last, _first(count, lambda place, it=value: at(place) <= it))  # type: ignore[misc]
            case ">=":
                last = min(last, _first(count, lambda place, it=value: at(place) < it))  # type: ignore[misc]
            case "<":
                first = max(first, _first(count, lambda place, it=value: at(place) < it))  # type: ignore[misc]
            case "<=":
                first = max(first, _first(count, lambda place, it=value: at(place) <= it))  # type: ignore[misc]
    return first, last


def _first(count: int, holds: Callable[[int], bool]) -> int:
    """The first place at which something holds that holds from there on; `count` when nowhere."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
