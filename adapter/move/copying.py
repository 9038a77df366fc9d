"""The file that loads everything into a PostgreSQL with COPY, in one transaction, and the one that checks it.

The file refuses tables that hold what this move did not bring, counts what it loaded, and sets the sequences.
Its errors are terse: PostgreSQL would repeat the values of a row otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from adapter.move.numbered import Numbered
from adapter.move.rows import Row, Rows
from adapter.move.target import Column, Table, Target

_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
NULL = "\\N"
HEADING = "== "
"""Begins a line of the verification's output that names a table."""
MARKED = "klantbrug_gone"


def copied(column: Column, value: Any) -> str:
    """A value as COPY writes it."""
    if value is None:
        return NULL
    if column.type == "boolean":
        return "t" if value else "f"
    if column.type == "jsonb":
        return json.dumps(value, ensure_ascii=False, sort_keys=True).translate(_ESCAPED)
    return str(value).translate(_ESCAPED)


def line_of(row: Row) -> str:
    """A row as a line of COPY, its primary key first."""
    cells = (copied(column, row.values[column.name]) for column in row.table.columns)
    return "\t".join((str(row.pk), *cells)) + "\n"


def loading(target: Target, rows: Rows, numbered: Numbered, counts: dict[str, int]) -> Iterator[str]:
    """The text of the file; `counts` is filled with the number of rows of each table."""
    tables = ", ".join(each.name for each in target.tables)
    yield (
        f"-- Loads the database of {target.title} {target.version}.\n"
        "-- It holds personal data: remove it afterwards.\n"
        "\\set ON_ERROR_STOP on\n\\set VERBOSITY terse\n"
        "SET client_encoding TO 'UTF8';\nSET timezone TO 'UTC';\nBEGIN;\n"
        f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;\n"
        f"CREATE TEMPORARY TABLE {MARKED} (name text NOT NULL, uuid uuid NOT NULL) ON COMMIT DROP;\n"
    )
    yield from _remembered(target)
    yield f"TRUNCATE TABLE {tables};\n"
    for table in target.tables:
        yield f"COPY {table.name} ({_columns(table)}) FROM STDIN;\n"
        count = last = 0
        for row in rows.of(table):
            count, last = count + 1, row.pk
            yield line_of(row)
        counts[table.model] = count
        yield "\\.\n"
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        yield f"DO $$ BEGIN PERFORM setval({sequence}, {max(last, 1)}, {_bool(last)}); END $$;\n"
    yield from _refusals(target, numbered)
    for table in target.tables:
        yield _assertion(table, counts[table.model])
    yield "COMMIT;\n"
    yield "".join(f"ANALYZE {each.name};\n" for each in target.tables)


def _remembered(target: Target) -> Iterator[str]:
    """Which resources the tables hold before they are emptied."""
    for table in target.tables:
        if not table.owner:
            yield f"INSERT INTO {MARKED} SELECT '{table.name}', uuid FROM {table.name};\n"


def _refusals(target: Target, numbered: Numbered) -> Iterator[str]:
    """End the transaction when a table held what this move neither brings now nor brought before."""
    yield "CREATE TEMPORARY TABLE klantbrug_left (uuid uuid PRIMARY KEY) ON COMMIT DROP;\n"
    for table in target.tables:
        if table.owner:
            continue
        yield "TRUNCATE TABLE klantbrug_left;\nCOPY klantbrug_left (uuid) FROM STDIN;\n"
        yield from (f"{uuid}\n" for uuid in numbered.was_written(table.resource))
        yield "\\.\n"
        where = (
            f"FROM {MARKED} b WHERE b.name = '{table.name}'"
            f" AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.uuid = b.uuid)"
            " AND NOT EXISTS (SELECT 1 FROM klantbrug_left g WHERE g.uuid = b.uuid)"
        )
        yield _raising(
            f"SELECT count(*) INTO found {where}",
            "found > 0",
            f"{table.name} held % rows that this move did not bring: nothing was changed",
        )


def _assertion(table: Table, count: int) -> str:
    return _raising(
        f"SELECT count(*) INTO found FROM {table.name}",
        f"found <> {count}",
        f"{table.name} has % rows and should have {count}: nothing was changed",
    )


def _raising(count: str, when: str, text: str) -> str:
    return (
        f"DO $$ DECLARE found bigint; BEGIN {count}; IF {when} THEN"
        f" RAISE EXCEPTION '{text}', found; END IF; END $$;\n"
    )


def clearing(target: Target) -> str:
    """The text of the file that empties the tables again, for a load that is to be taken back."""
    tables = ", ".join(each.name for each in target.tables)
    return (
        "-- Empties all tables that the other file fills, whatever they hold by now.\n"
        f"\\set ON_ERROR_STOP on\n\\set VERBOSITY terse\nTRUNCATE TABLE {tables} RESTART IDENTITY;\n"
    )


def verification(target: Target) -> str:
    """The text of the file that reads everything back, for `move verify`: its output holds personal data."""
    parts = [
        "\\set ON_ERROR_STOP on\n\\set VERBOSITY terse\n"
        "SET client_encoding TO 'UTF8';\nSET timezone TO 'UTC';\n"
        "SET datestyle TO 'ISO';\n"
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
    ]
    parts += [
        f"\\echo '{HEADING}{each.name}'\n"
        f"COPY (SELECT {_columns(each)} FROM {each.name} ORDER BY id) TO STDOUT;\n"
        for each in target.tables
    ]
    return "".join([*parts, "\\echo '== end'\nCOMMIT;\n"])


def fixture(target: Target, rows: Rows, counts: dict[str, int]) -> Iterator[str]:
    """The lines of a Django fixture (JSONL), for hosts that run nothing but `manage.py loaddata`."""
    for table in target.tables:
        counts[table.model] = 0
        for row in rows.of(table):
            counts[table.model] += 1
            fields = {column.field: _fixed(column, row.values[column.name]) for column in table.columns}
            model = f"{target.application}.{table.model}"
            yield json.dumps({"model": model, "pk": row.pk, "fields": fields}, ensure_ascii=False) + "\n"


def _fixed(column: Column, value: Any) -> Any:
    if column.type == "timestamptz" and value:
        return value.replace(" ", "T").replace("+00", "Z")
    return value


def _columns(table: Table) -> str:
    return ", ".join(("id", *(each.name for each in table.columns)))


def _bool(value: object) -> str:
    return "true" if value else "false"
