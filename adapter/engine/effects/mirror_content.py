"""What a slot says for register clients of the object that is mirrored there."""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.read.repository import Repository
from adapter.mapping.model import DoesNotFit, Home, Mirror, Pair
from adapter.mapping.paths import MISSING, Path, filled, get
from adapter.mapping.translate import encoded


def belongs(repository: Repository, entry: Entry, mirror: Mirror) -> bool:
    """Whether an object is one of those that are mirrored."""
    for path, wanted in mirror.when:
        member = entry.resource.members.get(path[0])
        of: Entry | None = entry
        if member is not None and member.to and len(path) > 1:  # it leads through a reference
            of, path = repository.one(member.to, entry.reference(path[0]) or ""), path[1:]
        value = get(of.values, path) if of is not None else None
        if not (filled(value) if wanted == "given" else value == wanted):
            return False
    return True


def written(entry: Entry, slot: Home, record: Any) -> dict[Path, Any] | None:
    """What the fields of a slot get to say what a resource says; None when they cannot."""
    found: dict[Path, Any] = {}
    for pair in slot.pairs:
        value, now = get(entry.values, pair.served), get(record, pair.at)
        if pair.read_only or _reads(pair, now, value):
            continue
        text = encoded(pair, value, now)
        if filled(value) and not filled(text):
            return None
        if text is not MISSING:
            found[pair.at] = text
    at = {pair.at for pair in slot.pairs}
    empty = slot.filled in at and not filled(found.get(slot.filled, get(record, slot.filled)))
    return None if empty else found


def _reads(pair: Pair, now: Any, value: Any) -> bool:
    """Whether what stands in a field reads as a value already."""
    try:
        return filled(now) and bool(pair.read(now) == value)
    except DoesNotFit:
        return False


def names_owner(entry: Entry, slot: Home, owner: Entry) -> bool:
    """Whether a record would name itself in a slot: registers do not delete what is named, even then."""
    return any(pair.to is not None and owner.uuid in entry.references(pair.served[0]) for pair in slot.pairs)
