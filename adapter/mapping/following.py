"""Read the values of a record along the pairs of its mapping."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from adapter.mapping.model import DoesNotFit, Pair, Resource
from adapter.mapping.paths import MISSING, Path, filled, get, put_apart
from adapter.mapping.shapes import Part, open_group, put_into
from adapter.mapping.straight import Step, Values


def follow(resource: Resource, values: Values, steps: Iterable[Step], record: Any) -> None:
    """Read the pairs of a shape: those that are no more than two names at once, others one by one."""
    plain = isinstance(record, dict)
    for at, name, convert, pair in steps:
        if not at or not plain:
            _read_pair(resource, values, pair, record)
        elif (value := record.get(at)) or value == 0:
            try:
                values[name] = value if convert is None else convert(value)
            except DoesNotFit:
                continue


def _read_pair(resource: Resource, values: Values, pair: Pair, record: Any) -> None:
    said = _said(pair, record)
    if said and not (pair.filler and is_filler(pair.filler, said[0])):
        for each in said:
            try:
                put_into(resource, values, pair.served, pair.read(each))
            except DoesNotFit:
                continue
            return
    elif len(pair.served) > 1:
        open_group(resource, values, pair.served)


def is_filler(form: str, value: Any) -> bool:
    """Whether a register's value only fills a field that the register demands."""
    if form == "random_code":
        return not (isinstance(value, str) and value.isascii() and value.isdigit())
    return False


def read_whole(
    resource: Resource, values: Values, places: Iterable[tuple[Path, Iterable[Part]]], record: Any
) -> None:
    """Read a group from the first of its places in which anything of it stands."""
    for place, parts in places:
        if not filled(get(record, place)):
            continue
        found = [
            (served, read, text)
            for served, first, together, read in parts
            if filled(text := _together(record, together) or _first(record, first))
        ]
        for served, read, text in found:
            with suppress(DoesNotFit):
                put_into(resource, values, served, read(text))
        if found:
            return


def _together(record: Any, together: Iterable[Path]) -> str:
    return " ".join(str(part) for path in together if filled(part := get(record, path)))


def _first(record: Any, first: Iterable[Path]) -> Any:
    return next((value for path in first if filled(value := get(record, path))), MISSING)


def overwrite(values: Values, pairs: Iterable[Pair], record: Any) -> None:
    """Let a record's values take the place of what was read elsewhere, where the record has any."""
    for pair in pairs:
        if said := _said(pair, record):
            try:
                put_apart(values, pair.served, pair.read(said[0]))
            except DoesNotFit:
                continue


def _said(pair: Pair, record: Any) -> list[Any]:
    """What a record says of a pair: what counts, then what is read where that does not fit."""
    first = get(record, pair.at)
    if pair.joined:
        parts = [part for path in pair.joined if filled(part := get(record, path))]
        if parts and (pair.at in pair.joined or not filled(first)):
            first = " ".join(str(part) for part in parts)
    # it is read nowhere else where the record says what that would not go with
    alone = any(filled(get(record, path)) for path in pair.else_unless)
    found = (first, *(get(record, path) for path in (() if alone else pair.else_at)))
    return [value for value in found if filled(value)]
