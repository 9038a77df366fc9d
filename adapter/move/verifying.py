"""Compare the rows that a target gives back with those that were written, line by line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.move.copying import HEADING, NULL
from adapter.move.target import Table, Target

SHOWN = 100
_COPY, _END = "COPY ", "\\."
_BACK = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


class NotReadBack(Exception):
    """A file is not the output of the verification; the text says at which line."""


@dataclass(slots=True)
class Compared:
    """What became of the rows of a table: counts and, of those that differ, their primary keys."""

    table: str
    written: int = 0
    equal: int = 0
    different: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """(primary key, columns) of rows that are not as they were written; at most SHOWN."""
    differs: int = 0
    missing: int = 0
    more: int = 0
    digest_written: str = ""
    digest_read: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether the table holds what was written, and nothing else."""
        return not (self.differs or self.missing or self.more)


def noted(compared: Iterable[Compared]) -> list[dict[str, Any]]:
    """What the book and the report keep of a comparison."""
    return [
        {
            "table": each.table,
            "written": each.written,
            "equal": each.equal,
            "different": each.differs,
            "missing": each.missing,
            "more": each.more,
            "rows": [[key, list(columns)] for key, columns in each.different],
            "digest_written": each.digest_written,
            "digest_read": each.digest_read,
        }
        for each in compared
    ]


def compare(target: Target, load: Path, read: Path) -> list[Compared]:
    """Compare the rows in a load file with those in the output of `verify.sql`, both in order of their keys.

    Raises NotReadBack.
    """
    found = []
    with load.open(encoding="utf-8") as ours, _read_back(read) as theirs:
        back = _Blocks(theirs, target)
        for table, lines in _loaded(ours, target):
            found.append(_table(table, lines, back.of(table)))
        back.end()
    return found


@contextmanager
def _read_back(file: Path) -> Iterator[Iterable[str]]:
    """The lines of a file that was read back. Raises NotReadBack when it is no text in UTF-8."""
    try:
        with file.open(encoding="utf-8") as lines:
            yield lines
    except UnicodeDecodeError:
        # A console of Windows writes UTF-16 when it is not told otherwise.
        raise NotReadBack("it is not text in UTF-8") from None


def tables_of(
    target: Target, load: Path, read: Path
) -> Iterator[tuple[Table, Iterator[tuple[list[str] | None, list[str] | None]]]]:
    """Each table with the cells of its rows as they were loaded and as they are, in order of their keys.

    None stands for a row that is not there. The rows of a table end before the next one begins. Raises
    NotReadBack.
    """
    with load.open(encoding="utf-8") as ours, _read_back(read) as theirs:
        back = _Blocks(theirs, target)
        for table, lines in _loaded(ours, target):
            rows = _cells_of(table, lines, back.of(table))
            yield table, rows
            for _ in rows:
                pass
        back.end()


def _cells_of(
    table: Table, ours: Iterator[str], theirs: Iterator[str]
) -> Iterator[tuple[list[str] | None, list[str] | None]]:
    for one, other in _side_by_side(ours, theirs):
        if one == other or (one and other and _plain(table, one) == _plain(table, other)):
            other = one
        now = _cells(other) if other else None
        if now is not None and len(now) != 1 + len(table.columns):
            raise NotReadBack(f"a line of {table.name} has {len(now)} columns")
        yield (_cells(one) if one else None, now)


def _side_by_side(ours: Iterator[str], theirs: Iterator[str]) -> Iterator[tuple[str | None, str | None]]:
    """The lines with the same key, or None for the one that is not there."""
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        if other is None or (one is not None and _key(one) < _key(other)):
            yield one, None
            one = next(ours, None)
        elif one is None or _key(other) < _key(one):
            yield None, other
            other = next(theirs, None)
        else:
            yield one, other
            one, other = next(ours, None), next(theirs, None)


def _loaded(lines: Iterator[str], target: Target) -> Iterator[tuple[Table, Iterator[str]]]:
    """Each table with its lines in a load file."""
    tables = {each.name: each for each in target.tables}
    for line in lines:
        name = line.split(" ", 2)[1] if line.startswith(_COPY) else ""
        if name in tables:
            yield tables[name], _until_end(lines)


def _until_end(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.rstrip("\n") == _END:
            return
        yield line.rstrip("\n")


class _Blocks:
    """The tables in the output of the verification, one after the other."""

    def __init__(self, lines: Iterable[str], target: Target) -> None:
        self._lines, self._number = iter(lines), 0
        self._heading = self._next_heading("")
        self._known = {each.name for each in target.tables}

    def of(self, table: Table) -> Iterator[str]:
        """The lines of a table. Raises NotReadBack when it is not the next one."""
        if self._heading != table.name:
            raise NotReadBack(f"line {self._number}: {table.name} should come here")
        for line in self._lines:
            self._number += 1
            if line.startswith(HEADING):
                self._heading = line[len(HEADING) :].strip()
                return
            yield line.rstrip("\n")
        raise NotReadBack(f"line {self._number}: the end is missing")

    def end(self) -> None:
        """Raises NotReadBack when the output goes on, or was cut off."""
        if self._heading != "end":
            raise NotReadBack(f"line {self._number}: the end is missing")

    def _next_heading(self, found: str) -> str:
        for line in self._lines:
            self._number += 1
            if line.startswith(HEADING):
                return line[len(HEADING) :].strip()
        return found


def _table(table: Table, ours: Iterator[str], theirs: Iterator[str]) -> Compared:
    found = Compared(table.name)
    sums = hashlib.sha256(), hashlib.sha256()
    for one, other in _side_by_side(ours, theirs):
        if one is not None:
            found.written += 1
            sums[0].update(_plain(table, one))
        if other is not None:
            sums[1].update(_plain(table, other))
        if one is None:
            found.more += 1
        elif other is None:
            found.missing += 1
        else:
            _pair(found, table, one, other)
    found.digest_written, found.digest_read = sums[0].hexdigest(), sums[1].hexdigest()
    return found


def _pair(found: Compared, table: Table, one: str, other: str) -> None:
    if one == other or _plain(table, one) == _plain(table, other):
        found.equal += 1
        return
    found.differs += 1
    if len(found.different) < SHOWN:
        cells = zip(("id", *(each.name for each in table.columns)), _cells(one), _cells(other), strict=False)
        columns = tuple(name for name, ours, theirs in cells if ours != theirs)
        found.different.append((_key(one), columns))


def _key(line: str) -> int:
    text = line.split("\t", 1)[0]
    if not text.isdecimal():
        raise NotReadBack("a line does not begin with a primary key")
    return int(text)


def _cells(line: str) -> list[str]:
    return line.split("\t")


def _plain(table: Table, line: str) -> bytes:
    """A line in which JSON is written in one way: PostgreSQL keeps its own order and spaces."""
    cells = _cells(line)
    for place, column in enumerate(table.columns, start=1):
        if column.type == "jsonb" and place < len(cells) and cells[place] != NULL:
            cells[place] = _canonical(cells[place])
    return ("\t".join(cells) + "\n").encode()


def _canonical(cell: str) -> str:
    text, parts = "", iter(cell)
    for letter in parts:
        text += _BACK.get(after := next(parts, ""), after) if letter == "\\" else letter
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        raise NotReadBack("a value is no JSON") from None
