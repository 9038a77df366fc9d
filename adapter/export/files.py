"""What an export is written to, batch by batch, and taken up again where it was left.

A file of lines is cut back to where it stood when the position was noted. A file of Parquet cannot be gone on
with: an export of it is a folder of them, which readers of Parquet take as one table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import orjson

from adapter.export.columns import Column, Shown

ROWS_OF_A_PART = 20_000


class ParquetMissing(RuntimeError):
    """The library that writes Parquet is not installed."""


class Output(Protocol):
    """Where rows go. `mark` is how far they are kept for certain: an argument to take it up again with."""

    def write(self, rows: Sequence[Shown]) -> None: ...
    def mark(self) -> int | None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class Lines:
    """Lines of JSON, or of CSV when there are `columns`, to a stream; a new table gets a line with names."""

    def __init__(self, stream: IO[bytes], columns: Sequence[Column], *, new: bool, own: bool) -> None:
        self._stream, self._columns, self._own = stream, columns, own
        if columns and new:
            stream.write(_csv([[each.name for each in columns]]))

    def write(self, rows: Sequence[Shown]) -> None:
        """Add rows."""
        if self._columns:
            self._stream.write(_csv([[each.text(row) for each in self._columns] for row in rows]))
        else:
            self._stream.write(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))

    def mark(self) -> int | None:
        """How many bytes there are, in a file of its own."""
        self._stream.flush()
        return self._stream.tell() if self._own else None

    def finish(self) -> None:
        """Write what is left."""
        self._stream.flush()

    def close(self) -> None:
        """Close a file of its own; the output of the process stays open."""
        if self._own:
            self._stream.close()


class Parts:
    """Files of Parquet in a folder: `part-000001.parquet`. The mark is how many of them are complete."""

    def __init__(self, folder: Path, columns: Sequence[Column], mark: int = 0) -> None:
        try:
            import pyarrow  # noqa: PLC0415  (an extra)
            import pyarrow.parquet  # noqa: PLC0415
        except ModuleNotFoundError:
            raise ParquetMissing from None
        self._arrow, self._folder, self._columns = pyarrow, folder, columns
        kinds = {
            "text": pyarrow.string(),
            "boolean": pyarrow.bool_(),
            "integer": pyarrow.int64(),
            "instant": pyarrow.timestamp("us", tz="UTC"),
        }
        self._schema = pyarrow.schema([(each.name, kinds[each.kind]) for each in columns])
        self._done, self._rows = mark, list[Shown]()
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("part-*.parquet"):
            if int(path.stem.removeprefix("part-")) > mark:
                path.unlink()

    def write(self, rows: Sequence[Shown]) -> None:
        """Add rows; once there are enough, they become a part."""
        self._rows += rows
        if len(self._rows) >= ROWS_OF_A_PART:
            self._end_part()

    def mark(self) -> int | None:
        """How many parts there are; None while rows wait for the next."""
        return None if self._rows else self._done

    def finish(self) -> None:
        """Write the rows that are left; of an export without any, a part without rows."""
        if self._rows or not self._done:
            self._end_part()

    def close(self) -> None:
        """Nothing is open between parts."""

    def _end_part(self) -> None:
        values = {each.name: [each.value(row) for row in self._rows] for each in self._columns}
        table = self._arrow.table(values, schema=self._schema)
        self._done += 1
        path = self._folder / f"part-{self._done:06d}.parquet"
        self._arrow.parquet.write_table(table, path.with_suffix(".new"))
        path.with_suffix(".new").rename(path)
        self._rows.clear()


def output(form: str, columns: Sequence[Column], to: Path | None, standard: IO[bytes], mark: int) -> Output:
    """Where an export of a form goes: a file or folder, else the standard output. Raises ParquetMissing."""
    if form == "parquet" and to is not None:
        return Parts(to, columns, mark)
    shown = columns if form == "csv" else ()
    if to is None:
        return Lines(standard, shown, new=True, own=False)
    stream = to.open("r+b" if mark else "wb")
    stream.truncate(mark)
    stream.seek(mark)
    return Lines(stream, shown, new=not mark, own=True)


def _csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
