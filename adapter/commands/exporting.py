"""The command `export`: everything of one kind, for management information."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from adapter.commands.opening import Failure, prepared, reason, register_failures, state_failures
from adapter.commands.terminal import Progress, progress

if TYPE_CHECKING:
    from adapter.engine.deployment import Deployment
    from adapter.export.notes import Note


def instant(text: str) -> str:
    """An instant in UTC, `2025-03-01T08:00:00Z`; a date is its beginning, and UTC is meant without a zone."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("an instant is like 2025-03-01 or 2025-03-01T08:00:00Z") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return zoned.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def export(options: argparse.Namespace) -> None:
    """Write all resources of a kind to a file or to stdout, from where an earlier export was left."""
    if options.format == "parquet" and options.to is None:
        raise Failure("Parquet goes to a folder: name it with --to")
    adapter = prepared(options.config)
    try:
        with state_failures():
            deployment = adapter.deployment()
        if options.resource not in deployment.mappings.resources:
            known = ", ".join(sorted(deployment.mappings.resources))
            raise Failure(f"there is no resource {options.resource}; there are {known}")
        of = (options.resource, options.format, options.since or "", adapter.configuration.dialect)
        with register_failures(), progress(f"Exporting {options.resource}") as shown:
            rows = _exported(deployment, of, options.to, _left(of, options.to), shown)
    except OSError as error:
        raise Failure(reason(error)) from None
    finally:
        adapter.close()
    if options.to is not None:
        sys.stdout.write(f"{options.resource}: {rows:,}\n")


def _left(of: tuple[str, ...], to: Path | None) -> Note | None:
    """Where an earlier export to the same place was left. Raises Failure when it was another, or is done."""
    from adapter.export.notes import Note, beside  # noqa: PLC0415

    if to is None:
        return None
    note = Note.read(beside(to))
    if note is None and to.exists():
        raise Failure(f"{to} is there already; remove it, or name another with --to")
    if note is not None and note.of != of:
        raise Failure(f"{beside(to)} is of another export; remove both, or name another with --to")
    return note


def _exported(
    deployment: Deployment, of: tuple[str, ...], to: Path | None, left: Note | None, shown: Progress
) -> int:
    """Write everything; returns the number of resources, earlier ones included."""
    from adapter.engine.maintenance.everything import Position, everything  # noqa: PLC0415
    from adapter.export.columns import columns  # noqa: PLC0415
    from adapter.export.files import ParquetMissing, output  # noqa: PLC0415
    from adapter.export.notes import Note, beside  # noqa: PLC0415
    from adapter.shipped import served_document  # noqa: PLC0415

    name, form, since, _ = of
    position, mark, rows = (left.position, left.mark, left.rows) if left else (Position(), 0, 0)
    try:
        out = output(
            form, columns(deployment.mappings.resources[name], served_document()), to, sys.stdout.buffer, mark
        )
    except ParquetMissing:
        raise Failure("Parquet needs a library: pip install 'klantbrug[parquet]'") from None
    if to is not None:
        Note(of, position, mark, rows).write(beside(to))
    try:
        for batch in everything(deployment, name, since, position):
            out.write(batch.shown)
            rows += len(batch.shown)
            shown.at(f"Exporting {name}, {rows:,}; {batch.done:,} of {batch.count:,} records")
            if to is not None and (at := out.mark()) is not None:
                Note(of, batch.then, at, rows).write(beside(to))
        out.finish()
    finally:
        out.close()
    if to is not None:
        beside(to).unlink(missing_ok=True)
    return rows
