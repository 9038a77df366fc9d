"""The order of resources: of a list, and of what stands inside an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapter.engine.entities.entry import Entry
from adapter.mapping.codecs import moment
from adapter.mapping.model import Resource


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What has an instant of creation, newest first; then the rest, home by home in the register's own order.

    Two resources keep their places beside each other whatever is written elsewhere.
    """
    placed = sorted(entries, key=lambda each: (each.resource.ranks[each.home.name], *_place(each)))
    return sorted(placed, key=lambda each: moment(each.created), reverse=True)


def oldest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What old clients made, home by home; then the rest as it was made.

    Registers give what is newest first, but what stands inside one record has the order of its places there.
    """
    placed = sorted(entries, key=_place_in_a_record)
    return sorted(placed, key=lambda each: moment(each.created))


def _place(entry: Entry) -> tuple[int, str]:
    """Beside others of one instant. Objects are by uuid: the Objects API moves what changes."""
    return (0, entry.uuid) if entry.home.kind == "object" else (entry.position, "")


def _place_in_a_record(entry: Entry) -> tuple[int, int, str, int]:
    number, uuid = _place(entry)
    rank = entry.resource.ranks[entry.home.name]
    return (rank, number if entry.home.kind == "inside" else -number, uuid, entry.item)


def in_order(
    resource: Resource, entries: Iterable[Entry], places: Mapping[str, int] | None = None
) -> list[Entry]:
    """The resources as a list has them; `places` says of each uuid where the register has it, if it does.

    By the member that the mapping names; among those that are equal in it, and without one, by their places,
    else by creation.
    """
    if places is not None:
        found = sorted(entries, key=lambda each: places[each.uuid])
    else:
        found = newest_first(entries)
    if resource.order:
        member = resource.order.removeprefix("-")
        found.sort(key=lambda each: moment(each.values.get(member)), reverse=True)
    return found
