"""The step `write --as api` of the command `move`: everything is sent to the API of a target."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from adapter.commands.move_verify import TARGET_TOKEN, token
from adapter.commands.opening import Failure, prepared
from adapter.commands.terminal import Reporting, progress

if TYPE_CHECKING:
    from adapter.move.book import Book
    from adapter.move.decisions import Decisions
    from adapter.move.numbered import Numbered
    from adapter.move.planning import Finding
    from adapter.move.posted import Uuids
    from adapter.move.posting import Sent
    from adapter.move.rows import Rows
    from adapter.move.target import Target

MOST_SHOWN = 20


def write_by_api(
    options: argparse.Namespace,
    book: Book,
    target: Target,
    decisions: Decisions,
    findings: Sequence[Finding],
) -> None:
    """Send everything that is not there yet; say first what is lost. Raises Failure."""
    from adapter.move.asking import NoAnswer  # noqa: PLC0415
    from adapter.move.decided import Bodies  # noqa: PLC0415
    from adapter.move.files import written  # noqa: PLC0415
    from adapter.move.numbered import Numbered  # noqa: PLC0415
    from adapter.move.posting import NotOurs, Posting  # noqa: PLC0415
    from adapter.move.remote import Remote  # noqa: PLC0415
    from adapter.move.rows import Rows  # noqa: PLC0415
    from adapter.move.writing import API, UUIDS, Order, noted  # noqa: PLC0415
    from adapter.shipped import served_document  # noqa: PLC0415

    if not options.url:
        raise Failure("say with --url which API is written to")
    rows = Rows(target, Numbered(book), decisions)
    lost = list(_lost(rows, findings))
    for each in lost:
        sys.stdout.write(f"{each}\n")
    sys.stdout.flush()
    if not options.lose:
        raise Failure("nothing was sent; --lose says that what is said above may be lost")
    adapter = prepared(options.config)
    remote = Remote(options.url, token(TARGET_TOKEN), options.rate)
    posting = Posting(
        rows, adapter.mappings.resources, Bodies(served_document()), remote, at_once=options.at_once
    )
    try:
        with progress("Sending") as shown:
            sent = posting.run(Reporting(shown, "Sending"))
    except (NoAnswer, NotOurs) as stopped:
        raise Failure(f"{stopped}; repeat this when that is mended: it goes on where it stopped") from None
    finally:
        remote.close()
        adapter.close()
        lines = (line for kind in target.resources for line in _lines(kind, posting.uuids, rows.numbered))
        checksum = written(options.folder / UUIDS, lines)
    noted(
        Order(target, book, decisions, options.folder, API),
        findings,
        rows.numbered,
        rows={kind: posting.uuids.count(kind) for kind in target.resources},
        sha256={UUIDS: checksum},
        lost=lost,
        refused=[list(each) for each in sent.refused],
    )
    _say(sent, target, posting.uuids.count)
    sys.stdout.write(f"{checksum}  {options.folder / UUIDS}\n")
    if sent.refused:
        raise Failure("the target did not take everything: mend it where it is kept, read again, repeat this")


def _lines(kind: str, uuids: Uuids, numbered: Numbered) -> Iterator[str]:
    """What was sent, and what was merged into it."""
    yield from uuids.lines(kind)
    yield from uuids.merged_lines(kind, numbered.merged.each(kind))


def _lost(rows: Rows, findings: Sequence[Finding]) -> Iterator[str]:
    """What is not kept when everything goes through an API, with how many of each."""
    from adapter.move.target import meets  # noqa: PLC0415

    total = sum(rows.numbered.count(kind) for kind in rows.target.resources)
    yield f"{total} resources get another uuid: links to them that others have stored lead nowhere"
    for each in rows.target.by_api:
        pages = rows.numbered.each(each.resource)
        count = sum(meets(kept.values, each.when) for page in pages for kept in page)
        if count:
            yield f"{count} {each.resource}: {each.member} becomes {each.becomes}"
    for name, members in rows.target.not_stored.items():
        if there := rows.numbered.count(name):
            yield f"{there} {name}: no place for {', '.join(members)}, unless the target has one"
    for finding in findings:
        if finding.rule in {notice.name for notice in rows.target.notices}:
            yield f"{finding.count} of {finding.table}: {finding.rule}: may be refused"


def _say(sent: Sent, target: Target, count: Callable[[str], int]) -> None:
    for kind in target.resources:
        sys.stdout.write(f"{kind}: {count(kind)} in the target\n")
    parts = {
        "sent": sent.posted,
        "changed": sent.changed,
        "deleted": sent.deleted,
        "found there": sent.found,
        "refused": len(sent.refused),
    }
    sys.stdout.write(", ".join(f"{number} {what}" for what, number in parts.items()) + "\n")
    for kind, uuid, why in sent.refused[:MOST_SHOWN]:
        sys.stdout.write(f"  refused: {kind} {uuid}: {why}\n")
    if len(sent.refused) > MOST_SHOWN:
        sys.stdout.write(f"  and {len(sent.refused) - MOST_SHOWN} more\n")
