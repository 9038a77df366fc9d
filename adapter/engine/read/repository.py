"""Find served resources: by uuid, by what they refer to, by key, or all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from weakref import proxy

from adapter.engine.entities.annotations import SEARCH, SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.ordering import newest_first
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.records import Job
from adapter.engine.gateway.session import Session
from adapter.engine.read import embedded_references
from adapter.engine.read.business_keys import BusinessKeys
from adapter.engine.read.hydration import Hydration
from adapter.engine.read.owners import Owners
from adapter.engine.read.questions import asks
from adapter.engine.read.search_paths import search_path
from adapter.mapping.model import Home, Resource

BY_ONE_SEARCH = 3


class Repository:
    """What one request reads, in terms of the served side. Not shared between threads."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.deployment = session.deployment
        self.mappings = session.deployment.mappings
        # What was read is let go with this, and not at the garbage collector's next round.
        own = proxy(self)
        self.naming = BusinessKeys(own)
        self.owners = Owners(own)
        self.hydration = Hydration(own)
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._related: dict[tuple[str, str], dict[str, list[Entry]]] = {}
        self._all: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}

    def resource(self, name: str) -> Resource:
        """The mapping of a resource."""
        return self.mappings.resources[name]

    def complete(self, entries: Iterable[Entry]) -> None:
        """Add what other records say of these resources; needed before their values are shown or tested."""
        left = [each for each in entries if not each.complete]
        for each in left:
            each.complete = True
        for resource in {each.resource.name: each.resource for each in left}.values():
            self.hydration.said_elsewhere(resource, [each for each in left if each.resource is resource])

    def complete_jobs(self, entries: Iterable[Entry]) -> list[Job]:
        """The first calls that `complete` would have to make."""
        left = [each for each in entries if not each.complete]
        return self.hydration.said_jobs(left[0].resource, left) if left else []

    # by uuid

    def get(self, name: str, uuids: Iterable[str]) -> dict[str, Entry]:
        """The resources with these uuids; what does not exist is left out."""
        wanted = [uuid for uuid in dict.fromkeys(uuids) if uuid]
        missing = [uuid for uuid in wanted if (name, uuid) not in self._entries]
        if missing:
            for uuid in missing:
                self._entries[name, uuid] = None
            self.keep(self._find(self.resource(name), missing))
        return {uuid: found for uuid in wanted if (found := self._entries[name, uuid]) is not None}

    def first_jobs(self, name: str, uuids: Iterable[str]) -> list[Job]:
        """The first calls that `get` would have to make."""
        missing = [uuid for uuid in uuids if (name, uuid) not in self._entries]
        return self._find_jobs(self.resource(name), missing) if missing else []

    def one(self, name: str, uuid: str) -> Entry | None:
        """The resource with this uuid, or None."""
        return self.get(name, [uuid]).get(uuid)

    def keep(self, entries: Iterable[Entry]) -> list[Entry]:
        """Remember resources that came along with something else."""
        kept = list(entries)
        for each in kept:
            known = self._entries.get((each.resource.name, each.uuid))
            if known is None or (known.home.kind != "object" and each.home.kind == "object"):
                self._entries[each.resource.name, each.uuid] = each
        return kept

    def _find(self, resource: Resource, uuids: list[str]) -> list[Entry]:
        self.session.run(self._find_jobs(resource, uuids))
        homes, found = resource.homes.values(), list[Entry]()
        shaped = [home.object_type for home in homes if home.kind == "object" and home.pairs]
        objects = list(self.session.objects.get(self._perhaps_objects(resource, uuids), shaped).values())
        for home in homes:
            if home.kind == "object":
                found += self.hydration.objects(resource, home, objects)
        there = {each.uuid for each in found}
        left = [uuid for uuid in uuids if uuid not in there]
        for home in homes:
            if home.kind == "record" and home.place is not None and left:
                rows = self.session.records.get(home.place, self._perhaps_records(resource, left))
                found += self.hydration.records(resource, home, list(rows.values()))
        return found + self._find_slots(resource, left)

    def _find_jobs(self, resource: Resource, uuids: list[str]) -> list[Job]:
        """All that can be asked at once: records, what hangs on them, objects."""
        jobs: list[Job] = []
        plain = self._perhaps_records(resource, uuids)
        for home in resource.homes.values():
            if home.kind == "record" and home.place is not None:
                jobs += self.session.records.jobs(home.place, plain)
                for key, member in home.keys.items():
                    if member == "self" and self.deployment.has(SUPPLEMENT):
                        jobs += self.session.objects.hanging_jobs(key, plain)
            elif home.kind == "object" and len(uuids) >= BY_ONE_SEARCH and not home.pairs:
                # objects of our own types carry their uuid in their data
                jobs += self.session.objects.found_jobs(home.object_type, "uuid", uuids)
        if len(uuids) < BY_ONE_SEARCH:
            jobs += self.session.objects.jobs(self._perhaps_objects(resource, uuids))
        return jobs

    def _perhaps_objects(self, resource: Resource, uuids: list[str]) -> list[str]:
        """The uuids but those of slots that nobody can write, and those that a search has not found."""
        homes = [home for home in resource.homes.values() if home.kind == "object"]
        left = [uuid for uuid in uuids if homes and uuid[14] not in resource.fixed_slots]
        alone = len(uuids) < BY_ONE_SEARCH or any(home.pairs for home in homes)
        return left if alone else self.session.objects.read(left)

    def _perhaps_records(self, resource: Resource, uuids: list[str]) -> list[str]:
        """The uuids but those that can only be of a slot."""
        return [uuid for uuid in uuids if uuid[14] not in resource.slots]

    def _find_slots(self, resource: Resource, uuids: list[str]) -> list[Entry]:
        found: list[Entry] = []
        for home in resource.homes.values():
            if home.kind != "inside":
                continue
            owners = {slot_owner(uuid)[0] for uuid in uuids if uuid[14] in home.slots}
            if owners:
                entries = self.slots(resource, home, list(self.get(home.owner_resource, owners).values()))
                found += [each for each in entries if each.uuid in uuids]
        return found

    def slots(self, resource: Resource, home: Home, owners: Sequence[Entry]) -> list[Entry]:
        """The resources in a slot of these owners that are not another resource as well."""
        entries = self.hydration.slots.of(resource, home, owners)
        if home.same_as is None:
            return entries
        return [each for each in entries if self._same(home, each) is None]

    def _same(self, home: Home, entry: Entry) -> Entry | None:
        """The resource of another home that a slot's resource is, when there is one."""
        assert home.same_as is not None
        other, members = home.same_as
        if any(entry.reference(member) is None for member in members):
            return None
        first = members[0]
        for each in self._related_in(
            entry.resource, entry.resource.homes[other], first, entry.references(first)
        ):
            if all(each.reference(member) == entry.reference(member) for member in members):
                return each
        return None

    def slot_of(self, name: str, home_name: str, owner: Entry) -> str | None:
        """The uuid of the resource in a slot of `owner`, or of the resource that it is the same as."""
        resource = self.resource(name)
        home = resource.homes[home_name]
        entries = self.hydration.slots.of(resource, home, [owner], claimed=True)
        if not entries:
            return None
        same = self._same(home, entries[0]) if home.same_as else None
        return same.uuid if same else entries[0].uuid

    # by reference

    def related(self, name: str, member: str, uuids: Iterable[str]) -> list[Entry]:
        """The resources whose reference `member` is one of these uuids: newest first, uuid by uuid."""
        wanted = list(dict.fromkeys(uuids))
        known = self.referring(name, member, wanted)
        rows = [each for uuid in wanted for each in known[uuid]]
        return list({each.uuid: each for each in rows}.values())

    def referring(self, name: str, member: str, uuids: Sequence[str]) -> Mapping[str, list[Entry]]:
        """For each of these uuids, and perhaps others: the resources that refer to it with `member`."""
        known = self._related.setdefault((name, member), {})
        missing = [uuid for uuid in dict.fromkeys(uuids) if uuid not in known]
        if missing:
            self.session.run(self._asking(name, member, missing))
            known.update(self._referring(self.resource(name), member, missing))
        return known

    def _referring(self, resource: Resource, member: str, uuids: list[str]) -> dict[str, list[Entry]]:
        mine: dict[str, list[Entry]] = {uuid: [] for uuid in uuids}
        found: dict[str, Entry] = {}
        for home in resource.by_precedence:
            for each in self._perhaps_related(resource, home, member, uuids):
                on = [uuid for uuid in each.references(member) if uuid in mine]
                if on and each.uuid not in found:
                    found[each.uuid] = each
                    for uuid in dict.fromkeys(on):
                        mine[uuid].append(each)
        self.keep(found.values())
        for uuid, entries in mine.items():
            if len(entries) > 1:
                mine[uuid] = newest_first(entries)
        return mine

    def related_jobs(self, name: str, member: str, uuids: Iterable[str]) -> list[Job]:
        """The first calls that `related` needs, to be made side by side with others."""
        known = self._related.get((name, member), {})
        missing = [uuid for uuid in dict.fromkeys(uuids) if uuid not in known]
        return self._asking(name, member, missing) if missing else []

    def _asking(self, name: str, member: str, uuids: list[str]) -> list[Job]:
        ways = asks(self.deployment, self.resource(name), member)
        return [job for way in ways for job in way.jobs(self, uuids)]

    def _related_in(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        entries, wanted = self._perhaps_related(resource, home, member, uuids), set(uuids)
        return [each for each in entries if wanted.intersection(each.references(member))]

    def _perhaps_related(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        """The resources of a home among which all are that refer to one of these uuids."""
        if home.kind == "record":
            return self._related_records(resource, home, member, uuids)
        if home.kind == "object":
            return self._related_objects(resource, home, member, uuids)
        return self._related_slots(resource, home, member, uuids)

    def _related_records(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        assert home.place is not None
        pair = home.pair_of.get((member,))
        if pair is None or pair.to is None:
            # the reference stands only in the aanvulling
            found = self.session.objects.found(SUPPLEMENT, f"{SEARCH}__{member}__uuid", uuids)
            wanted = [
                notes.record for each in found if (notes := Annotations(each.data)).kind == resource.name
            ]
            rows = list(self.session.records.get(home.place, wanted).values())
        else:
            rows = self.session.records.children(home.place, pair.at[0], pair.to, uuids)
        return self.hydration.records(resource, home, rows)

    def _related_objects(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        if not self.deployment.has(home.object_type) or home.read_only:
            return []
        key = home.key_for.get(member, "")
        if key:
            hanging = self.session.objects.hanging(key, uuids, home.object_type)
            return self.hydration.objects(resource, home, hanging)
        if resource.members[member].many:
            objects = embedded_references.listing(self, home, member, uuids) + self._naming(
                home, member, uuids
            )
        else:
            objects = self.session.objects.found(home.object_type, search_path(home, member), uuids)
        return self.hydration.objects(resource, home, {each.uuid: each for each in objects}.values())

    def _naming(self, home: Home, member: str, uuids: list[str]) -> list[StoredObject]:
        """Objects of old clients that name one of these resources by its key."""
        found: list[StoredObject] = []
        for known in home.known:
            if known.served == (member,):
                slot = self.resource(known.resource).homes[known.home]
                keys = [
                    key
                    for each in self.get(known.resource, uuids).values()
                    if (key := self.naming.key_of(each))
                ]
                search = self.session.objects.listing if slot.each else self.session.objects.found
                if keys:
                    found += search(home.object_type, "__".join(slot.each or slot.known_at), keys)
        return found

    def _related_slots(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        owners = self.owners.of(home, member, uuids)
        return self.slots(resource, home, owners) if owners is not None else []

    # all

    def every(self, name: str, also: Collection[str] = ()) -> list[Entry]:
        """All resources of a kind that a list shows; ScanTooLong when there are too many.

        `also` names homes that no list shows.
        """
        key = (name, tuple(sorted(also)))
        if key not in self._all:
            resource = self.resource(name)
            found: dict[str, Entry] = {}
            for home in resource.by_precedence:
                if not home.unlisted or home.name in also:
                    for each in self._every_in(resource, home):
                        found.setdefault(each.uuid, each)
            self._all[key] = self.keep(found.values())
        return self._all[key]

    def _every_in(self, resource: Resource, home: Home) -> list[Entry]:
        if home.kind == "record":
            assert home.place is not None
            return self.hydration.records(resource, home, self.session.records.every(home.place))
        if home.kind == "object":
            return self.hydration.objects(resource, home, self.session.objects.all(home.object_type))
        return self.slots(resource, home, self.every(home.owner_resource))
