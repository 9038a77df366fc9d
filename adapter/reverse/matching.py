"""Whether a served old record meets a condition, and the order of old records: as the register compares."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapter.collection import Compared, Condition, HasUuid, Linked
from adapter.correspondence.converting import Links, converted
from adapter.correspondence.model import Pair, Reference
from adapter.correspondence.rows import meets
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, get, parse
from adapter.reverse.known import Known

OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CONTAINS = "contains"


def matches(known: Known, condition: Condition) -> bool:
    """Whether an old record meets a condition, as it is served."""
    match condition:
        case HasUuid(uuid):
            return known.uuid == uuid
        case Compared(path, name, value):
            return _compared(known, path, name, value)
        case Linked():
            return _linked(known, condition)


def _compared(known: Known, path: str, name: str, value: str | None) -> bool:
    found = get(known.served(), parse(path))
    if name == CONTAINS:
        return value is not None and value.lower() in _json(found).lower()
    if value is None or not isinstance(found, str):
        return False
    return OPERATORS[name](found, value) or (name == "=" and _same_record(known, path, found, value))


def _json(value: Any) -> str:
    """A value as PostgreSQL writes JSON."""
    return "" if value is MISSING or value is None else json.dumps(value, ensure_ascii=False)


def _same_record(known: Known, path: str, one: str, other: str) -> bool:
    """Whether two references name one record, however they are written."""
    for pair in known.it.pairs:
        for each in pair.conversions if ".".join(pair.right) == path else ():
            if isinstance(each, Reference) and each.right == "url":
                links = known.deployment.links
                return links.uuid(each.collection, one) == links.uuid(each.collection, other) is not None
    return False


def _linked(known: Known, condition: Linked) -> bool:
    """Whether one of the rows that are links of that collection says one of the values."""
    deployment = known.deployment
    link = deployment.correspondences[condition.collection]
    by, said = pair_at(link.pairs, condition.by), pair_at(link.pairs, condition.member)
    wanted = {value_to_left(said, value, deployment.links) for value in condition.values}
    return any(
        _plain(get(row, said.left)) in wanted
        for part in known.it.parts
        if part.rows.resource == link.left.name and part.rows.reference == by.left
        for row in known.rows(part.rows)
        if meets(row, link.left.where)
    )


def pair_at(pairs: Iterable[Pair], path: str) -> Pair:
    """The pair of a member of the old record. Raises StopIteration when there is none."""
    return next(each for each in pairs if each.right == parse(path))


def value_to_left(pair: Pair, value: str, links: Links) -> Any:
    """The text by which the new API compares a value of the old; MISSING when it has none like it."""
    try:
        return _plain(converted(pair, "left", value, links))
    except DoesNotFit:
        return MISSING


def _plain(value: Any) -> Any:
    return value.get("uuid", MISSING) if isinstance(value, Mapping) else value


def ordered(found: list[Known], order: tuple[tuple[str, bool], ...]) -> list[Known]:
    """Records in an order: as SQLite orders JSON values, nothing first, texts by code point."""
    for path, descending in reversed(order):
        keys = parse(path)
        found = sorted(found, key=lambda known: _key(get(known.served(), keys)), reverse=descending)
    return found


def _key(value: Any) -> tuple[int, float, str]:
    if value is MISSING or value is None:
        return (0, 0.0, "")
    if isinstance(value, bool | int | float):
        return (1, float(value), "")
    return (2, 0.0, value if isinstance(value, str) else str(value))
