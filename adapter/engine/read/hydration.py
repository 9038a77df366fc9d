"""Make served resources of what registers answer, one function for each kind of home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from adapter.engine.entities.annotations import CREATED, SUPPLEMENT
from adapter.engine.entities.entry import Entry, unkept
from adapter.engine.entities.identity import supplement_uuid, uuid_in
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.records import Job
from adapter.engine.read.business_keys import Names
from adapter.engine.read.echoes import echoed_in, echoes_on, heard
from adapter.engine.read.embedded_values import EmbeddedValues, is_ours, is_retold
from adapter.mapping import codecs, translate
from adapter.mapping.model import DoesNotFit, Home, Known, Pair, Place, Resource
from adapter.mapping.paths import filled, get, put_apart

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository


class Hydration:
    """Builds entries; asks the registers only for what the entries cannot do without."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.session = repository.session
        self.deployment = repository.deployment
        self.naming = repository.naming
        self.slots = EmbeddedValues(repository, self.naming)

    # records

    def records(self, resource: Resource, home: Home, rows: Sequence[Record]) -> list[Entry]:
        """The resources that these records of `home`'s collection are, or only say for old clients."""
        assert home.place is not None
        found = []
        uuids = [uuid_in(row["url"]) for row in rows]
        self._notice(home, rows)
        supplements = self._supplements(home, rows, uuids)
        plain = [row for row, uuid in zip(rows, uuids, strict=True) if uuid not in supplements]
        echoes = self._echoes(resource, home, plain)
        for position, (row, uuid) in enumerate(zip(rows, uuids, strict=True)):
            if uuid in echoes:
                continue
            stored = supplements.get(uuid)
            data = stored.data if stored else {}
            values = translate.read(resource, home, row, data)
            entry = Entry(resource, uuid, home, values, row, stored, None, data.get(CREATED, ""), position)
            found.append(entry)
        own = echoed_in(resource, home)
        echoing = [echoes[uuid] for uuid in uuids if uuid in echoes]
        return self._servable(found) + (self.objects(resource, own, echoing) if own and echoing else [])

    def _echoes(self, resource: Resource, home: Home, rows: Sequence[Record]) -> dict[str, StoredObject]:
        """Which records, with nothing beside them, only echo objects: their uuids, and the objects."""
        own = echoed_in(resource, home) if rows else None
        if own is None:
            return {}
        owners = self._owners(home, next(iter(own.keys.values())), rows)
        return echoes_on(self.repository, resource, home, owners)

    def _notice(self, home: Home, rows: Sequence[Record]) -> None:
        """Remember how clients name records, to search for them so."""
        for pair in home.pairs:
            if pair.to is not None:
                texts = [row.get(pair.at[0]) for row in rows]
                self.deployment.spelt.notice(pair.to, self.deployment.registers[pair.to.register], texts)

    def _servable(self, entries: list[Entry]) -> list[Entry]:
        """Without those that lack a reference without which nobody could read them; they are counted."""
        if not entries or not entries[0].resource.needed:
            return entries
        kept = []
        for each in entries:
            lacking = [name for name in each.resource.needed if not each.values.get(name)]
            if not lacking:
                kept.append(each)
            else:
                self.deployment.count(f"left_out.{each.resource.name}.{lacking[0]}")
        return kept

    def said_elsewhere(self, resource: Resource, entries: Sequence[Entry]) -> None:
        """Add what other records say of these resources.

        A record of an old client may say it by way of another. In a slot of another record it may have
        written of the same resource, or changed what was told it there.
        """
        self.session.run(self.said_jobs(resource, entries))
        for home in resource.homes.values():
            if home.legacy:
                self._legacy(home, [each for each in entries if each.home is home])
        for slot in resource.telling_slots:
            assert slot.owner is not None and slot.same_as is not None
            member, by = slot.owner
            links = [uuid for each in entries for uuid in each.references(member)]
            owners = self.repository.related(slot.owner_resource, by, links) if links else []
            plain = [each for each in entries if each.stored is None and each.home.name == slot.same_as[0]]
            found = self.slots.of(resource, slot, owners) if plain else []
            for each in plain:
                same = next((one for one in found if _same(one, each, slot.same_as[1])), None)
                if same is not None:
                    _complete(each, same, slot)
            for owner in owners:
                self._retold(slot, owner, entries)

    def said_jobs(self, resource: Resource, entries: Sequence[Entry]) -> list[Job]:
        """The first calls that `said_elsewhere` would have to make."""
        jobs: list[Job] = []
        for home in resource.homes.values():
            for legacy in home.legacy:
                plain = unkept(entries, home, legacy.member)
                uuids = [uuid for each in plain for uuid in each.references(legacy.of)]
                jobs += self.session.records.jobs(self._owner_place(resource, legacy.of), uuids)
        for slot in resource.telling_slots:
            assert slot.owner is not None
            links = [uuid for each in entries for uuid in each.references(slot.owner[0])]
            jobs += self.repository.related_jobs(slot.owner_resource, slot.owner[1], links)
        return jobs

    def _owner_place(self, resource: Resource, member: str) -> Place:
        """Where the records are that a reference names."""
        target = self.deployment.mappings.resources[resource.members[member].to]
        return next(home.place for home in target.homes.values() if home.place is not None)

    def _retold(self, slot: Home, owner: Entry, entries: Sequence[Entry]) -> None:
        at = slot.filled[0]
        if not is_ours(owner) or not is_retold(owner, at):
            return
        of = owner.notes.projected_of(at)
        for each in entries:
            if each.uuid == of:
                translate.overwrite(each.values, slot.pairs, owner.record)

    def _supplements(
        self, home: Home, rows: Sequence[Record], uuids: Sequence[str]
    ) -> dict[str, StoredObject]:
        """uuid → the aanvulling of the record."""
        objects, found = self.session.objects, dict[str, StoredObject]()
        if not rows or not home.keys or not self.deployment.has(SUPPLEMENT):
            return found
        assert home.place is not None
        wanted = {supplement_uuid(home.place, uuid): uuid for uuid in uuids}

        def keep(key: str, owners: Sequence[str]) -> None:
            hanging = objects.hanging(key, owners, SUPPLEMENT)
            found.update((wanted[each.uuid], each) for each in hanging if each.uuid in wanted)

        (key, member), *others = home.keys.items()
        owners = self._owners(home, member, rows)
        if others and len(objects.at_hand(key, owners)) < len(owners):
            # there may be no need to ask: they hang on another record as well
            for other, by in others:
                keep(other, objects.at_hand(other, self._owners(home, by, rows)))
            left = [row for row, uuid in zip(rows, uuids, strict=True) if uuid not in found]
            owners = self._owners(home, member, left)
        keep(key, owners)
        return found

    def _owners(self, home: Home, member: str, rows: Sequence[Record]) -> list[str]:
        """The records that these hang on by a member."""
        if member == "self":
            return [uuid_in(row["url"]) for row in rows]
        pair = home.pair_of.get((member,))
        return [owner for row in rows if (owner := self.refers(pair, row))] if pair is not None else []

    def refers(self, pair: Pair, row: Any) -> str | None:
        """The uuid that a record names by a reference, if it names one of the right kind."""
        try:
            value = pair.read(get(row, pair.at))
        except DoesNotFit:
            return None
        return value["uuid"] if isinstance(value, dict) else None

    def _legacy(self, home: Home, entries: list[Entry]) -> None:
        """Values that a record of an old client says by way of another record."""
        for legacy in home.legacy:
            of = legacy.of
            plain = unkept(entries, home, legacy.member)
            if not plain:
                continue
            owners = self.session.records.get(
                self._owner_place(plain[0].resource, of),
                [uuid for each in plain for uuid in each.references(of)],
            )
            for each in plain:
                record = owners.get(each.reference(of) or "")
                each.values[legacy.member] = legacy.read(record.get(legacy.at) if record else None)

    # objects

    def objects(self, resource: Resource, home: Home, found: Iterable[StoredObject]) -> list[Entry]:
        """The resources that these objects are; one whose mirror an old client emptied is none."""
        kept = [each for each in found if each.type == home.object_type]
        if not kept:
            return []
        entries = self.slots.mirrored(resource, home, self.alone(resource, home, kept))
        return self._servable(heard(self.repository, resource, home, entries) if home.echo else entries)

    def alone(self, resource: Resource, home: Home, found: Sequence[StoredObject]) -> list[Entry]:
        """What these objects say by themselves, whatever stands where they are mirrored."""
        if home.rest or home.pairs:
            return self._of_old_clients(resource, home, found)
        return [_own(resource, home, each, number) for number, each in enumerate(found)]

    def _of_old_clients(self, resource: Resource, home: Home, found: Sequence[StoredObject]) -> list[Entry]:
        """Objects in a shape that old clients use: what it lacks stands in a group of its own."""
        still = [_standing(resource, home, each.data) for each in found]
        told = {".".join(each.served) for each in home.known}
        unsaid = [each.data for each, kept in zip(found, still, strict=True) if not told <= kept.keys()]
        names = self.naming.known(home, unsaid)
        entries = []
        for number, (each, kept) in enumerate(zip(found, still, strict=True)):
            known = partial(self._named, resource, each, kept, names)
            values = translate.read(resource, home, each.data, {translate.VALUES: kept}, known)
            created = _instant(get(each.data, home.created_at)) if home.created_at else ""
            for name in resource.instants:
                if values.get(name) is None:
                    values[name] = _instant(each.since) or None
            entries.append(Entry(resource, each.uuid, home, values, each.data, each, None, created, number))
        return entries

    def _named(
        self, resource: Resource, found: StoredObject, kept: Mapping[str, Any], names: Names, known: Known
    ) -> Any:
        """A reference that an object makes by key, unless it is kept as it is."""
        if ".".join(known.served) in kept:
            return None
        return self.naming.named(resource, known, names, found.data, found.uuid)


