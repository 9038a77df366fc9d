"""The step `verify` of the command `move`: the rows and the answers of the target."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from adapter.commands.opening import Failure, prepared
from adapter.commands.terminal import progress

if TYPE_CHECKING:
    from pathlib import Path

    from adapter.move.book import Book

MOST_SHOWN = 20
CONTROL_TOKEN, TARGET_TOKEN = "KLANTBRUG_TOKEN", "KLANTBRUG_TARGET_TOKEN"
"""The variables with the tokens by which KlantBrug and the target are asked."""


def verify(options: argparse.Namespace, book: Book) -> None:
    """Compare the rows of the target, its answers, or both, with what was written."""
    if not options.rows and not options.url:
        raise Failure("say with --rows where the output of verify.sql is, or with --url what to ask")
    manifest = book.fact("written")
    if not manifest:
        raise Failure("nothing was written yet: klantbrug move write")
    if options.rows:
        _verify_rows(options, book, manifest)
    if options.url:
        _verify_answers(options, book, manifest)


def _verify_rows(options: argparse.Namespace, book: Book, manifest: dict[str, Any]) -> None:
    """Compare what was written with what verify.sql read back."""
    from adapter.move.phasing import note_proven  # noqa: PLC0415
    from adapter.move.target import target  # noqa: PLC0415
    from adapter.move.verifying import NotReadBack, compare, noted  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415

    load = loaded(options, manifest)
    try:
        there = target(manifest["target"], manifest["version"])
        compared = compare(there, load, options.rows)
    except NotReadBack as wrong:
        raise Failure(f"{options.rows} is not the output of verify.sql: {wrong}") from None
    book.note("verified", noted(compared))
    for each in compared:
        sys.stdout.write(
            f"{each.table}: {each.written} written, {each.equal} equal, {each.differs} different,"
            f" {each.missing} missing, {each.more} more\n"
        )
        for key, columns in each.different[:MOST_SHOWN]:
            sys.stdout.write(f"  id {key}: {', '.join(columns)}\n")
    if not all(each.is_equal for each in compared):
        raise Failure("the target does not hold what was written")
    note_proven(book, "rows", now())


def loaded(options: argparse.Namespace, manifest: dict[str, Any]) -> Path:
    """The file that was loaded. Raises Failure when there is none, or when it is not as it was written."""
    from adapter.move.files import checksum  # noqa: PLC0415
    from adapter.move.writing import COPY, LOAD  # noqa: PLC0415

    if manifest["form"] != COPY:
        raise Failure(f"what was written last was written as {manifest['form']}: compare it by --url")
    file: Path = options.folder / LOAD
    if not file.exists() or checksum(file) != manifest["sha256"][LOAD]:
        raise Failure(f"{LOAD} is not the file that was written: its checksum is another")
    return file


def merged(options: argparse.Namespace, manifest: dict[str, Any] | None) -> dict[str, dict[str, str]]:
    """kind → younger → oldest of what was merged in what was written last. Raises Failure."""
    from adapter.move.files import checksum  # noqa: PLC0415
    from adapter.move.writing import API, UUIDS  # noqa: PLC0415

    found: dict[str, dict[str, str]] = {}
    if not manifest or manifest["form"] == API or UUIDS not in manifest["sha256"]:
        return found
    file: Path = options.folder / UUIDS
    if not file.exists() or checksum(file) != manifest["sha256"][UUIDS]:
        raise Failure(f"{UUIDS} is not the file that was written: its checksum is another")
    for line in file.read_text().splitlines():
        kind, younger, oldest = line.split("\t")
        found.setdefault(kind, {})[younger] = oldest
    return found


def _verify_answers(options: argparse.Namespace, book: Book, manifest: dict[str, Any]) -> None:
    """Ask the target what clients ask, and compare its answers with those of KlantBrug."""
    from adapter.move.asking import NoAnswer, Server, ask_all  # noqa: PLC0415
    from adapter.move.likeness import Comparison  # noqa: PLC0415
    from adapter.move.numbered import Numbered  # noqa: PLC0415
    from adapter.move.phasing import note_proven  # noqa: PLC0415
    from adapter.move.posted import Uuids  # noqa: PLC0415
    from adapter.move.questions import Questions  # noqa: PLC0415
    from adapter.move.target import target  # noqa: PLC0415
    from adapter.move.writing import API, now  # noqa: PLC0415
    from adapter.shipped import expands  # noqa: PLC0415

    there, numbered = target(manifest["target"], manifest["version"]), Numbered(book)
    adapter = prepared(options.config)
    control = Server(options.control or adapter.configuration.public_url, token(CONTROL_TOKEN))
    by_api = manifest["form"] == API
    uuids = Uuids(book) if by_api else None
    other = Server(options.url, token(TARGET_TOKEN), uuids)
    lost = {each.member for each in there.by_api if by_api}
    missing = {uuid for kind in there.resources for uuid in (uuids.missing(kind) if uuids else ())}
    one = merged(options, manifest)
    oldest = {uuid for pairs in one.values() for uuid in pairs.values()}
    made = Questions(adapter.mappings, expands(), lambda kind: numbered.sample(kind, options.sample))
    asked = (
        each
        for name in there.resources
        for each in made.of(name, numbered.count(name))
        # What is looked for by such a member is not found by it.
        if not lost & {parameter for parameter, _ in each.parameters}
        # What is found by one that became one with others is more there.
        and not (oldest and name not in one and oldest & {it.rpartition("/")[2] for _, it in each.parameters})
    )
    try:
        with progress("Asking") as shown:
            compare = Comparison({**there.ignored, "lost": lost}, missing, one)
            found = ask_all(
                asked, control, other, compare, lambda number: shown.at(f"Asking question {number}")
            )
    except NoAnswer as none:
        raise Failure(str(none)) from None
    finally:
        control.close()
        other.close()
        adapter.close()
    book.note("answers", found.shown(there.because))
    sys.stdout.write(f"{found.questions} questions: {found.equal} answered alike, {found.differs} not\n")
    for name, count in found.ignored.most_common():
        sys.stdout.write(f"  known difference in {count}: {there.because[name]}\n")
    for question, where in found.different[:MOST_SHOWN]:
        sys.stdout.write(f"  {question}: {where}\n")
    if found.differs:
        raise Failure("the target does not answer as KlantBrug does")
    note_proven(book, "answers", now())


def token(name: str) -> str:
    token = os.environ.get(name, "")
    if not token:
        raise Failure(f"the environment has no {name}: a token that may read everything")
    return token
