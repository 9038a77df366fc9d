"""Make served resources of what registers answer, one function for each kind of home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from adapter.engine.entities.annotations import CREATED, SUPPLEMENT
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import supplement_uuid
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.records import uuids_of
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.business_keys import Names, named, names_in
from adapter.engine.read.echoes import echoes_on, heard
from adapter.engine.read.embedded_values import embedded_in, is_ours, is_retold, mirrored
from adapter.engine.read.found_records import unsaid
from adapter.engine.read.reach import reach
from adapter.engine.read.resources import Resources
from adapter.mapping import codecs, translate
from adapter.mapping.constructs.tells import Legacy
from adapter.mapping.model import DoesNotFit, Home, Known, Pair, Resource
from adapter.mapping.paths import filled, get, put_apart

# records


def of_records(reads: Resources, resource: Resource, home: Home, rows: Sequence[Record]) -> Read[list[Entry]]:
    """The resources that these records of `home`'s collection are, or only say for register clients."""
    assert home.place is not None
    deployment = reads.deployment
    for pair in home.pairs:
        if pair.to is not None:
            # how clients name records, to search for them so
            texts = [row.get(pair.at[0]) for row in rows]
            deployment.spelt.notice(pair.to, deployment.registers[pair.to.register], texts)
    if home.found_by:
        return _servable(reads, (yield from unsaid(reads, resource, home, rows)))
    uuids = uuids_of(rows)
    supplements = yield from _supplements(reads, home, rows, uuids)
    echoes: Mapping[str, StoredObject] = {}
    if (own := resource.echoed.get(home.name)) is not None:
        # of records with nothing beside them, some only echo objects
        plain = [row for row, uuid in zip(rows, uuids, strict=True) if uuid not in supplements]
        if owners := _owners(home, next(iter(own.keys.values())), plain):
            echoes = yield from echoes_on(reads, own, home, owners)
    found = []
    there = enumerate(zip(rows, uuids, map(supplements.get, uuids), strict=True))
    for position, (row, uuid, stored) in there:
        if uuid in echoes:
            continue
        data = {} if stored is None else stored.data
        values = translate.read(resource, home, row, data)
        entry = Entry(resource, uuid, home, values, row, stored, None, data.get(CREATED, ""), position)
        found.append(entry)
    if own is None or not echoes:
        return _servable(reads, found)
    echoing = [echoes[uuid] for uuid in uuids if uuid in echoes]
    return _servable(reads, found) + (yield from of_objects(reads, resource, own, echoing))


def _servable(reads: Resources, entries: list[Entry]) -> list[Entry]:
    """Without those that lack a reference without which nobody could read them; they are counted."""
    if not entries or not entries[0].resource.needed:
        return entries
    resource = entries[0].resource
    kept = [each for each in entries if all(map(each.values.get, resource.needed))]
    if len(kept) < len(entries):
        for each in entries:
            lacking = next((name for name in resource.needed if not each.values.get(name)), None)
            if lacking is not None:
                reads.deployment.count(f"left_out.{resource.name}.{lacking}")
    return kept


def _supplements(
    reads: Resources, home: Home, rows: Sequence[Record], uuids: Sequence[str]
) -> Read[dict[str, StoredObject]]:
    """uuid → the aanvulling of the record."""
    objects, found = reads.session.objects, dict[str, StoredObject]()
    if not rows or not home.keys or not reads.deployment.has(SUPPLEMENT):
        return found
    assert home.place is not None
    wanted = dict(zip(map(supplement_uuid, repeat(home.place), uuids), uuids, strict=False))
    (key, member), *others = home.keys.items()
    owners = _owners(home, member, rows)
    if others and objects.unknown(key, owners):
        # there may be no need to ask: they hang on another record as well
        for other, by in others:
            on = _owners(home, by, rows)
            known = set(on).difference(objects.unknown(other, on))
            hanging = yield from objects.hanging(other, known, SUPPLEMENT)
            found.update({wanted[each.uuid]: each for each in hanging if each.uuid in wanted})
        owners = _owners(
            home, member, [row for row, uuid in zip(rows, uuids, strict=True) if uuid not in found]
        )
    hanging = yield from objects.hanging(key, owners, SUPPLEMENT)
    found.update({wanted[each.uuid]: each for each in hanging if each.uuid in wanted})
    return found


def _owners(home: Home, member: str, rows: Sequence[Record]) -> list[str]:
    """The records that these hang on by a member."""
    if member == "self":
        return uuids_of(rows)
    pair = home.pair_of.get((member,))
    return [owner for row in rows if (owner := refers(pair, row))] if pair is not None else []


def refers(pair: Pair, row: Any) -> str | None:
    """The uuid that a record names by a reference, if it names one of the right kind."""
    try:
        value = pair.read(get(row, pair.at))
    except DoesNotFit:
        return None
    return value["uuid"] if isinstance(value, dict) else None


# what other records say


