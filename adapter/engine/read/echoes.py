"""Records in which register clients find a resource that became an object.

A record cannot always follow a change, and its uuid is given once. So the resource becomes an object with the
uuid that it had, and another record says for register clients what it says now. That record, its echo, is no
resource of its own: the object remembers which it is. A register client that removes it removes the resource,
and one that changes it changes the resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.scheduler import Read
from adapter.engine.read.resources import Resources
from adapter.mapping.model import DoesNotFit, Home, Resource
from adapter.mapping.paths import MISSING, get, put_apart
from adapter.mapping.translate import encoded


def echo_of(entry: Entry) -> str:
    """The uuid of the record that is the echo of an object, or empty."""
    home = entry.home
    return Annotations.of(home, entry.record).mirrors.get(home.echo, "") if home.echo else ""


def echoes_on(
    reads: Resources, own: Home, home: Home, owners: Iterable[str]
) -> Read[dict[str, StoredObject]]:
    """The records of a home, hanging on these, that are echoes: their uuids, and the objects, of `own`."""
    found = yield from reads.session.objects.hanging(next(iter(own.keys)), owners, own.object_type)
    return {echo: each for each in found if (echo := Annotations.of(own, each.data).mirrors.get(home.name))}


def heard(reads: Resources, resource: Resource, home: Home, entries: Sequence[Entry]) -> Read[list[Entry]]:
    """Those of these objects that register clients left their echo; what they changed there has changed."""
    echoes = {each.uuid: echo for each in entries if (echo := echo_of(each))}
    if not echoes:
        return list(entries)
    echoing = resource.homes[home.echo]
    assert echoing.place is not None
    there = yield from reads.session.records.get(echoing.place, echoes.values())
    for each in entries:
        if record := there.get(echoes.get(each.uuid, "")):
            _follow(each, echoing, record)
    return [each for each in entries if each.uuid not in echoes or echoes[each.uuid] in there]


def _follow(entry: Entry, echoing: Home, record: Record) -> None:
    """Give an object the values that its echo no longer says of it."""
    for pair in echoing.pairs:
        said = get(record, pair.at)
        if encoded(pair, get(entry.values, pair.served), said) in (MISSING, said):
            continue
        try:
            put_apart(entry.values, pair.served, pair.read(said))
        except DoesNotFit:
            put_apart(entry.values, pair.served, None)
