"""The report of a move: what was read, written and found equal, and what was decided, for the project's file.

It holds counts, uuids, names and checksums, never a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table
from adapter.mapping.reference.web import html
from adapter.move.back import RETURNED
from adapter.move.book import Book
from adapter.move.phasing import TIMES
from adapter.move.target import Target

PASSES = "passes"
TITLE = "Report of a move"


def note_pass(book: Book, target: Target, ended: str) -> None:
    """Note in the book what its last pass came to."""
    calls, seconds = book.effort()
    kinds = {
        each.kind: {
            "read": each.read,
            "new": len(each.new),
            "changed": len(each.changed),
            "gone": len(each.gone),
        }
        for each in book.differences(target.resources)
    }
    before = [each for each in book.fact(PASSES, []) if each["pass"] != book.passes]
    now = {"pass": book.passes, "ended": ended, "calls": calls, "seconds": round(seconds), "kinds": kinds}
    book.note(PASSES, [*before, now])


def report(book: Book, target: Target, made: str, product: str) -> dict[str, Any]:
    """Everything that the report says, as JSON has it."""
    return {
        "product": product,
        "made": made,
        "target": {"name": target.title, "version": target.version},
        PASSES: book.fact(PASSES, []),
        TIMES: book.fact(TIMES, []),
        "written": book.fact("written"),
        "rows": book.fact("verified"),
        "answers": book.fact("answers"),
        RETURNED: book.fact(RETURNED),
        "not_stored": {name: list(members) for name, members in target.not_stored.items()},
    }


def page(found: Mapping[str, Any], checksum: str) -> str:
    """The report as a page that can be printed; `checksum` is that of its JSON."""
    return html(TITLE, _blocks(found, checksum))


def _blocks(found: Mapping[str, Any], checksum: str) -> Iterator[Block]:
    target = found["target"]
    yield Heading(TITLE)
    yield Paragraph(
        f"Made {found['made']} by {found['product']}, for {target['name']} {target['version']}. "
        f"The same as JSON: report.json, SHA-256 {checksum}."
    )
    yield from _passes(found[PASSES])
    if found[TIMES]:
        yield Heading("Phases", 2)
        yield Table(("phase", "since"), [(each["phase"], each["at"]) for each in found[TIMES]])
    if written := found["written"]:
        yield from _written(written)
    if found["rows"]:
        yield from _rows(found["rows"])
    if answers := found["answers"]:
        yield from _answers(answers)
    if returned := found[RETURNED]:
        yield from _returned(returned)


def _passes(passes: Iterable[Mapping[str, Any]]) -> Iterator[Block]:
    yield Heading("Read", 2)
    for each in passes:
        yield Heading(f"Pass {each['pass']}", 3)
        yield Paragraph(f"Ended {each['ended']}: {each['calls']} register calls, {each['seconds']} seconds.")
        rows = [(name, *map(str, counts.values())) for name, counts in each["kinds"].items()]
        yield Table(("kind", "read", "new", "changed", "gone"), rows)


def _written(written: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading("Written", 2)
    yield Paragraph(f"Made {written['made']} of pass {written['pass']}, as {written['form']}.")
    digests = written["digests"]
    yield Table(
        ("kind", "written", "digest of what was read"),
        [(name, str(count), digests[name]) for name, count in written["resources"].items()],
    )
    yield Table(("table", "rows"), [(name, str(count)) for name, count in written["rows"].items()])
    yield Table(("file", "SHA-256"), list(written["sha256"].items()))
    yield Heading("Decided", 2)
    decisions = written["decisions"]
    rows = [*decisions["rules"].items(), ("numbers", decisions["numbers"])]
    yield Table(
        ("about", "decision"), [*rows, ("kept in metadata", ", ".join(decisions["keep_in_metadata"]))]
    )
    if "lost" in written:
        yield Heading("Lost by way of an API", 2)
        yield Table(("what",), [(each,) for each in written["lost"]])
        yield Heading("Refused by the target", 2)
        yield Table(("kind", "uuid", "why"), [tuple(each) for each in written["refused"]])
    yield Heading("Left out, altered or noticed", 2)
    yield Table(
        ("rule", "where", "how many", "what became of them", "uuids"),
        [
            (
                each["rule"],
                ".".join(filter(None, (each["table"], each["column"]))),
                str(each["count"]),
                each["becomes"],
                " ".join(each["uuids"]),
            )
            for each in written["findings"]
        ],
    )


def _rows(compared: Iterable[Mapping[str, Any]]) -> Iterator[Block]:
    yield Heading("Rows read back", 2)
    names = ("written", "equal", "different", "missing", "more")
    rows, digests = [], []
    for each in compared:
        rows.append((each["table"], *(str(each[name]) for name in names)))
        digests.append((each["table"], each["digest_written"], each["digest_read"]))
    yield Table(("table", *names), rows)
    yield Table(("table", "digest written", "digest read"), digests)


def _answers(answers: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading("Questions of clients", 2)
    yield Paragraph(
        f"{answers['questions']} questions, {answers['equal']} answered alike, {answers['different']} not."
    )
    if answers["where"]:
        yield Table(("question", "where"), [tuple(each) for each in answers["where"]])
    yield Heading("Known differences", 3)
    yield Table(
        ("difference", "in how many", "because"),
        [(name, str(each["count"]), each["because"]) for name, each in answers["ignored"].items()],
    )


def _returned(returned: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading("The way back", 2)
    yield Paragraph(
        f"Ended {returned['at']}: {returned['written']} written to the registers,"
        f" {len(returned['refused'])} refused. Everything new keeps the uuid that it got in the target."
    )
    rows = [(name, *map(str, counts.values())) for name, counts in returned["kinds"].items()]
    yield Table(("kind", "new", "changed", "gone"), rows)
    if returned["refused"]:
        refused = [(what, kind, uuid, ", ".join(codes)) for what, kind, uuid, codes in returned["refused"]]
        yield Table(("refused", "kind", "uuid", "why"), refused)