def _same(one: Entry, other: Entry, members: Sequence[str]) -> bool:
    return all(
        one.reference(name) is not None and one.reference(name) == other.reference(name) for name in members
    )


def _complete(entry: Entry, other: Entry, slot: Home) -> None:
    """Take over what the other says and the entry does not."""
    nothing = translate.absent(entry.resource)
    for pair in slot.pairs:
        value = get(other.values, pair.served)
        if filled(value) and get(entry.values, pair.served) == get(nothing, pair.served):
            put_apart(entry.values, pair.served, value)


def _own(resource: Resource, home: Home, found: StoredObject, number: int) -> Entry:
    """An object of a type of ours: it holds the resource as it is served."""
    data, values = found.data, translate.absent(resource)
    for name in resource.members:
        if name in data:
            values[name] = data[name]
    translate.settle(resource, values)
    return Entry(resource, found.uuid, home, values, data, found, None, data.get(CREATED, ""), number)


def _standing(resource: Resource, home: Home, data: Record) -> Mapping[str, Any]:
    """What an object keeps of what its shape lacks, without what an old client changed since."""
    rest = data.get(home.rest) if home.rest else None
    return translate.standing(resource, home, {}, data, rest) if rest else {}


def _instant(value: Any) -> str:
    try:
        found: str = codecs.instant(value)
    except DoesNotFit:
        return ""
    return found
