"""The parameters of a list or search as SQL conditions on the records."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from adapter.embedded.objects import catalogue
from adapter.embedded.objects.conditions import Condition, of_ids
from adapter.embedded.objects.database import Database
from adapter.embedded.objects.dates import parse_date
from adapter.embedded.objects.errors import Problem, invalid, invalid_query
from adapter.embedded.objects.records import SEPARATOR, indexed

ORDERED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def data_conditions(several: list[str], single: str | None) -> Iterator[Condition]:
    """The conditions of `data_attr`, which may be repeated, and `data_attrs`, which has commas in between."""
    for expression in (single or "").split(",") if single else ():
        yield _condition(expression, "invalid-data-attrs-query")
    for expression in several:
        code = "invalid-data-attr-query"
        if "," in expression.rsplit("__", 1)[0]:
            shape = "must have the shape 'key__operator__value', commas can only be present in the 'value'"
            raise invalid_query(code, f"Filter expression '{expression}' {shape}")
        yield _condition(expression, code)


def _condition(expression: str, code: str) -> Condition:
    parts = expression.rsplit("__", 2)
    if len(parts) < 3:
        shape = "doesn't have the shape 'key__operator__value'"
        raise invalid_query(code, f"Filter expression '{expression}' {shape}")
    key, operator, value = parts
    keys = key.split("__")
    if operator in ORDERED:
        bound = number_or_date(value)
        if bound is None:
            raise invalid_query(code, f"Operator `{operator}` supports only dates and/or numeric values")
        return _compared(keys, ORDERED[operator], bound)
    if operator not in OPERATORS:
        raise invalid_query(code, f"Comparison operator `{operator}` is unknown")
    return OPERATORS[operator](keys, value)


def number_or_date(value: str) -> float | date | None:
    """The value that the Objects API searches for besides the text: a number for digits and underscores."""
    try:
        number = float(value)
    except ValueError:
        pass
    else:
        return number if math.isfinite(number) else None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _exact(keys: list[str], value: str) -> Condition:
    other = number_or_date(value)
    if other is None:
        return _one_of(keys, [value])
    return _one_of(keys, [value, other.isoformat() if isinstance(other, date) else other])


def _in(keys: list[str], value: str) -> Condition:
    return _one_of(keys, list(value.split("|")))


def _one_of(keys: list[str], values: list[Any]) -> Condition:
    marks = ", ".join("?" * len(values))
    ids = f"SELECT record FROM attributes WHERE path = ? AND value IN ({marks})"  # noqa: S608
    return of_ids(ids, (SEPARATOR.join(keys), *map(indexed, values)), counted=True)


def _contains(keys: list[str], value: str) -> Condition:
    needle = value.lower()
    test = "instr(lower(value), ?)" if needle.isascii() else "contains(value, ?)"
    return _of_members(keys, test, needle)


def _compared(keys: list[str], comparison: str, bound: float | date) -> Condition:
    rank, value = (1, bound.isoformat()) if isinstance(bound, date) else (2, bound)
    return _of_members(keys, f"(rank, value) {comparison} (?, ?)", rank, value)


def _of_members(keys: list[str], test: str, *values: Any) -> Condition:
    """The records of which the value at a path passes a test in SQL."""
    ids = f"SELECT record FROM members WHERE path = ? AND {test}"  # noqa: S608
    return of_ids(ids, (SEPARATOR.join(keys), *values))


OPERATORS: Mapping[str, Callable[[list[str], str], Condition]] = {
    "exact": _exact,
    "in": _in,
    "icontains": _contains,
}


def form_conditions(database: Database, form: Mapping[str, Any]) -> list[Condition]:
    """The conditions of type, typeVersion and data_icontains. Raises Refusal with all problems."""
    conditions: list[Condition] = []
    problems: list[Problem] = []
    for name, read in FORM.items():
        given = form.get(name)
        if given in (None, ""):
            continue
        answer = read(database, str(given))
        if isinstance(answer, Problem):
            problems.append(answer)
        else:
            conditions.append(answer)
    if problems:
        raise invalid(*problems)
    return conditions


def _type(database: Database, given: str) -> Condition | Problem:
    try:
        uuid = str(UUID(given.rstrip("/").rsplit("/", 1)[-1]))
    except ValueError:
        return Problem("type", "invalid", "Invalid value.")
    if catalogue.find(database, uuid) is None:
        reason = f"Select a valid object type. {given} is not one of the available choices."
        return Problem("type", "invalid_choice", reason)
    return Condition("r.objecttype = ?", (uuid,))


def _type_version(_: Database, given: str) -> Condition | Problem:
    try:
        number = Decimal(given.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return Problem("typeVersion", "invalid", "Enter a number.")
    return Condition("r.type_version = ?", (float(number),))


def _anywhere(_: Database, given: str) -> Condition | Problem:
    return Condition("any_text_matches(r.data, ?)", (given,))


FORM: Mapping[str, Callable[[Database, str], Condition | Problem]] = {
    "type": _type,
    "typeVersion": _type_version,
    "data_icontains": _anywhere,
}


def query_date(name: str, given: str | None) -> str | None:
    """The date in a query parameter; None when it is absent or empty."""
    if not given:
        return None
    day = parse_date(given)
    if day is None:
        raise invalid(Problem(name, "invalid", "Enter a valid date."))
    return day.isoformat()
