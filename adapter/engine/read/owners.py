"""Find the records in whose slots a resource may stand."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner, uuid_in
from adapter.engine.gateway.scan_bound import ONE_BY_ONE, ScanTooLong
from adapter.engine.gateway.scheduler import Read
from adapter.engine.read import hydration
from adapter.engine.read.business_keys import key_of
from adapter.engine.read.resources import Resources
from adapter.engine.spellings import naming
from adapter.mapping.constructs.linked import Linked
from adapter.mapping.model import Home, Place
from adapter.mapping.paths import Path


def owners_of(reads: Resources, home: Home, member: str, uuids: Sequence[str]) -> Read[list[Entry]]:
    """The owners in which a slot can refer to these uuids with `member`; none when a slot never does."""
    link = next((each for each in home.linked if each.member == member), None)
    if link is not None:
        return (yield from _owners_linked(reads, home, link, uuids))
    if home.owner is not None and home.owner[0] == member:
        return (yield from _owners_by(reads, home, home.owner[1], uuids))
    pair = home.pair_of.get((member,))
    if pair is not None and pair.to is not None:
        operator, texts = _naming(reads, home, pair.to, uuids)
        return (yield from owners_at(reads, home, pair.at, texts, operator))
    for known in home.known:
        if known.served == (member,):
            entries = (yield from reads.get(known.resource, uuids)).values()
            keys = [key for each in entries if (key := key_of(each))]
            slot = reads.resource(known.resource).homes[known.home]
            named = yield from _owners_at(reads, home, slot.each, slot.known_at, keys)
            return [*(each.owner for each in entries if each.owner), *named]
    return []


def _owners_linked(reads: Resources, home: Home, link: Linked, uuids: Sequence[str]) -> Read[list[Entry]]:
    """The owners that links name beside these; what stands in them is known to refer there from then on.

    The register is asked for each of them. Raises ScanTooLong when they are too many for that.
    """
    to = reads.resource(reads.resource(home.resource).members[link.member].to)
    place = next(each.place for each in to.homes.values() if each.place is not None)
    rows = yield from reads.session.records.children(link.place, link.there, place, uuids)
    said = {uuid_in(row[link.owner]): uuid_in(row[link.there]) for row in reversed(rows)}
    bound = reads.deployment.scan_bound
    if len(said) > bound // ONE_BY_ONE:
        raise ScanTooLong(bound, register=link.place.register)
    owners = yield from reads.get(home.owner_resource, said)
    for uuid in owners:
        there = {link.member: {"uuid": said[uuid]}}
        reads.session.linked.setdefault((home.resource, home.name, uuid), {}).update(there)
    return list(owners.values())


def _owners_by(reads: Resources, home: Home, by: str, uuids: Sequence[str]) -> Read[list[Entry]]:
    if by == "self":
        return list((yield from reads.get(home.owner_resource, uuids)).values())
    if "." not in by:
        return (yield from reads.related(home.owner_resource, by, uuids))
    name, _, home_name = by.partition(".")
    between = reads.resource(name).homes[home_name]
    assert between.owner is not None
    member, through = between.owner
    entries = yield from reads.get(name, uuids)
    links = [uuid for each in entries.values() for uuid in each.references(member)]
    if through == "self":
        found = list((yield from reads.get(between.owner_resource, links)).values())
    else:
        found = yield from reads.related(between.owner_resource, through, links)
    return [*found, *(yield from _left(reads, between, uuids, {each.uuid for each in found}))]


def _left(reads: Resources, slot: Home, uuids: Sequence[str], found: set[str]) -> Read[list[Entry]]:
    """The records that resources stood in which have left them since: their uuid still says so."""
    owners = [owner for uuid in uuids for owner, own in [slot_owner(uuid)] if own in slot.slots]
    missing = [each for each in owners if each not in found]
    return list((yield from reads.get(slot.owner_resource, missing)).values())


def _naming(reads: Resources, home: Home, place: Place, uuids: Sequence[str]) -> tuple[str, Sequence[str]]:
    """(operator, texts) of a search for the owners that name one of these records in a slot."""
    if not uuids or (in_objects(reads, home) and home.each):
        return "in", uuids  # a list is searched for a part of its text anyhow
    if in_objects(reads, home):
        return naming(reads.deployment.registers[place.register], place, uuids)
    return "in", [url for uuid in uuids for url in reads.deployment.names(place, uuid)]


def owners_at(
    reads: Resources, home: Home, at: Path, values: Sequence[str], operator: str = "in"
) -> Read[list[Entry]]:
    """The owners with one of these texts at `at`; all of them where the register cannot say."""
    return _owners_at(reads, home, home.each, at, values, operator=operator)


def _owners_at(
    reads: Resources, home: Home, each: Path, at: Path, values: Sequence[str], *, operator: str = "in"
) -> Read[list[Entry]]:
    """As `owners_at`; where that is a path in `each` item of a list, in any of them."""
    if not values:
        return []
    resource = reads.resource(home.owner_resource)
    owner_home = resource.homes[home.owner_home]
    if owner_home.kind == "object":
        objects, kind = reads.session.objects, owner_home.object_type
        found = yield from (
            objects.listing(kind, "__".join(each), values)
            if each
            else objects.found(kind, "__".join(at), values, operator)
        )
        return (yield from hydration.of_objects(reads, resource, owner_home, found))
    assert owner_home.place is not None
    parameter = reads.mappings.collections[owner_home.place].search.get(".".join((*each, *at)))
    if parameter is None:
        return (yield from reads.every(home.owner_resource))
    rows = yield from reads.session.records.where(owner_home.place, parameter, values)
    return (yield from hydration.of_records(reads, resource, owner_home, rows))


def in_objects(reads: Resources, home: Home) -> bool:
    """Whether a slot's owners are objects, so that a part of a text can be searched for."""
    return reads.resource(home.owner_resource).homes[home.owner_home].kind == "object"
