"""The resources of a home that refer to others, and the records in whose slots such a resource may stand."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner, uuid_in
from adapter.engine.entities.stored_object import StoredObject, once
from adapter.engine.gateway.scan_bound import ONE_BY_ONE, ScanTooLong
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read import found_records, hydration
from adapter.engine.read.business_keys import key_of
from adapter.engine.read.resources import Resources
from adapter.mapping.constructs.linked import Linked
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path

# So many are searched for one by one: that finds nothing else.
FEW = 2


def referring_in(
    reads: Resources, resource: Resource, home: Home, member: str, uuids: list[str]
) -> Read[list[Entry]]:
    """The resources of a home among which all are that refer to one of these uuids."""
    if home.found_by:
        return (yield from found_records.referring(reads, resource, home, member, uuids))
    if home.kind == "inside":
        owners = yield from owners_of(reads, home, member, uuids)
        return (yield from reads.slots(resource, home, owners))
    records, objects = reads.session.records, reads.session.objects
    if home.place is not None:
        pair = home.pair_of.get((member,))
        if pair is not None and pair.to is not None:
            rows = yield from records.children(home.place, pair.at[0], pair.to, uuids)
        else:
            # the reference stands only in the aanvulling
            beside = yield from objects.found(SUPPLEMENT, f"{SEARCH}__{member}__uuid", uuids)
            notes = [Annotations(each.data) for each in beside]
            wanted = [each.record for each in notes if each.kind == resource.name]
            rows = list((yield from records.get(home.place, wanted)).values())
        return (yield from hydration.of_records(reads, resource, home, rows))
    if home.read_only:
        return []
    if key := home.key_for.get(member, ""):
        found = yield from objects.hanging(key, uuids, home.object_type)
    elif resource.members[member].many:
        asked = [_listing(reads, home, member, uuids), _by_key(reads, home, member, uuids)]
        stored = yield from gather(asked)
        found = once(each for rows in stored for each in rows)
    else:
        found = yield from objects.found(home.object_type, search_path(home, member), uuids)
    return (yield from hydration.of_objects(reads, resource, home, found))


def search_path(home: Home, member: str) -> str:
    """The path at which objects of a home hold the uuid of a reference, as a search asks for it."""
    prefix = f"{home.rest}__{SEARCH}__" if home.rest else ""
    many = home.rest and any(each.served == (member,) for each in home.known)
    return f"{prefix}{member}" if many else f"{prefix}{member}__uuid"


def _by_key(reads: Resources, home: Home, member: str, uuids: list[str]) -> Read[list[StoredObject]]:
    """Objects of register clients that name one of these resources by its key."""
    found: list[StoredObject] = []
    for known in home.known:
        if known.served == (member,):
            slot = reads.resources[known.resource].homes[known.home]
            entries = yield from reads.get(known.resource, uuids)
            keys = [key for each in entries.values() if (key := key_of(each))]
            search = reads.session.objects.listing if slot.each else reads.session.objects.found
            found += yield from search(home.object_type, "__".join(slot.each or slot.known_at), keys)
    return found


# Objects that name, in a list of their own, what stands in a slot of another object of their kind. A slot is
# found by its owner, which was read with it. So many slots need no search each: what names any slot at all is
# searched for once.


def _listing(reads: Resources, home: Home, member: str, uuids: Sequence[str]) -> Read[list[StoredObject]]:
    """The objects among which all are whose list names one of these uuids."""
    # An object of our own has the list itself, whose text is looked into.
    objects, path = reads.session.objects, search_path(home, member) if home.rest else member
    digits = _digits(reads, home, member)
    inside = [uuid for uuid in uuids if uuid[14] in digits]
    few = len(inside) <= FEW
    plain = uuids if few else [uuid for uuid in uuids if uuid[14] not in digits]
    named = yield from gather(
        [
            objects.listing(home.object_type, path, plain),
            _holding(reads, inside),
            *([] if few else [_naming_a_slot(reads, home, member)]),
        ]
    )
    return once(each for rows in named for each in rows)


def _digits(reads: Resources, home: Home, member: str) -> str:
    """The digits of the slots of a home to which its own member can refer."""
    digits = ""
    for known in home.known:
        slot = reads.resources[known.resource].homes[known.home]
        if known.served == (member,) and slot.owner_resource == home.resource:
            digits += "".join(slot.slots)
    return digits


def _holding(reads: Resources, uuids: Sequence[str]) -> Read[list[StoredObject]]:
    """The objects in whose slots these stand."""
    found = yield from reads.session.objects.get(slot_owner(uuid)[0] for uuid in uuids)
    return list(found.values())


def naming_a_slot(reads: Resources, resource: Resource, member: str) -> Read[list[Entry]]:
    """The resources whose own list names a slot, whichever."""
    found: list[Entry] = []
    for home in resource.homes.values():
        if home.kind == "object" and not home.read_only:
            named = yield from _naming_a_slot(reads, home, member)
            digits = _digits(reads, home, member)
            entries = yield from hydration.of_objects(reads, resource, home, named)
            found += [each for each in entries if any(it[14] in digits for it in each.references(member))]
    return found


def _naming_a_slot(reads: Resources, home: Home, member: str) -> Read[list[StoredObject]]:
    # the digit of a slot is the first of the third group of its uuid
    texts = [f"-{digit}" for digit in _digits(reads, home, member)]
    return reads.session.objects.listing(home.object_type, search_path(home, member), texts)


# what stands in slots


def owners_of(reads: Resources, home: Home, member: str, uuids: Sequence[str]) -> Read[list[Entry]]:
    """The owners in which a slot can refer to these uuids with `member`; none when a slot never does."""
    link = next((each for each in home.linked if each.member == member), None)
    if link is not None:
        return (yield from _owners_linked(reads, home, link, uuids))
    if home.owner is not None and home.owner[0] == member:
        return (yield from _owners_by(reads, home, home.owner[1], uuids))
    pair = home.pair_of.get((member,))
    if pair is not None and pair.to is not None:
        operator, texts = "in", list(uuids)
        if not in_objects(reads, home):
            texts = [url for uuid in uuids for url in reads.deployment.names(pair.to, uuid)]
        elif uuids and not home.each:  # a list is searched for a part of its text anyhow
            operator, texts = reads.deployment.naming(pair.to, uuids)
        return (yield from owners_at(reads, home, pair.at, texts, operator))
    for known in home.known:
        if known.served == (member,):
            entries = (yield from reads.get(known.resource, uuids)).values()
            keys = [key for each in entries if (key := key_of(each))]
            slot = reads.resources[known.resource].homes[known.home]
            named = yield from owners_at(reads, home, slot.known_at, keys, each=slot.each)
            return [*(each.owner for each in entries if each.owner), *named]
    return []


def _owners_linked(reads: Resources, home: Home, link: Linked, uuids: Sequence[str]) -> Read[list[Entry]]:
    """The owners that links name beside these; what stands in them is known to refer there from then on.

    The register is asked for each of them. Raises ScanTooLong when they are too many for that.
    """
    to = reads.resources[reads.resources[home.resource].members[link.member].to]
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
    between = reads.resources[name].homes[home_name]
    assert between.owner is not None
    member, through = between.owner
    entries = yield from reads.get(name, uuids)
    links = [uuid for each in entries.values() for uuid in each.references(member)]
    if through == "self":
        found = list((yield from reads.get(between.owner_resource, links)).values())
    else:
        found = yield from reads.related(between.owner_resource, through, links)
    # what resources stood in that have left it since: their uuid still says so
    there = {each.uuid for each in found}
    stood = [slot_owner(uuid)[0] for uuid in uuids if uuid[14] in between.slots]
    left = yield from reads.get(between.owner_resource, [uuid for uuid in stood if uuid not in there])
    return [*found, *left.values()]


def owners_at(
    reads: Resources,
    home: Home,
    at: Path,
    values: Sequence[str],
    operator: str = "in",
    *,
    each: Path | None = None,
) -> Read[list[Entry]]:
    """The owners with one of these texts at `at`; all of them where the register cannot say.

    That is a path in any item of the list at `each`: the list of the slot, unless another is given; () for a
    path in the record itself.
    """
    if not values:
        return []
    each = home.each if each is None else each
    resource = reads.resources[home.owner_resource]
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
    return reads.resources[home.owner_resource].homes[home.owner_home].kind == "object"
