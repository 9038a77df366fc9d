"""Find served resources: by uuid, by what they refer to, or all. Each is a `Read`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, filterfalse
from typing import Any

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.ordering import newest_first
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.scheduler import Read, Shared, gather
from adapter.engine.gateway.session import Session
from adapter.engine.read import embedded_references, found_records, hydration
from adapter.engine.read.business_keys import key_of
from adapter.engine.read.embedded_values import embedded_in
from adapter.engine.read.owners import owners_of
from adapter.engine.read.same_resources import same_in
from adapter.engine.read.search_paths import search_path
from adapter.mapping.model import Home, Resource

BY_ONE_SEARCH = 3


class Reads:
    """What one request reads, in terms of the served side. Not shared between threads."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.deployment = session.deployment
        self.mappings = session.deployment.mappings
        self._entries: dict[str, dict[str, Entry | None]] = {name: {} for name in self.mappings.resources}
        self._related: dict[tuple[str, str], dict[str, Sequence[Entry]]] = {}
        self._all: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}
        self._going: dict[tuple[str, ...], Shared[None]] = {}

    def resource(self, name: str) -> Resource:
        """The mapping of a resource."""
        return self.mappings.resources[name]

    def _once(self, key: tuple[str, ...], read: Read[None]) -> Read[None]:
        """Carry out a read, or wait for the same one that is under way; not for one that this is part of."""
        try:
            yield from self._going.setdefault(key, Shared(read)).wait()
        finally:
            self._going.pop(key, None)

    def complete(self, entries: Iterable[Entry], member: str = "") -> Read[None]:
        """Add what other records say of these resources; needed before their values are shown or tested.

        With `member`, no more need be added than what they say of that.
        """
        left: dict[str, list[Entry]] = {}
        for each in entries:
            if not each.complete:
                left.setdefault(each.resource.name, []).append(each)
        for name, own in left.items():
            key = ("complete", name, member, *(each.uuid for each in own))
            yield from self._once(key, self._complete(own, member))

    def _complete(self, entries: Sequence[Entry], member: str) -> Read[None]:
        yield from hydration.complete(self, entries[0].resource, entries, member)
        for each in entries:
            each.complete = not member

    def keep(self, entries: Iterable[Entry]) -> list[Entry]:
        """Remember resources of one kind that came along with something else."""
        kept = list(entries)
        own = self._entries[kept[0].resource.name] if kept else {}
        for each in kept:
            known = own.setdefault(each.uuid, each)
            if known is None or (known.home.kind != "object" and each.home.kind == "object"):
                own[each.uuid] = each
        return kept

    # by uuid

    def get(self, name: str, uuids: Iterable[str]) -> Read[dict[str, Entry]]:
        """The resources with these uuids; what does not exist is left out."""
        own = self._entries[name]
        wanted = list(filter(None, dict.fromkeys(uuids)))
        missing = list(filterfalse(own.__contains__, wanted))
        if missing:
            yield from self._once(("get", name, *missing), self._get(name, missing))
        return {uuid: found for uuid in wanted if (found := own.get(uuid)) is not None}

    def _get(self, name: str, uuids: list[str]) -> Read[None]:
        self.keep((yield from self._find(self.resource(name), uuids)))
        for uuid in uuids:
            self._entries[name].setdefault(uuid, None)

    def one(self, name: str, uuid: str) -> Read[Entry | None]:
        """The resource with this uuid, or None."""
        return (yield from self.get(name, [uuid])).get(uuid)

    def _find(self, resource: Resource, uuids: list[str]) -> Read[list[Entry]]:
        """An object goes before a record, that before a slot; all that may be one is asked for at once."""
        homes = resource.homes.values()
        plain = [uuid for uuid in uuids if uuid[14] not in resource.slots]
        in_records = [home for home in homes if home.kind == "record"]
        asked: list[Read[Any]] = [self._rows(home, plain) for home in in_records if plain]
        objects, *rows = yield from gather([self.objects(resource, uuids), *asked])
        found: list[Entry] = []
        for home in homes:
            if home.kind == "object":
                found += yield from hydration.of_objects(self, resource, home, objects)
        there = {each.uuid for each in found}
        for home, own in zip(in_records, rows, strict=False):
            left = [record for uuid, record in own.items() if uuid not in there]
            found += yield from hydration.of_records(self, resource, home, left)
        return found + (yield from self._find_slots(resource, [uuid for uuid in uuids if uuid not in there]))

    def _rows(self, home: Home, uuids: list[str]) -> Read[dict[str, Record]]:
        """The records with these uuids; what hangs on them is asked for as well."""
        assert home.place is not None
        objects = self.session.objects
        hanging: list[Read[Any]] = [
            objects.hanging(key, uuids, SUPPLEMENT) for key, of in home.keys.items() if of == "self"
        ]
        rows: dict[str, Record]
        rows, *_ = yield from gather([self.session.records.get(home.place, uuids), *hanging])
        return rows

    def objects(self, resource: Resource, uuids: list[str]) -> Read[Collection[StoredObject]]:
        """The objects with these uuids; those of our own types carry it in their data."""
        homes = [home for home in resource.homes.values() if home.kind == "object"]
        shaped = [home.object_type for home in homes if home.pairs]
        objects = self.session.objects
        # nobody can write what stands in some slots, but what is made of a record may be there as an object
        fixed = resource.fixed_slots if self.deployment.gathers is None else ()
        perhaps = [uuid for uuid in uuids if uuid[14] not in fixed] if homes else []
        if len(uuids) >= BY_ONE_SEARCH:
            yield from gather(
                objects.found(home.object_type, "uuid", uuids) for home in homes if not home.pairs
            )
            if not shaped:
                perhaps = objects.read(perhaps)
        return (yield from objects.get(perhaps, shaped)).values()

    def _find_slots(self, resource: Resource, uuids: list[str]) -> Read[list[Entry]]:
        found: list[Entry] = []
        for home in resource.homes.values():
            owners = {slot_owner(uuid)[0] for uuid in uuids if uuid[14] in home.slots}
            if home.kind == "inside" and owners:
                there = yield from self.get(home.owner_resource, owners)
                entries = yield from self.slots(resource, home, there.values())
                found += [each for each in entries if each.uuid in uuids]
        return found

    # in slots

    def slots(self, resource: Resource, home: Home, owners: Iterable[Entry]) -> Read[list[Entry]]:
        """The resources in a slot of these owners that are not another resource as well."""
        entries = yield from embedded_in(self, resource, home, owners)
        if home.same_as is None or not entries:
            return entries
        same = yield from same_in(self, home, entries)
        return [each for each in entries if each.uuid not in same]

    def slot_of(self, name: str, home_name: str, owner: Entry) -> Read[str | None]:
        """The uuid of the resource in a slot of `owner`, or of the resource that it is the same as."""
        resource = self.resource(name)
        home = resource.homes[home_name]
        entries = yield from embedded_in(self, resource, home, [owner], claimed=True)
        if not entries:
            return None
        same = yield from same_in(self, home, entries[:1])
        return same.get(entries[0].uuid, entries[0]).uuid

    # by reference

    def related(self, name: str, member: str, uuids: Iterable[str]) -> Read[list[Entry]]:
        """The resources whose reference `member` is one of these uuids: newest first, uuid by uuid."""
        wanted = list(dict.fromkeys(uuids))
        known = yield from self.referring(name, member, wanted)
        return list({each.uuid: each for uuid in wanted for each in known.get(uuid, ())}.values())

    def referring(self, name: str, member: str, uuids: Sequence[str]) -> Read[Mapping[str, Sequence[Entry]]]:
        """For each of these uuids, and perhaps others: the resources that refer to it with `member`."""
        known = self._related.setdefault((name, member), {})
        missing = list(filterfalse(known.__contains__, dict.fromkeys(uuids)))
        if missing:
            yield from self._once((name, member, *missing), self._referring(name, member, missing))
        return known

    def _referring(self, name: str, member: str, uuids: list[str]) -> Read[None]:
        resource, wanted = self.resource(name), set(uuids)
        mine: dict[str, list[Entry]] = {}
        found: dict[str, Entry] = {}
        homes = yield from gather(
            self.related_in(resource, home, member, uuids) for home in resource.by_precedence
        )
        for each in chain.from_iterable(homes):
            if each.uuid in found:
                continue
            value = each.values.get(member)
            for uuid in (value["uuid"],) if type(value) is dict else {*each.references(member)}:
                if uuid in wanted:
                    found[each.uuid] = each
                    mine.setdefault(uuid, []).append(each)
        self.keep(found.values())
        for rows in mine.values():
            if len(rows) > 1:
                rows[:] = newest_first(rows)
        known = self._related[name, member]
        known.update({**dict.fromkeys(uuids, ()), **mine, **known})  # what is known by now stays

    def related_in(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> Read[list[Entry]]:
        """The resources of a home among which all are that refer to one of these uuids."""
        if home.found_by:
            return found_records.referring(self, resource, home, member, uuids)
        if home.kind == "record":
            return self._related_records(resource, home, member, uuids)
        if home.kind == "object":
            return self._related_objects(resource, home, member, uuids)
        return self._related_slots(resource, home, member, uuids)

    def _related_records(
        self, resource: Resource, home: Home, member: str, uuids: list[str]
    ) -> Read[list[Entry]]:
        assert home.place is not None
        records = self.session.records
        pair = home.pair_of.get((member,))
        if pair is None or pair.to is None:
            # the reference stands only in the aanvulling
            found = yield from self.session.objects.found(SUPPLEMENT, f"{SEARCH}__{member}__uuid", uuids)
            notes = [Annotations(each.data) for each in found]
            wanted = [each.record for each in notes if each.kind == resource.name]
            rows = list((yield from records.get(home.place, wanted)).values())
        else:
            rows = yield from records.children(home.place, pair.at[0], pair.to, uuids)
        return (yield from hydration.of_records(self, resource, home, rows))

    def _related_objects(
        self, resource: Resource, home: Home, member: str, uuids: list[str]
    ) -> Read[list[Entry]]:
        if home.read_only:
            return []
        objects, kind = self.session.objects, home.object_type
        if key := home.key_for.get(member, ""):
            found = yield from objects.hanging(key, uuids, kind)
        elif resource.members[member].many:
            rows = yield from gather(
                [
                    embedded_references.listing(self, home, member, uuids),
                    self._naming(home, member, uuids),
                ]
            )
            found = list({each.uuid: each for stored in rows for each in stored}.values())
        else:
            found = yield from objects.found(kind, search_path(home, member), uuids)
        return (yield from hydration.of_objects(self, resource, home, found))

    def _naming(self, home: Home, member: str, uuids: list[str]) -> Read[list[StoredObject]]:
        """Objects of register clients that name one of these resources by its key."""
        found: list[StoredObject] = []
        for known in home.known:
            if known.served == (member,):
                slot = self.resource(known.resource).homes[known.home]
                entries = yield from self.get(known.resource, uuids)
                keys = [key for each in entries.values() if (key := key_of(each))]
                search = self.session.objects.listing if slot.each else self.session.objects.found
                found += yield from search(home.object_type, "__".join(slot.each or slot.known_at), keys)
        return found

    def _related_slots(
        self, resource: Resource, home: Home, member: str, uuids: list[str]
    ) -> Read[list[Entry]]:
        owners = yield from owners_of(self, home, member, uuids)
        return (yield from self.slots(resource, home, owners))

    # all

    def every(self, name: str, also: Collection[str] = ()) -> Read[list[Entry]]:
        """All resources of a kind that a list shows; ScanTooLong when there are too many.

        `also` names homes that no list shows.
        """
        key = (name, tuple(sorted(also)))
        if key not in self._all:
            resource = self.resource(name)
            found: dict[str, Entry] = {}
            for home in resource.by_precedence:
                if not home.found_by and (not home.unlisted or home.name in also):
                    for each in (yield from self._every_in(resource, home)):
                        found.setdefault(each.uuid, each)
            self._all[key] = self.keep(found.values())
        return self._all[key]

    def _every_in(self, resource: Resource, home: Home) -> Read[list[Entry]]:
        if home.kind == "record":
            assert home.place is not None
            rows = yield from self.session.records.every(home.place)
            return (yield from hydration.of_records(self, resource, home, rows))
        if home.kind == "object":
            stored = yield from self.session.objects.all(home.object_type)
            return (yield from hydration.of_objects(self, resource, home, stored))
        return (yield from self.slots(resource, home, (yield from self.every(home.owner_resource))))
