"""The order of resources: of a list, and of what stands inside an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from adapter.engine.entities.entry import Entry
from adapter.mapping.codecs import moment
from adapter.mapping.model import Resource


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


def in_order(
    resource: Resource, entries: Iterable[Entry], places: Callable[[], Mapping[str, int] | None]
) -> list[Entry]:
    """The resources in the order of a list: by the member that the mapping names, the latest first.

    Those that are equal in it go as `newest_first`: a register need promise no order among them (Open Klant
    1.0 does not). Resources without an instant of creation, and all when the mapping names no member, are
    ordered by what `places` gives (uuid → the number that the register's own list gives it), if it gives any.
    """
    found = list(entries)
    if not resource.order:
        return _unordered(found, places)
    latest = {each.uuid: moment(each.values.get(resource.order)) for each in found}
    if len(set(latest.values())) < len(found):
        found = _unordered(found, places)
        found.sort(key=lambda each: moment(each.created), reverse=True)
    found.sort(key=lambda each: latest[each.uuid], reverse=True)
    return found


def _unordered(entries: list[Entry], places: Callable[[], Mapping[str, int] | None]) -> list[Entry]:
    """Resources of which no member says the order."""
    known = places()
    return newest_first(entries) if known is None else sorted(entries, key=lambda each: known[each.uuid])