def complete(reads: Resources, resource: Resource, entries: Sequence[Entry], member: str = "") -> Read[None]:
    """Add what other records say of these resources; with `member`, at least what they say of that.

    A record of a register client may say it by way of another. In a slot of another record it may have
    written of the same resource, or changed what was told it there.
    """
    legacy: list[Read[Any]] = [
        _legacy(reads, home, each, entries)
        for home in resource.homes.values()
        for each in home.legacy
        if member in ("", each.member)
    ]
    telling: list[Read[Any]] = []
    for slot in resource.telling_slots:
        assert slot.owner is not None
        links = [uuid for each in entries for uuid in each.references(slot.owner[0])]
        telling.append(reads.related(slot.owner_resource, slot.owner[1], links))
    _, *owners = yield from gather([gather(legacy), *telling])
    for slot, own in zip(resource.telling_slots, owners, strict=True):
        assert slot.same_as is not None
        other, members = slot.same_as
        plain = [each for each in entries if each.stored is None and each.home.name == other]
        found = (yield from embedded_in(reads, resource, slot, own)) if plain else []
        for each in plain:
            same = next((one for one in found if _same(one, each, members)), None)
            if same is not None:
                _take_from(same, each, slot)
        for owner in own:
            _retold(slot, owner, entries)
    for each in entries:
        each.complete = not member


def _legacy(reads: Resources, home: Home, legacy: Legacy, entries: Sequence[Entry]) -> Read[None]:
    """A value that a record of a register client says by way of another, unless a sidecar holds one."""
    name = legacy.member
    plain = [each for each in entries if each.home is home and name not in each.notes.values]
    if not plain:
        return
    yield from reach(reads, plain, legacy.of)
    to = reads.resources[plain[0].resource.members[legacy.of].to]
    place = next(each.place for each in to.homes.values() if each.place is not None)
    uuids = [uuid for each in plain for uuid in each.references(legacy.of)]
    owners = yield from reads.session.records.get(place, uuids)
    for each in plain:
        record = owners.get(each.reference(legacy.of) or "")
        each.values[name] = legacy.read(record.get(legacy.at) if record else None)


def _same(one: Entry, other: Entry, members: Sequence[str]) -> bool:
    return all(
        one.reference(name) is not None and one.reference(name) == other.reference(name) for name in members
    )


def _take_from(other: Entry, entry: Entry, slot: Home) -> None:
    """Let an entry have what the other says and it does not."""
    nothing = translate.absent(entry.resource)
    for pair in slot.pairs:
        value = get(other.values, pair.served)
        if filled(value) and get(entry.values, pair.served) == get(nothing, pair.served):
            put_apart(entry.values, pair.served, value)


def _retold(slot: Home, owner: Entry, entries: Sequence[Entry]) -> None:
    at = slot.filled[0]
    if not is_ours(owner) or not is_retold(owner, at):
        return
    of = owner.notes.projected_of(at)
    for each in entries:
        if each.uuid == of:
            translate.overwrite(each.values, slot.pairs, owner.record)


# objects


def of_objects(
    reads: Resources, resource: Resource, home: Home, found: Iterable[StoredObject]
) -> Read[list[Entry]]:
    """The resources that these objects are; one whose mirror a register client emptied is none."""
    kept = [each for each in found if each.type == home.object_type]
    if not kept:
        return []
    entries = yield from alone(reads, resource, home, kept)
    entries = yield from mirrored(reads, resource, entries)
    return _servable(reads, (yield from heard(reads, resource, home, entries)) if home.echo else entries)


def alone(
    reads: Resources, resource: Resource, home: Home, found: Sequence[StoredObject]
) -> Read[list[Entry]]:
    """What these objects say by themselves, whatever stands where they are mirrored."""
    if home.rest or home.pairs:
        return (yield from _of_old_clients(reads, resource, home, found))
    entries = []
    for number, each in enumerate(found):
        # an object of a type of ours holds the resource as it is served
        values = {**resource.blank, **each.data}
        for noted in each.data.keys() - resource.members.keys():
            del values[noted]
        translate.settle(resource, values)
        created = each.data.get(CREATED, "")
        entries.append(Entry(resource, each.uuid, home, values, each.data, each, None, created, number))
    return entries


def _of_old_clients(
    reads: Resources, resource: Resource, home: Home, found: Sequence[StoredObject]
) -> Read[list[Entry]]:
    """Objects in a shape that register clients use: what it lacks stands in a group of its own."""
    still = [_standing(resource, home, each.data) for each in found]
    told = {".".join(each.served) for each in home.known}
    unsaid = [each.data for each, kept in zip(found, still, strict=True) if not told <= kept.keys()]
    names = yield from names_in(reads, home, unsaid)
    entries = []
    for number, (each, kept) in enumerate(zip(found, still, strict=True)):
        known = partial(_named, resource, each, kept, names)
        values = translate.read(resource, home, each.data, {translate.VALUES: kept}, known)
        created = _instant(get(each.data, home.created_at)) if home.created_at else ""
        for name in resource.instants:
            if values.get(name) is None:
                values[name] = _instant(each.since) or None
        entries.append(Entry(resource, each.uuid, home, values, each.data, each, None, created, number))
    return entries


def _named(
    resource: Resource, found: StoredObject, kept: Mapping[str, Any], names: Names, known: Known
) -> Any:
    """A reference that an object makes by key, unless it is kept as it is."""
    if ".".join(known.served) in kept:
        return None
    return named(resource, names, found.data, found.uuid, known)


def _standing(resource: Resource, home: Home, data: Record) -> Mapping[str, Any]:
    """What an object keeps of what its shape lacks, without what a register client changed since."""
    rest = data.get(home.rest) if home.rest else None
    return translate.standing(resource, home, {}, data, rest) if rest else {}


def _instant(value: Any) -> str:
    try:
        found: str = codecs.instant(value)
    except DoesNotFit:
        return ""
    return found
