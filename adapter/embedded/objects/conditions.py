"""Conditions on the records of objects, in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapter.embedded.objects.database import Database

MANY = 1000  # records, of which each is not looked at by itself


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL on `records r`, with the values of its placeholders.

    `ids` is the SELECT of the records that meet it, when there is one; `counted` when an index counts them.
    """

    sql: str
    values: tuple[Any, ...] = ()
    ids: str = ""
    counted: bool = False


def of_ids(ids: str, values: tuple[Any, ...], *, counted: bool = False) -> Condition:
    """The condition for the records that a SELECT gives, which ends in its WHERE."""
    return Condition(f"r.id IN ({ids})", values, ids, counted)


def narrowest_first(database: Database, conditions: Sequence[Condition]) -> Sequence[Condition]:
    """The same, first the one that few records meet, if one does: the others are tested on those alone."""
    counts = [
        (database.value(f"SELECT count(*) FROM ({each.ids} LIMIT {MANY})", each.values), at)  # noqa: S608
        for at, each in enumerate(conditions)
        if each.counted
    ]
    few, first = min(counts, default=(MANY, 0))
    if few == MANY:
        return conditions
    others = (each for at, each in enumerate(conditions) if at != first)
    return [conditions[first], *(replace(each, sql=_of_one(each)) for each in others)]


def _of_one(condition: Condition) -> str:
    ids = condition.ids
    return f"EXISTS ({ids} AND record = r.id)" if ids else condition.sql


def joined(conditions: Iterable[Condition]) -> tuple[str, tuple[Any, ...]]:
    parts = list(conditions)
    where = " AND ".join(f"({part.sql})" for part in parts) or "1"
    return where, tuple(value for part in parts for value in part.values)
