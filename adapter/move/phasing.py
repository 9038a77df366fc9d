"""The phases in the book of a move: when each began, and what has to be done before the target answers."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.move.back import BACK
from adapter.move.book import Book

TIMES, PROVEN, FROZEN, FORWARD = "phases", "proven", "frozen", "forward"
# The phase of a deployment of which nothing was noted yet.
FIRST = "translate"


def note_phase(book: Book, phase: str, at: str) -> None:
    """Note that a deployment is in a phase at an instant, unless that was the last that was noted.

    What was written back before the target answers says nothing of what is written to it afterwards.
    """
    times = book.fact(TIMES, [])
    if phase == (times[-1]["phase"] if times else FIRST):
        return
    book.note(TIMES, [*times, {"phase": phase, "at": at, "pass": book.passes}])
    if phase == FORWARD:
        book.note(BACK, None)


def note_proven(book: Book, by: str, at: str) -> None:
    """Note that the target was found to hold what was written last; `by` says by what."""
    book.note(PROVEN, {"written": book.fact("written")["made"], "by": by, "at": at})


def is_owed(book: Book) -> bool:
    """Whether what was written to the target before this freeze has still to be written to the registers."""
    phases = [each["phase"] for each in book.fact(TIMES, [])]
    return phases[-2:] == [FORWARD, FROZEN] and not book.fact(BACK)


def missing(book: Book) -> Iterator[str]:
    """What has to be done before the target may answer, in order; nothing when all is done.

    Nor when it answered until this freeze, and what was written there is nowhere else yet.
    """
    if is_owed(book):
        return
    frozen = [each for each in book.fact(TIMES, []) if each["phase"] == FROZEN]
    if not frozen:
        yield "nothing was frozen by this move: klantbrug move freeze"
        return
    if not book.is_read or book.passes <= frozen[-1]["pass"]:
        yield "nothing was read since the freeze: klantbrug move read --again"
        return
    written = book.fact("written")
    if not written or written["pass"] != book.passes:
        yield "what was read last was not written: klantbrug move write, and load it"
        return
    proven = book.fact(PROVEN)
    if not proven or proven["written"] != written["made"]:
        yield "what was written last was not found in the target: klantbrug move verify"
