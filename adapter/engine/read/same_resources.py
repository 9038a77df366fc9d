"""Resources that stand in a slot and in another home as well: each counts once, as that of the other home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.scheduler import Read, unasked
from adapter.engine.read.referring import referring_in
from adapter.engine.read.resources import Resources
from adapter.mapping.model import Home

Links = tuple[str | None, ...]
"""What a resource refers to, member by member."""


def same_in(reads: Resources, home: Home, entries: Sequence[Entry]) -> Read[dict[str, Entry]]:
    """The uuid of each resource in a slot → the resource of another home that it is, when there is one.

    They are the same when both refer to the same things. What hangs on any of these may be known already;
    else it is asked by what is fewest, and at last by what the other home is found by for certain.
    """
    if home.same_as is None or not entries:
        return {}
    name, members = home.same_as
    resource = entries[0].resource
    links = {each.uuid: its for each in entries if None not in (its := _links(each, members))}
    shared = [len({its[number] for its in links.values()}) for number in range(len(members))]
    found: dict[str, Entry] = {}

    def wanted(number: int) -> list[str]:
        left = [its for uuid, its in links.items() if uuid not in found]
        return list(dict.fromkeys(to for its in left if (to := its[number])))

    def take(there: Iterable[Entry]) -> None:
        by_links = {_links(each, members): each for each in there}
        found.update((uuid, by_links[its]) for uuid, its in links.items() if its in by_links)

    for number, member in enumerate(members):
        take(unasked(referring_in(reads, resource, resource.homes[name], member, wanted(number))) or ())
    fewest = min(range(len(members)), key=lambda number: shared[number])
    for number in dict.fromkeys((fewest, 0)):
        if asked := wanted(number):
            take((yield from referring_in(reads, resource, resource.homes[name], members[number], asked)))
    return found


def _links(entry: Entry, members: Sequence[str]) -> Links:
    return tuple(entry.reference(member) for member in members)
