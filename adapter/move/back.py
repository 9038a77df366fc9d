"""Do to the old registers what was done to the target; each deed once, however often this is begun anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from adapter.move.book import Book
from adapter.move.marks import CHANGED, GONE, NEW, Deed, Held

BACK, RETURNED = "back", "returned"
LATER = "later "
"""Begins the key of what is to be changed once everything new is there."""
REFERS = "refers_to_what_was_refused"


Do = Callable[[Deed, Mapping[str, Any]], Sequence[str]]
"""Does a deed with these values, NEW under the uuid of the target; gives the codes of why it was refused."""


@dataclass(slots=True)
class Back:
    """What came of it: how many deeds were done, and those that were refused, with the codes of why."""

    done: int = 0
    refused: list[tuple[Deed, Sequence[str]]] = field(default_factory=list)


def parted(book: Book, deeds: Iterable[Deed], merged: Mapping[str, Mapping[str, str]]) -> Iterator[Deed]:
    """The deeds for registers that still have apart what the move merged: kind → younger → oldest.

    What is gone is so with all that became it. What is changed hangs on the one on which it hung.
    """
    into = {younger: oldest for pairs in merged.values() for younger, oldest in pairs.items()}
    for deed in deeds:
        held = deed.held
        if deed.what == GONE:
            others = (it for it, oldest in merged.get(held.kind, {}).items() if oldest == held.uuid)
            yield from (Deed(GONE, Held(held.kind, uuid, {}, "")) for uuid in others)
        if deed.what == CHANGED and into:
            values = _apart(held.values, _read(book, held), into)
            yield Deed(CHANGED, Held(held.kind, held.uuid, values, held.digest))
        else:
            yield deed


def _read(book: Book, held: Held) -> Any:
    """The values of a resource as they were read before the move; None of one that was not."""
    with book.database.transaction() as transaction:
        rows = transaction.run(
            "SELECT body FROM move_resource WHERE kind = ? AND uuid = ?", (held.kind, held.uuid)
        )
    return orjson.loads(rows[0][0]) if rows else None


def _apart(value: Any, read: Any, into: Mapping[str, str]) -> Any:
    """Values with the references that were read, where the target has what became of these."""
    if not isinstance(value, dict) or not isinstance(read, dict):
        return value
    if value.keys() == read.keys() == {"uuid"}:
        return read if into.get(read["uuid"]) == value["uuid"] else value
    return {name: _apart(each, read.get(name), into) for name, each in value.items()}


def carry_out(book: Book, deeds: Sequence[Deed], do: Do, at: Callable[[int], None]) -> Back:
    """Do what was not done before; `at` is called with the number of each."""
    with book.database.transaction() as transaction:
        before = {deed for (deed,) in transaction.run("SELECT deed FROM move_back")}
    result, deeds = Back(), list(_anew(deeds, before))
    waiting = {each.held.uuid for each in deeds if each.what == NEW and each.key not in before}
    later: list[Deed] = []
    for number, deed in enumerate(_followed(deeds, later)):
        at(number)
        values, whole = _without(deed.held.values, waiting)
        put_off = LATER + deed.key
        if deed.key in before:
            later += [Deed(CHANGED, deed.held)] if put_off in before else []
            continue
        # A change without a reference would break it, and be done: that of something new is made later.
        if codes := do(deed, values) if whole or deed.what == NEW else (REFERS,):
            result.refused.append((deed, codes))
            continue
        waiting.discard(deed.held.uuid)
        # What it refers to is made after it: then it is changed.
        later += [] if whole or deed.what != NEW else [Deed(CHANGED, deed.held)]
        result.done += 1
        with book.database.transaction() as transaction:
            keys = [deed.key] if whole else [deed.key, put_off]
            rows = [(key, deed.held.uuid) for key in keys]
            transaction.each("INSERT INTO move_back (deed, uuid, made) VALUES (?, ?, '')", rows)
    return result


def note_returned(book: Book, deeds: Sequence[Deed], result: Back, at: str) -> None:
    """Note what a way back has come to, for the report: counts, uuids and codes."""
    kinds: dict[str, dict[str, int]] = {}
    for each in deeds:
        counts = kinds.setdefault(each.held.kind, {NEW: 0, CHANGED: 0, GONE: 0})
        counts[each.what] += 1
    refused = [[each.what, each.held.kind, each.held.uuid, list(codes)] for each, codes in result.refused]
    book.note(RETURNED, {"at": at, "kinds": kinds, "written": len(deeds) - len(refused), "refused": refused})


def _anew(deeds: Sequence[Deed], before: Collection[str]) -> Iterator[Deed]:
    """The deeds, of which the target may hold something else by now than when some of them were done.

    What was made before is changed, and deleted when the target has it no more.
    """
    made = {tuple(key.split(" ")[1:3]) for key in before if key.startswith(f"{NEW} ")}
    there = set[tuple[str, str]]()
    for each in deeds:
        who = (each.held.kind, each.held.uuid)
        there.add(who)
        again = each.what == NEW and who in made and each.key not in before
        yield Deed(CHANGED, each.held) if again else each
    yield from (Deed(GONE, Held(kind, uuid, {}, "")) for kind, uuid in sorted(made - there))


def _followed(deeds: Sequence[Deed], later: list[Deed]) -> Iterable[Deed]:
    """The new ones, what was put off meanwhile, the others."""
    yield from (each for each in deeds if each.what == NEW)
    yield from list(later)
    yield from (each for each in deeds if each.what != NEW)


def _without(value: Any, waiting: set[str]) -> tuple[Any, bool]:
    """Values without references to what waits to be made, and whether none had to be left out."""
    if isinstance(value, dict):
        if value.keys() == {"uuid"}:
            return (None, False) if value["uuid"] in waiting else (value, True)
        parts = {name: _without(each, waiting) for name, each in value.items()}
        return {name: each for name, (each, _) in parts.items()}, all(whole for _, whole in parts.values())
    if isinstance(value, list):
        several = [_without(each, waiting) for each in value]
        return [each for each, _ in several if each is not None], all(whole for _, whole in several)
    return value, True
