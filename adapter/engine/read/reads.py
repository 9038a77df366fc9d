"""Find served resources: by uuid, by what they refer to, or all. Each is a `Read`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, filterfalse
from typing import Any

from adapter.engine.entities.annotations import SUPPLEMENT
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.ordering import newest_first
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.scheduler import Read, Shared, gather
from adapter.engine.gateway.session import Session
from adapter.engine.read import hydration
from adapter.engine.read.embedded_values import embedded_in
from adapter.engine.read.referring import referring_in
from adapter.engine.read.same_resources import same_in
from adapter.mapping.model import Home, Resource

BY_ONE_SEARCH = 3


class Reads:
    """What one request reads, in terms of the served side. Not shared between threads."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.deployment = session.deployment
        self.mappings = session.deployment.mappings
        self.resources = self.mappings.resources
        self._entries: dict[str, dict[str, Entry | None]] = {name: {} for name in self.resources}
        self._related: dict[tuple[str, str], dict[str, Sequence[Entry]]] = {}
        self._all: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}
        self._going: dict[tuple[str, ...], Shared[None]] = {}

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
            yield from self._once(key, hydration.complete(self, own[0].resource, own, member))

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
            yield from self._once(("get", name, *missing), self._find(self.resources[name], missing))
        return {uuid: found for uuid in wanted if (found := own.get(uuid)) is not None}

    def _find(self, resource: Resource, uuids: list[str]) -> Read[None]:
        """An object goes before a record, that before a slot; all that may be one is asked for at once."""
        homes = resource.homes.values()
        plain = [uuid for uuid in uuids if uuid[14] not in resource.slots]
        in_records = [(home, home.place) for home in homes if home.place is not None] if plain else []
        records, objects = self.session.records, self.session.objects
        asked: list[Read[Any]] = [records.get(place, plain) for _, place in in_records]
        # what hangs on the records is asked for as well
        asked += [
            objects.hanging(key, plain, SUPPLEMENT)
            for home, _ in in_records
            for key, of in home.keys.items()
            if of == "self"
        ]
        stored, *rows = yield from gather([self.objects(resource, uuids), *asked])
        found: list[Entry] = []
        for home in homes:
            if home.kind == "object":
                found += yield from hydration.of_objects(self, resource, home, stored)
        there = {each.uuid for each in found}
        for (home, _), own in zip(in_records, rows, strict=False):
            left = [record for uuid, record in own.items() if uuid not in there]
            found += yield from hydration.of_records(self, resource, home, left)
        for home in homes:
            inside = [uuid for uuid in uuids if uuid[14] in home.slots and uuid not in there]
            if home.kind == "inside" and inside:
                owners = yield from self.get(home.owner_resource, {slot_owner(uuid)[0] for uuid in inside})
                entries = yield from self.slots(resource, home, owners.values())
                found += [each for each in entries if each.uuid in uuids and each.uuid not in there]
        self.keep(found)
        for uuid in uuids:
            self._entries[resource.name].setdefault(uuid, None)

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
        resource = self.resources[name]
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
        resource, wanted = self.resources[name], set(uuids)
        mine: dict[str, list[Entry]] = {}
        found: dict[str, Entry] = {}
        homes = yield from gather(
            referring_in(self, resource, home, member, uuids) for home in resource.by_precedence
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

    # all

    def every(self, name: str, also: Collection[str] = ()) -> Read[list[Entry]]:
        """All resources of a kind that a list shows; ScanTooLong when there are too many.

        `also` names homes that no list shows.
        """
        key = (name, tuple(sorted(also)))
        if key not in self._all:
            resource = self.resources[name]
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
