"""Resources of the book as rows of the target's tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.paths import MISSING, get
from adapter.move.decisions import Decisions
from adapter.move.numbered import Kept, Numbered
from adapter.move.target import Column, Table, Target

CUT = "…"
_Keys = Mapping[str, Mapping[str, int]]
_WHOLE = re.compile(r"-?[0-9]{1,9}")


@dataclass(slots=True)
class Row:
    """A row: `values` by column, references as primary keys. `uuid` is that of the resource that it is of."""

    table: Table
    uuid: str
    pk: int
    values: dict[str, Any]
    dangling: list[Column] = field(default_factory=list)
    """The references to what is not written."""
    too_long: list[Column] = field(default_factory=list)
    unreadable: list[Column] = field(default_factory=list)
    """Columns that must have a value and whose member has none that fits."""


class Rows:
    """Makes rows of resources. `number` counts the rows of tables that hold the items of lists."""

    def __init__(self, target: Target, numbered: Numbered, decisions: Decisions) -> None:
        self.target, self.numbered, self.decisions = target, numbered, decisions
        self._number: dict[str, int] = {}

    def of(self, table: Table) -> Iterator[Row]:
        """All rows of a table, as they are written."""
        for kept in self.numbered.each(table.resource):
            yield from self.made(table, kept, self._changes(table, kept))

    def _changes(self, table: Table, kept: Sequence[Kept]) -> Mapping[str, Mapping[str, Any]]:
        return {} if table.owner else self.numbered.changes(table.resource, [each.uuid for each in kept])

    def made(
        self, table: Table, kept: Sequence[Kept], changes: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Row]:
        """The rows of a table that these resources have; `changes` stand in place of their values."""
        items = [(each, value) for each in kept for value in _items(table, each.values)]
        pks = self._pks(table, items)
        for each, value in items:
            row = Row(table, each.uuid, self._pk(table, each), {})
            for column in table.columns:
                row.values[column.name] = self._value(row, column, each, value, pks)
            row.values.update(changes.get(each.uuid, {}))
            if not (table.each and row.dangling):
                yield row

    def _pk(self, table: Table, kept: Kept) -> int:
        if not table.each:
            return kept.pk
        self._number[table.model] = self._number.get(table.model, 0) + 1
        return self._number[table.model]

    def _pks(self, table: Table, items: Iterable[tuple[Kept, Any]]) -> dict[str, dict[str, int]]:
        """Table → uuid → primary key, of all that these refer to."""
        wanted: dict[str, set[str]] = {}
        for _, value in items:
            for column in table.columns:
                if column.to and column.name != table.owner and (uuid := _named(value, column)):
                    wanted.setdefault(column.to, set()).add(uuid)
        kinds = {name: self.target.by_name[name].resource for name in wanted}
        return {name: self.numbered.pks(kinds[name], uuids) for name, uuids in wanted.items()}

    def _value(self, row: Row, column: Column, kept: Kept, value: Any, pks: _Keys) -> Any:
        table = row.table
        if column.name == table.owner:
            return kept.pk
        if column.to:
            uuid = _named(value, column)
            pk = pks[column.to].get(uuid) if uuid else None
            if pk is None and (uuid or not column.nullable):
                row.dangling.append(column)
            return pk
        if column.type == "uuid" and not table.owner:
            return kept.uuid
        if column.type == "jsonb":
            return self._json(table, column, kept.values)
        try:
            found = converted(column, get(value, column.path))
        except ValueError:
            row.unreadable.append(column)
            return "" if column.type in TEXTS else None
        if column.length and isinstance(found, str) and len(found) > column.length:
            row.too_long.append(column)
            found = found[: column.length - 1] + CUT
        return found

    def _json(self, table: Table, column: Column, values: Mapping[str, Any]) -> dict[str, Any]:
        found = get(values, column.path)
        kept = {
            name: values[name]
            for name in self.decisions.keep_in_metadata
            if name in self.target.not_stored.get(table.resource, ()) and values.get(name) not in (None, "")
        }
        return {**(found if isinstance(found, dict) else {}), **kept}


TEXTS = ("varchar", "text")


def converted(column: Column, value: Any) -> Any:
    """A served value as a column holds it. Raises ValueError for one that it cannot hold.

    Text is text without NUL, instants are in UTC as PostgreSQL writes them: `2024-03-01 10:15:00.5+00`.
    """
    if value is MISSING or value is None or value == "":
        if column.nullable:
            return None
        if column.type in TEXTS:
            return ""
        raise ValueError(column.name)
    match column.type:
        case "varchar" | "text":
            return str(value).replace("\0", "")
        case "boolean":
            if not isinstance(value, bool):
                raise ValueError(column.name)  # noqa: TRY004
            return value
        case "integer":
            if not _WHOLE.fullmatch(str(value)):
                raise ValueError(column.name)
            return int(value)
        case "date":
            return dt.date.fromisoformat(value).isoformat()
        case "timestamptz":
            return _instant(value)
    return value


def _instant(value: str) -> str:
    instant = dt.datetime.fromisoformat(value)
    instant = instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)
    text = instant.replace(tzinfo=None, microsecond=0).isoformat(sep=" ")
    fraction = f".{instant.microsecond:06}".rstrip("0") if instant.microsecond else ""
    return f"{text}{fraction}+00"


def _items(table: Table, values: Mapping[str, Any]) -> Iterator[Any]:
    """What a resource has a row of in a table: itself, a group, or the items of a list."""
    if any(values.get(name) != wanted for name, wanted in table.only.items()):
        return
    if table.each:
        yield from values.get(table.each) or ()
    elif not table.part:
        yield values
    elif isinstance(values.get(table.part), dict):
        yield values[table.part]


def _named(value: Any, column: Column) -> str | None:
    found = get(value, column.path)
    return found["uuid"] if isinstance(found, dict) and found.get("uuid") else None
