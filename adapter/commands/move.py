"""The command `move`: everything into another system, step by step, printing counts and uuids alone."""

from __future__ import annotations

import argparse
import fcntl
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from adapter.commands.opening import (
    Failure,
    checked_rights,
    prepared,
    reason,
    register_failures,
    state_failures,
)
from adapter.commands.terminal import Reporting, progress

if TYPE_CHECKING:
    from adapter.main import Adapter
    from adapter.move.book import Book
    from adapter.move.decisions import Decisions
    from adapter.move.planning import Finding
    from adapter.move.target import Target

TARGET = "openklant"
BOOK, LOCK = "book.sqlite3", "lock"
MOST_SHOWN = 20
"""So many uuids are printed of each finding; the report has more."""


def move(options: argparse.Namespace) -> None:
    """Do one step of a move."""
    from adapter.move.files import opened_folder  # noqa: PLC0415

    steps: dict[str, Callable[[argparse.Namespace], None]] = {
        "read": _read,
        "check": _check,
        "write": _write,
        "verify": _verify,
        **dict.fromkeys(("shadow", "freeze", "unfreeze", "cutover", "back"), _phase),
        "report": _report,
        "forget": _forget,
    }
    try:
        opened_folder(options.folder)
        with _alone(options.folder), state_failures():
            steps[options.step](options)
    except OSError as error:
        raise Failure(reason(error)) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Prevents that two steps of one move go on at the same time."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"another step of the move in {folder} goes on") from None
        yield


@contextmanager
def _book(options: argparse.Namespace) -> Iterator[Book]:
    from adapter.move.book import Book  # noqa: PLC0415

    book = Book(options.book or str(options.folder / BOOK))
    try:
        yield book
    finally:
        book.close()


def _target(options: argparse.Namespace) -> Target:
    from adapter.move.target import UnknownVersion, target  # noqa: PLC0415

    try:
        return target(TARGET, options.version or "")
    except UnknownVersion as unknown:
        raise Failure(str(unknown)) from None


def _decisions(options: argparse.Namespace, target: Target) -> Decisions:
    from adapter.move.decisions import FILE, DecisionsInvalid, read_decisions  # noqa: PLC0415

    try:
        return read_decisions(options.decisions or options.folder / FILE, target)
    except DecisionsInvalid as invalid:
        raise Failure(str(invalid)) from None


# read


def _read(options: argparse.Namespace) -> None:
    from adapter.move.reading import Reader  # noqa: PLC0415
    from adapter.move.report import note_pass  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415
    from adapter.shipped import register_document  # noqa: PLC0415

    target = _target(options)
    with _book(options) as book:
        if book.is_read and not options.again:
            raise Failure("everything was read; --again reads it once more and says what is different")
        adapter = prepared(options.config)
        try:
            checked_rights(adapter)
            registers = adapter.configuration.registers.items()
            documents = {name: register_document(name, each.dialect) for name, each in registers}
            reader = Reader(adapter.deployment(), target, book, documents, _counted(adapter))
            with register_failures(), progress("Reading") as shown:
                reader.read(Reporting(shown, "Reading"))
        finally:
            adapter.close()
        note_pass(book, target, now())
        _say_read(book, target)


def _counted(adapter: Adapter) -> Callable[[], int]:
    """What tells how many calls of registers there were from now on."""
    made = [0]

    def count(_exchange: object) -> None:
        made[0] += 1

    for register in adapter.registers.values():
        register.observers.append(count)
    return lambda: made[0]


def _say_read(book: Book, target: Target) -> None:
    calls, seconds = book.effort()
    for each in book.differences(target.resources):
        parts = {"new": each.new, "changed": each.changed, "gone": each.gone}
        counts = "".join(f", {len(uuids)} {what}" for what, uuids in parts.items())
        sys.stdout.write(f"{each.kind}: {each.read}{counts if book.passes > 1 else ''}\n")
        for what, uuids in parts.items():
            _say_uuids(what, uuids)
    sys.stdout.write(f"pass {book.passes}: {calls} register calls, {seconds:.0f} seconds\n")


def _say_uuids(what: str, uuids: Sequence[str]) -> None:
    for uuid in uuids[:MOST_SHOWN]:
        sys.stdout.write(f"  {what} {uuid}\n")
    if len(uuids) > MOST_SHOWN:
        sys.stdout.write(f"  and {len(uuids) - MOST_SHOWN} more\n")


