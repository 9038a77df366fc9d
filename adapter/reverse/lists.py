"""Answer a question: a page of the new API where that is exactly it, else all candidates, tested again."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.collection import CannotAnswer, Compared, Condition, Question
from adapter.correspondence.model import Correspondence
from adapter.mapping.paths import parse
from adapter.reverse.asking import COST, Asked, asked, constants
from adapter.reverse.far import listed, through
from adapter.reverse.halving import cut_points
from adapter.reverse.known import Known
from adapter.reverse.matching import matches, ordered
from adapter.reverse.paging import PAGE, Params
from adapter.reverse.session import Session

Found = tuple[int, list[Known]]

# The ways to records that lead by way of others.
OF_ROWS = {"uuid", "along", "rows"}


def page(session: Session, it: Correspondence, question: Question, size: int, offset: int) -> Found:
    """How many records there are in all, and those from `offset`. Raises CannotAnswer."""
    member = session.deployment.order.get(it.right.name)
    own_order = not question.order or question.order == ((member, True),)
    conditions = question.conditions
    ways = [asked(session, it, each) for each in conditions]
    if any(each.way == "nothing" for each in ways):
        return 0, []
    restricting = [(way, each) for way, each in zip(ways, conditions, strict=True) if way.way != "everything"]
    if own_order and not it.left.where and through(it) is None:
        if not restricting:
            return _slice(session, it, (), size, offset)
        (way, _), *others = restricting
        if not others and way.exact and len(way.params) == 1:
            return _slice(session, it, way.params[0], size, offset)
        if member and all(_is_moment(each, member) for _, each in restricting):
            return _between(session, it, [each for _, each in restricting], size, offset)
    found = _candidates(session, it, [way for way, _ in restricting])
    found = [each for each in found if all(matches(each, condition) for condition in conditions)]
    found = ordered(found, question.order or (((member, True),) if member else ()))
    return len(found), found[offset : offset + size]


def _is_moment(condition: Condition, member: str) -> bool:
    return isinstance(condition, Compared) and condition.path == member and condition.operator != "="


def _slice(session: Session, it: Correspondence, params: Params, size: int, offset: int) -> Found:
    """A part of a list of the new API, of which every record is one of the old.

    A page with fewer records than its count says had some twice: then the list is read whole.
    """
    found: list[Known] = []
    number, first = divmod(offset, PAGE)
    while True:
        count, rows = session.page(it, params, number + 1)
        if params and len(rows) < min(PAGE, count - number * PAGE):
            found = _all(session, it, params)
            return len(found), found[offset : offset + size]
        found += rows
        number += 1
        if len(found) >= first + size or number * PAGE >= count or not rows:
            return count, found[first : first + size]


def _between(
    session: Session, it: Correspondence, conditions: Sequence[Condition], size: int, offset: int
) -> Found:
    """Those between two moments: the list is in that order, so its ends are found by halving."""
    compared = [each for each in conditions if isinstance(each, Compared)]
    member = next(each for each in it.pairs if each.right == parse(compared[0].path))
    first, last = cut_points(session, it, member, compared)
    count = max(0, last - first)
    wanted = max(0, min(size, count - offset))
    return count, _slice(session, it, (), wanted, first + offset)[1] if wanted else []


def _candidates(session: Session, it: Correspondence, ways: Sequence[Asked]) -> list[Known]:
    """All records that may meet a condition, in the order of the collection: found in the cheapest way.

    Of several values, a record is there once for each of which it has a link.
    """
    way = min(ways, key=lambda each: COST.index(each.way), default=Asked("scan"))
    found: list[Known] = []
    match way.way:
        case "uuid" | "along" | "rows":
            found = session.many(it, list(way.find()))
        case "filter":
            for params in way.params:
                found += _all(session, it, params)
        case "through":
            for params in way.params:
                found += _hanging(session, it, params)
        case "scan" | "everything":
            some = _all if through(it) is None else _hanging
            found = some(session, it, constants(session, it))
    if it.right.name not in session.deployment.order and (way.way in OF_ROWS or len(way.params) > 1):
        # the rows that lead to records, and several lists one after the other, have an order of their own
        found = sorted(found, key=_made, reverse=True)
    if way.aside is not None and way.way != "scan":
        asides = session.deployment.shelf.with_value(it.right.name, *way.aside)
        found = _merged(found, session.many(it, [each.uuid for each in asides]))
    if way.item_aside is not None:
        asides = session.deployment.shelf.with_item(it.right.name, way.item_aside)
        found = _merged(found, session.many(it, [each.uuid for each in asides]))
    return found


def _all(session: Session, it: Correspondence, params: Params) -> list[Known]:
    """All records of a list, each once, within the bound. Raises CannotAnswer past it."""
    found: list[Known] = []
    number = 1
    while True:
        count, rows = session.page(it, params, number)
        if count > session.deployment.scan_bound:
            raise CannotAnswer.past(session.deployment.scan_bound)
        found += rows
        if number * PAGE >= count:
            return _once(found)
        number += 1


def _hanging(session: Session, it: Correspondence, params: Params) -> list[Known]:
    """All records that refer to others with these parameters, within the bound. Raises CannotAnswer."""
    part = through(it)
    assert part is not None
    found: list[Known] = []
    for count, rows in listed(session, it, part, params):
        if count > session.deployment.scan_bound:
            raise CannotAnswer.past(session.deployment.scan_bound)
        found += session.learn(it, rows)
    return _once(found)


def _once(found: Sequence[Known]) -> list[Known]:
    return list({each.uuid: each for each in found}.values())


def _merged(found: list[Known], others: list[Known]) -> list[Known]:
    """Two lists as one, newest first as far as their asides say when a record was made."""
    there = {each.uuid for each in found}
    merged = list(found)
    for other in sorted((each for each in others if each.uuid not in there), key=_made, reverse=True):
        place = next((at for at, each in enumerate(merged) if "" < _made(each) <= _made(other)), len(merged))
        merged.insert(place, other)
    return merged


def _made(known: Known) -> str:
    return known.aside.made if known.aside is not None else ""
