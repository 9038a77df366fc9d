"""Write the files that load everything into a target, with a manifest of what they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapter.move.book import Book
from adapter.move.copying import clearing, fixture, loading, verification
from adapter.move.decisions import Decisions
from adapter.move.files import json_text, written
from adapter.move.numbered import Numbered
from adapter.move.planning import Finding
from adapter.move.rows import Rows
from adapter.move.target import Target

COPY, FIXTURE, API = "copy", "fixture", "api"
LOAD, CLEAR, VERIFY, MANIFEST, FIXED = "load.sql", "clear.sql", "verify.sql", "manifest.json", "load.jsonl"
UUIDS = "uuids.tsv"
# What may hold personal data.
PERSONAL = (LOAD, FIXED, "rows.txt")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written, where, and in which form: COPY, FIXTURE or API."""

    target: Target
    book: Book
    decisions: Decisions
    folder: Path
    form: str


def write(order: Order, findings: Sequence[Finding]) -> dict[str, Any]:
    """Write the files; returns the manifest, which holds counts and no value.

    `findings` are those of a `Planning` that looked at this book just now, with nothing left to decide.
    """
    target, folder, numbered = order.target, order.folder, Numbered(order.book)
    rows, counts = Rows(target, numbered, order.decisions), dict[str, int]()
    if order.form == FIXTURE:
        name, text = FIXED, fixture(target, rows, counts)
    else:
        name, text = LOAD, loading(target, rows, numbered, counts)
    sums = {name: written(folder / name, text)}
    if order.form == COPY:
        sums[CLEAR] = written(folder / CLEAR, [clearing(target)])
    if numbered.merged.there_are_any():
        sums[UUIDS] = written(folder / UUIDS, _merged(target, numbered))
    sums[VERIFY] = written(folder / VERIFY, [verification(target)])
    return noted(order, findings, numbered, rows=counts, sha256=sums)


def _merged(target: Target, numbered: Numbered) -> Iterator[str]:
    """The lines of the file of uuids: the kind, the uuid of what was merged, that of what it became."""
    for kind in target.resources:
        for pairs in numbered.merged.each(kind):
            yield "".join(f"{kind}\t{younger}\t{oldest}\n" for younger, oldest in pairs)


def noted(order: Order, findings: Sequence[Finding], numbered: Numbered, **more: Any) -> dict[str, Any]:
    """The manifest of what was written, in its file and in the book; `more` is what is particular of it."""
    target, book = order.target, order.book
    manifest = {
        "target": target.name,
        "version": target.version,
        "form": order.form,
        "made": now(),
        "pass": book.passes,
        "resources": {name: numbered.count(name) for name in target.resources},
        "digests": {name: numbered.digest(name) for name in target.resources},
        "decisions": order.decisions.shown(),
        "findings": [finding_shown(each) for each in findings],
        **more,
    }
    written(order.folder / MANIFEST, [json_text(manifest)])
    book.note("written", manifest)
    return manifest


def finding_shown(finding: Finding) -> dict[str, Any]:
    """A finding as files and reports have it."""
    return {
        "rule": finding.rule,
        "table": finding.table,
        "column": finding.column,
        "becomes": finding.becomes,
        "decision": finding.decision,
        "count": finding.count,
        "uuids": list(finding.uuids),
    }


def now() -> str:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
