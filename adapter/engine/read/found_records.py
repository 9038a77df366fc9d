"""Records that are found by way of others, where no object of ours says the same.

A register tells of a link also when a client recorded it, and then an object stands for it. That has what the
client said and the uuid that it was given, and the link is no other resource.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import Record
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.scan_bound import ONE_BY_ONE, ScanTooLong
from adapter.engine.gateway.scheduler import Read
from adapter.engine.read.resources import Resources
from adapter.mapping import translate
from adapter.mapping.model import Home, Resource, whole
from adapter.mapping.paths import filled, get, parse


def referring(
    reads: Resources, resource: Resource, home: Home, member: str, uuids: Sequence[str]
) -> Read[list[Entry]]:
    """The resources of `home` that refer to one of these; one call for each of them.

    None where the request does not look into such resources. Raises ScanTooLong when they are too many for
    that, and more than a page.
    """
    into, pair = reads.session.into, home.pair_of.get((member,))
    asked = into is None or resource.name in into
    if (
        not asked
        or home.place is None
        or pair is None
        or pair.to is None
        or pair.at != parse(home.found_by[0])
    ):
        return []
    gathers = reads.deployment.gathers
    held = gathers.held(uuids) if gathers is not None else ()
    there = [uuid for uuid in uuids if uuid not in held]
    bound = reads.deployment.scan_bound
    if len(there) > max(bound // ONE_BY_ONE, RECORDS_PER_PAGE):
        raise ScanTooLong(bound, register=home.place.register)
    rows = yield from reads.session.records.children(home.place, home.found_by[0], pair.to, there)
    return (yield from unsaid(reads, resource, home, rows))


def unsaid(reads: Resources, resource: Resource, home: Home, rows: Sequence[Record]) -> Read[list[Entry]]:
    """The resources that these records of `home` are and no object is."""
    found = [
        Entry(
            resource, uuid_in(row["url"]), home, translate.read(resource, home, row, {}), row, position=number
        )
        for number, row in enumerate(rows)
    ]
    said = yield from _said_of(reads, resource, home, found)
    return [each for each in found if (says := _says(home, each.values)) is None or says not in said]


def _said_of(
    reads: Resources, resource: Resource, home: Home, entries: Sequence[Entry]
) -> Read[set[tuple[Any, ...] | None]]:
    """What objects say that hang on the same."""
    objects, at = whole(resource.homes.values()), parse(home.found_by[0])
    reference = next(pair.served[0] for pair in home.pairs if pair.at == at)
    owners = [uuid for each in entries for uuid in each.references(reference)]
    hanging = reads.session.objects.hanging(objects.key_for[reference], owners, objects.object_type)
    return {_says(home, each.data) for each in (yield from hanging)}


def _says(home: Home, values: Any) -> tuple[Any, ...] | None:
    """What tells a link from others: what its pairs say, of a reference the uuid.

    None where one of them says nothing.
    """
    said = (get(values, (*pair.served, "uuid") if pair.to else pair.served) for pair in home.pairs)
    # A uuid is the same in capitals.
    found = tuple(each.casefold() if isinstance(each, str) else each for each in said)
    return found if all(map(filled, found)) else None
