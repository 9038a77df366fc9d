"""The order of resources that no member of theirs says."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.engine.entities.entry import Entry
from adapter.mapping.codecs import moment


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Resources with an instant of creation, newest first; then the others, as their register has them.

    The order of two resources does not depend on what is written to others.
    """
    placed = sorted(entries, key=lambda each: (each.resource.ranks[each.home.name], *_place(each)))
    return sorted(placed, key=lambda each: moment(each.created), reverse=True)


def oldest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Resources that register clients made, by home; then those with an instant of creation, oldest first.

    Registers list the newest first, so their order is turned round; embedded values are in the order in which
    they stand in their record.
    """
    placed = sorted(entries, key=_place_in_a_record)
    return sorted(placed, key=lambda each: moment(each.created))


def _place(entry: Entry) -> tuple[int, str]:
    """The place among resources of one instant. Objects go by uuid: a change moves them in their list."""
    return (0, entry.uuid) if entry.home.kind == "object" else (entry.position, "")


def _place_in_a_record(entry: Entry) -> tuple[int, int, str, int]:
    number, uuid = _place(entry)
    rank = entry.resource.ranks[entry.home.name]
    return (rank, number if entry.home.kind == "inside" else -number, uuid, entry.item)