# check and write


def _check(options: argparse.Namespace) -> None:
    target = _target(options)
    decisions = _decisions(options, target)
    with _book(options) as book:
        findings = _planned(book, target, decisions)
        for each in findings:
            _say_finding(each)
        for name, members in target.not_stored.items():
            lost = [each for each in members if each not in decisions.keep_in_metadata]
            if lost:
                sys.stdout.write(f"{name}: no place for {', '.join(lost)}\n")
    if undecided := _undecided(findings):
        raise Failure(undecided)


def _planned(book: Book, target: Target, decisions: Decisions) -> list[Finding]:
    from adapter.move.numbered import Numbered  # noqa: PLC0415
    from adapter.move.planning import Planning  # noqa: PLC0415

    if not book.is_read:
        raise Failure("not everything was read yet: klantbrug move read")
    with progress("Looking at what the target refuses") as shown:
        planning = Planning(target, Numbered(book), decisions)
        return planning.look(lambda name: shown.at(f"Looking at {name}"))


def _say_finding(finding: Finding) -> None:
    where = ".".join(filter(None, (finding.table, finding.column)))
    what = "to be decided" if finding.stops else finding.becomes
    sys.stdout.write(f"{finding.rule}: {finding.count} of {where}: {what}\n")
    for uuid in finding.uuids[:MOST_SHOWN]:
        sys.stdout.write(f"  {uuid}\n")
    if finding.count > MOST_SHOWN:
        sys.stdout.write(f"  and {finding.count - MOST_SHOWN} more\n")


def _undecided(findings: Iterable[Finding]) -> str:
    rules = list(dict.fromkeys(each.rule for each in findings if each.stops))
    return f"to be decided in decisions.yaml: {', '.join(rules)}" if rules else ""


def _write(options: argparse.Namespace) -> None:
    from adapter.commands.move_api import write_by_api  # noqa: PLC0415
    from adapter.move.writing import API, Order, write  # noqa: PLC0415

    target = _target(options)
    decisions = _decisions(options, target)
    with _book(options) as book:
        findings = _planned(book, target, decisions)
        if undecided := _undecided(findings):
            raise Failure(undecided)
        if options.form == API:
            write_by_api(options, book, target, decisions, findings)
            return
        with progress("Writing"):
            manifest = write(Order(target, book, decisions, options.folder, options.form), findings)
    for table, count in manifest["rows"].items():
        sys.stdout.write(f"{table}: {count}\n")
    for name, checksum in manifest["sha256"].items():
        sys.stdout.write(f"{checksum}  {options.folder / name}\n")


# verify, phases, report and forget


def _verify(options: argparse.Namespace) -> None:
    from adapter.commands.move_verify import verify  # noqa: PLC0415

    with _book(options) as book:
        verify(options, book)


def _phase(options: argparse.Namespace) -> None:
    from adapter.commands.move_back import back  # noqa: PLC0415
    from adapter.commands.move_phases import STEPS  # noqa: PLC0415

    with _book(options) as book:
        {**STEPS, "back": back}[options.step](options, book)


def _report(options: argparse.Namespace) -> None:
    from importlib.metadata import version  # noqa: PLC0415

    from adapter.move.files import json_text, written  # noqa: PLC0415
    from adapter.move.report import page, report  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415

    with _book(options) as book:
        made = book.fact("written")
        if options.version is None and made:
            options.version = made["version"]
        found = report(book, _target(options), now(), f"KlantBrug {version('klantbrug')}")
    sums = {"report.json": written(options.folder / "report.json", [json_text(found)])}
    sums["report.html"] = written(options.folder / "report.html", [page(found, sums["report.json"])])
    for name, checksum in sums.items():
        sys.stdout.write(f"{checksum}  {options.folder / name}\n")


def _forget(options: argparse.Namespace) -> None:
    from adapter.move.files import wipe_all  # noqa: PLC0415
    from adapter.move.writing import PERSONAL  # noqa: PLC0415

    if not options.yes:
        raise Failure("this wipes what was read and written, not what was loaded; say --yes")
    with _book(options) as book:
        book.forget()
    sys.stdout.write("wiped: the book\n")
    for name in wipe_all(options.folder, PERSONAL):
        sys.stdout.write(f"wiped: {name}\n")
