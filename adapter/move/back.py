"""Do to the old registers what was done to the target; each deed once, however often this is begun anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.move.book import Book
from adapter.move.marks import CHANGED, NEW, Deed

BACK = "back"
LATER = "later "
"""Begins the key of what is to be changed once everything new is there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a deed ended: the uuid of what it made, or else the codes of why it was refused."""

    made: str = ""
    refused: tuple[str, ...] = ()


Do = Callable[[Deed, Mapping[str, Any]], Outcome]
"""Does a deed with these values; for NEW, with the uuid of the target where the register lets one choose."""


@dataclass(slots=True)
class Back:
    """What came of it: counts, the uuids that became others, and the deeds that were refused."""

    done: int = 0
    other: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[Deed, tuple[str, ...]]] = field(default_factory=list)


def carry_out(book: Book, deeds: Sequence[Deed], do: Do, at: Callable[[int], None]) -> Back:
    """Do what was not done before; `at` is called with the number of each."""
    with book.database.transaction() as transaction:
        rows = transaction.run("SELECT deed, uuid, made FROM move_back")
    before = {deed for deed, _, _ in rows}
    result = Back(other={uuid: made for _, uuid, made in rows if made and made != uuid})
    waiting = {each.held.uuid for each in deeds if each.what == NEW and each.key not in before}
    later: list[Deed] = []
    for number, deed in enumerate(_followed(deeds, later)):
        at(number)
        values, whole = _with(deed.held.values, result.other, waiting)
        put_off = LATER + deed.key
        if put_off in before or (deed.what == NEW and not whole):
            # What it refers to is made after it: then it is changed.
            later.append(Deed(CHANGED, deed.held))
        if deed.key in before:
            continue
        held = deed.held
        if deed.what != NEW:
            held = replace(held, uuid=result.other.get(held.uuid, held.uuid))
        outcome = do(Deed(deed.what, held), values)
        if outcome.refused:
            result.refused.append((deed, outcome.refused))
            continue
        waiting.discard(deed.held.uuid)
        result.done += 1
        if outcome.made and outcome.made != deed.held.uuid:
            result.other[deed.held.uuid] = outcome.made
        with book.database.transaction() as transaction:
            keys = [deed.key] if whole else [deed.key, put_off]
            rows = [(key, deed.held.uuid, outcome.made) for key in keys]
            transaction.each("INSERT INTO move_back VALUES (?, ?, ?)", rows)
    return result


def _followed(deeds: Sequence[Deed], later: list[Deed]) -> Iterable[Deed]:
    """The new ones, what was put off meanwhile, the others."""
    yield from (each for each in deeds if each.what == NEW)
    yield from list(later)
    yield from (each for each in deeds if each.what != NEW)


def _with(value: Any, other: Mapping[str, str], waiting: set[str]) -> tuple[Any, bool]:
    """Values with the uuids that things have in the registers, and whether none had to be left out."""
    if isinstance(value, dict):
        if value.keys() == {"uuid"}:
            if value["uuid"] in waiting:
                return None, False
            return {"uuid": other.get(value["uuid"], value["uuid"])}, True
        parts = {name: _with(each, other, waiting) for name, each in value.items()}
        return {name: each for name, (each, _) in parts.items()}, all(whole for _, whole in parts.values())
    if isinstance(value, list):
        several = [_with(each, other, waiting) for each in value]
        return [each for each, _ in several if each is not None], all(whole for _, whole in several)
    return value, True
