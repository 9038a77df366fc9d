"""Records in which old clients find a resource that became an object.

A record cannot always follow a change, and its uuid is given once. So the resource becomes an object with the
uuid that it had, and another record says for old clients what it says now. That record, its echo, is no
resource of its own: the object remembers which it is. An old client that removes it removes the resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from adapter.mapping.model import Home, Resource
from adapter.translation.entries import Entry, claims_of

if TYPE_CHECKING:
    from adapter.translation.reading import Reading


def echoed_in(resource: Resource, home: Home) -> Home | None:
    """The home of the objects that records of a home may be echoes of."""
    return next((each for each in resource.homes.values() if each.echo == home.name), None)


def echo_of(entry: Entry) -> str:
    """The uuid of the record that is the echo of an object, or empty."""
    home = entry.home
    return claims_of(home, entry.record).get(home.echo, "") if home.echo else ""


def echoes_on(reading: Reading, resource: Resource, home: Home, owners: Iterable[str]) -> set[str]:
    """The uuids of the records of a home, hanging on these, that are echoes of objects."""
    own = echoed_in(resource, home)
    if own is None or not reading.world.has(own.object_type):
        return set()
    found = reading.sources.objects.hanging(next(iter(own.keys)), owners, own.object_type)
    return {claims_of(own, each.data).get(home.name, "") for each in found}


def silenced(reading: Reading, resource: Resource, home: Home, entries: Sequence[Entry]) -> set[str]:
    """The uuids of the objects of which an old client removed the echo."""
    echoes = {echo: each.uuid for each in entries if (echo := echo_of(each))}
    if not echoes:
        return set()
    place = resource.homes[home.echo].place
    assert place is not None
    there = reading.sources.records.get(place, echoes)
    return {uuid for echo, uuid in echoes.items() if echo not in there}
