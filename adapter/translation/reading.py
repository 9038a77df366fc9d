"""Find served resources: by uuid, by what they refer to, by value, or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapter.mapping.model import Home, Pair, Resource
from adapter.mapping.paths import Path, get
from adapter.translation.building import SUPPLEMENT, Building
from adapter.translation.entries import Entry, slot_owner, slot_uuid
from adapter.translation.sources import Sources, StoredObject

BY_ONE_SEARCH = 3


class Reading:
    """What one request reads, in terms of the served side. Not shared between threads."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.world = sources.world
        self.mappings = sources.world.mappings
        self.building = Building(self)
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._related: dict[tuple[str, str, str], list[Entry]] = {}
        self._all: dict[str, list[Entry]] = {}

    def resource(self, name: str) -> Resource:
        """The mapping of a resource."""
        return self.mappings.resources[name]

    # by uuid

    def get(self, name: str, uuids: Iterable[str]) -> dict[str, Entry]:
        """The resources with these uuids; what does not exist is left out."""
        wanted = [uuid for uuid in dict.fromkeys(uuids) if uuid]
        missing = [uuid for uuid in wanted if (name, uuid) not in self._entries]
        if missing:
            for uuid in missing:
                self._entries[name, uuid] = None
            self._keep(self._find(self.resource(name), missing))
        return {uuid: found for uuid in wanted if (found := self._entries[name, uuid]) is not None}

    def one(self, name: str, uuid: str) -> Entry | None:
        """The resource with this uuid, or None."""
        return self.get(name, [uuid]).get(uuid)

    def keep(self, entry: Entry) -> None:
        """Remember a resource that was just written."""
        self._entries[entry.resource.name, entry.uuid] = entry

    def _keep(self, entries: Iterable[Entry]) -> list[Entry]:
        kept = list(entries)
        for each in kept:
            known = self._entries.get((each.resource.name, each.uuid))
            if known is None or (known.home.kind != "object" and each.home.kind == "object"):
                self._entries[each.resource.name, each.uuid] = each
        return kept

    def _find(self, resource: Resource, uuids: list[str]) -> list[Entry]:
        homes = resource.homes.values()
        found: list[Entry] = []
        if any(home.kind == "object" for home in homes):
            self._prefetch(resource, uuids)
            objects = list(self.sources.objects(uuids).values())
            for home in homes:
                if home.kind == "object":
                    found += self.building.objects(resource, home, objects)
        left = [uuid for uuid in uuids if uuid not in {each.uuid for each in found}]
        for home in homes:
            if home.kind == "record" and home.place is not None and left:
                rows = list(self.sources.records(home.place, left).values())
                found += self.building.records(resource, home, rows)
        return found + self._find_slots(resource, left)

    def _prefetch(self, resource: Resource, uuids: list[str]) -> None:
        """One search for many objects of our own types, which carry their uuid in their data."""
        if len(uuids) >= BY_ONE_SEARCH:
            for home in resource.homes.values():
                if home.kind == "object" and not home.pairs:
                    self.sources.found(home.object_type, "uuid", uuids)

    def _find_slots(self, resource: Resource, uuids: list[str]) -> list[Entry]:
        found: list[Entry] = []
        for home in resource.homes.values():
            if home.kind != "inside":
                continue
            owners = {slot_owner(uuid)[0] for uuid in uuids if uuid[14] in home.slots}
            if owners:
                entries = self._slots(resource, home, list(self.get(home.owner_resource, owners).values()))
                found += [each for each in entries if each.uuid in uuids]
        return found

    def _slots(self, resource: Resource, home: Home, owners: Sequence[Entry]) -> list[Entry]:
        entries = self.building.slots(resource, home, owners)
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
        entries = self.building.slots(resource, home, [owner])
        if not entries:
            return None
        same = self._same(home, entries[0]) if home.same_as else None
        return same.uuid if same else slot_uuid(owner.uuid, home.slots[0])

    # by reference

    def related(self, name: str, member: str, uuids: Iterable[str]) -> list[Entry]:
        """The resources whose reference `member` is one of these uuids, newest first."""
        wanted = list(dict.fromkeys(uuids))
        missing = [uuid for uuid in wanted if (name, member, uuid) not in self._related]
        if missing:
            resource = self.resource(name)
            found: dict[str, Entry] = {}
            for home in self._by_precedence(resource):
                for each in self._related_in(resource, home, member, missing):
                    found.setdefault(each.uuid, each)
            self._keep(found.values())
            for uuid in missing:
                mine = [each for each in found.values() if uuid in each.references(member)]
                self._related[name, member, uuid] = newest_first(mine)
        rows = [each for uuid in wanted for each in self._related[name, member, uuid]]
        return list({each.uuid: each for each in rows}.values())

    def nothing_refers_to(self, name: str, member: str, uuid: str) -> None:
        """Tell that a resource is too young for anything to refer to it."""
        self._related.setdefault((name, member, uuid), [])

    def _by_precedence(self, resource: Resource) -> list[Home]:
        """Objects first: a resource that moved from a record into an object is the object."""
        order = {"object": 0, "record": 1, "inside": 2}
        return sorted(resource.homes.values(), key=lambda home: order[home.kind])

    def _related_in(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        if home.kind == "record":
            entries = self._related_records(resource, home, member, uuids)
        elif home.kind == "object":
            entries = self._related_objects(resource, home, member, uuids)
        else:
            entries = self._related_slots(resource, home, member, uuids)
        wanted = set(uuids)
        return [each for each in entries if wanted.intersection(each.references(member))]

    def _related_records(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        assert home.place is not None
        pair = _pair(home, (member,))
        if pair is None or pair.to is None:
            return [each for each in self._moved_members(resource, home, member, uuids)]
        rows = self.sources.children(home.place, pair.at[0], pair.to, uuids)
        return self.building.records(resource, home, rows)

    def _moved_members(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        """Records whose reference stands only in the aanvulling."""
        found = self.sources.found(SUPPLEMENT, f"zoek__{member}__uuid", uuids)
        assert home.place is not None
        wanted = [
            each.data["bij"]
            for each in found
            if each.data.get("soort") == resource.name and "bij" in each.data
        ]
        rows = list(self.sources.records(home.place, wanted).values())
        return self.building.records(resource, home, rows)

    def _related_objects(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        if not self.world.has(home.object_type) or home.read_only:
            return []
        key = next((name for name, source in home.keys.items() if source == member), "")
        if key:
            hanging = self.sources.hanging(key, uuids)
            return self.building.objects(
                resource, home, [each for found in hanging.values() for each in found]
            )
        many = resource.members[member].many
        prefix = f"{home.rest}__zoek__" if home.rest else ""
        if many:
            objects = [
                each
                for uuid in uuids
                for each in self.sources.found(home.object_type, f"{prefix}{member}", [uuid], "icontains")
            ]
            objects += self._known_objects(home, member, uuids)
        else:
            objects = self.sources.found(home.object_type, f"{prefix}{member}__uuid", uuids)
        return self.building.objects(resource, home, {each.uuid: each for each in objects}.values())

    def _known_objects(self, home: Home, member: str, uuids: list[str]) -> list[Any]:
        """Objects of old clients that name one of these resources by its key."""
        found: list[Any] = []
        for known in home.known:
            if known.served == (member,):
                slot = self.resource(known.resource).homes[known.home]
                keys = [
                    key for each in self.get(known.resource, uuids).values() if (key := self.key_of(each))
                ]
                if keys:
                    found += self.sources.found(home.object_type, "__".join(slot.known_at), keys)
        return found

    def _related_slots(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry]:
        owners = self._owners(resource, home, member, uuids)
        if owners is None:
            return []
        return self._slots(resource, home, owners)

    def _owners(self, resource: Resource, home: Home, member: str, uuids: list[str]) -> list[Entry] | None:
        """The owners in which a slot can refer to these uuids with `member`; None when a slot never does."""
        if home.owner is not None and home.owner[0] == member:
            by = home.owner[1]
            if by == "self":
                return list(self.get(home.owner_resource, uuids).values())
            if "." not in by:
                return self.related(home.owner_resource, by, uuids)
            other_resource, _, other_home = by.partition(".")
            return self._owners_by_way_of(other_resource, other_home, uuids)
        pair = _pair(home, (member,))
        if pair is not None and pair.to is not None:
            return self._owners_at(home, pair.at, self._urls(pair, uuids))
        for known in home.known:
            if known.served == (member,):
                keys = [
                    key for each in self.get(known.resource, uuids).values() if (key := self.key_of(each))
                ]
                at = self.resource(known.resource).homes[known.home].known_at
                inside = [
                    each.owner for each in self.get(known.resource, uuids).values() if each.owner is not None
                ]
                return [*inside, *self._owners_at(home, at, keys)]
        return None

    def _owners_by_way_of(self, resource: str, home_name: str, uuids: list[str]) -> list[Entry]:
        between = self.resource(resource).homes[home_name]
        assert between.owner is not None
        member, by = between.owner
        entries = self.get(resource, uuids).values()
        return self.related(
            between.owner_resource, by, [uuid for each in entries for uuid in each.references(member)]
        )

    def _urls(self, pair: Pair, uuids: Iterable[str]) -> list[str]:
        """Every URL by which a register may name these records."""
        assert pair.to is not None
        register = self.world.registers[pair.to.register]
        return [url for uuid in uuids for url in register.urls(pair.to.collection, uuid)]

    def _owners_at(self, home: Home, at: Path, values: list[str]) -> list[Entry]:
        """The owners of which the register says that `at` holds one of these texts; all where it cannot say."""
        if not values:
            return []
        resource = self.resource(home.owner_resource)
        owner_home = resource.homes[home.owner_home]
        if owner_home.kind == "object":
            return self.building.objects(
                resource, owner_home, self._owner_objects(home, owner_home, at, values)
            )
        assert owner_home.place is not None
        parameter = self.mappings.collections[owner_home.place].search.get(".".join(at))
        if parameter is None:
            return self.every(home.owner_resource)
        rows = self.sources.where(owner_home.place, parameter, values)
        return self.building.records(resource, owner_home, rows)

    def _owner_objects(self, home: Home, owner_home: Home, at: Path, values: list[str]) -> list[StoredObject]:
        path = "__".join(home.each or at)
        if not home.each:
            return self.sources.found(owner_home.object_type, path, values)
        # A list cannot be entered by a search: its text as a whole is looked through.
        found = [
            each
            for value in values
            for each in self.sources.found(owner_home.object_type, path, [value], "icontains")
        ]
        return list({each.uuid: each for each in found}.values())

    # by key

    def by_key(self, name: str, keys: Iterable[str]) -> dict[str, str]:
        """Key under which old records name a resource → uuid, of the resources that are objects."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, str] = {}
        for home in self.resource(name).homes.values():
            if home.kind == "object" and home.known_by and self.world.has(home.object_type):
                for each in self.sources.found(home.object_type, home.known_by, wanted):
                    key = each.data.get(home.known_by)
                    if key in wanted:
                        found.setdefault(key, each.uuid)
        return found

    def key_of(self, entry: Entry) -> str | None:
        """The key under which old records name a resource."""
        if entry.home.kind == "inside":
            return get(entry.owner.record, entry.home.known_at) if entry.owner else None
        key = entry.record.get(entry.home.known_by) if entry.home.known_by else None
        return key if isinstance(key, str) and key else None

    # by value, and all

    def candidates(self, name: str, path: Path, value: Any, operator: str) -> list[Entry] | None:
        """Resources among which all with that value are; None when the registers cannot be asked.

        The caller tests each: a register may find more than was meant.
        """
        resource = self.resource(name)
        found: dict[str, Entry] = {}
        for home in self._by_precedence(resource):
            if home.unlisted:
                continue
            entries = self._candidates_in(resource, home, path, value, operator)
            if entries is None:
                return None
            for each in entries:
                found.setdefault(each.uuid, each)
        return self._keep(found.values())

    def _candidates_in(
        self, resource: Resource, home: Home, path: Path, value: Any, operator: str
    ) -> list[Entry] | None:
        if home.optional and not self.world.has(home.object_type):
            return []
        meant = [constant for at, constant in home.means if at == path]
        if meant and home.kind != "record" and operator == "equals" and meant[0] != value:
            return []
        if not isinstance(value, str) or value == "" or operator not in ("equals", "contains"):
            return None
        if home.kind == "object":
            return self._candidate_objects(resource, home, path, value, operator)
        pair = _pair(home, path)
        if home.kind == "inside":
            if meant or pair is None or operator != "equals":
                return None
            words = pair.search(value)
            return (
                None if words is None else self._slots(resource, home, self._owners_at(home, pair.at, words))
            )
        return self._candidate_records(resource, home, pair, path, value, operator)

    def _candidate_records(
        self, resource: Resource, home: Home, pair: Pair | None, path: Path, value: str, operator: str
    ) -> list[Entry] | None:
        if operator != "equals":
            return None
        assert home.place is not None
        default = get({name: member.absent.value for name, member in resource.members.items()}, path)
        if pair is None and (value == default or any(at == path for at, _ in home.means)):
            return None
        rows = []
        if pair is not None:
            parameter = self.mappings.collections[home.place].search.get(".".join(pair.at))
            words = pair.search(value)
            if parameter is None or words is None:
                return None
            rows = self.sources.where(home.place, parameter, words)
        if pair is None or not pair.total:
            kept = self.sources.found(SUPPLEMENT, "__".join(("zoek", *path)), [value])
            uuids = [
                each.data["bij"]
                for each in kept
                if each.data.get("soort") == resource.name and "bij" in each.data
            ]
            rows = [*rows, *self.sources.records(home.place, uuids).values()]
        return self.building.records(resource, home, list({row["url"]: row for row in rows}.values()))

    def _candidate_objects(
        self, resource: Resource, home: Home, path: Path, value: str, operator: str
    ) -> list[Entry] | None:
        search = "in" if operator == "equals" else "icontains"
        if not home.pairs:
            objects = self.sources.found(home.object_type, "__".join(path), [value], search)
            return self.building.objects(resource, home, objects)
        pair = _pair(home, path)
        found = []
        if pair is not None:
            words = pair.search(value) if operator == "equals" else [value]
            if words is None:
                return None
            found += self.sources.found(home.object_type, "__".join(pair.at), words, search)
        if home.rest:
            found += self.sources.found(
                home.object_type, "__".join((home.rest, "zoek", *path)), [value], search
            )
        elif pair is None:
            return None
        return self.building.objects(resource, home, {each.uuid: each for each in found}.values())

    def every(self, name: str) -> list[Entry]:
        """All resources of a kind that a list shows; ScanTooLong when there are too many."""
        if name not in self._all:
            resource = self.resource(name)
            found: dict[str, Entry] = {}
            for home in self._by_precedence(resource):
                if not home.unlisted:
                    for each in self._every_in(resource, home):
                        found.setdefault(each.uuid, each)
            self._all[name] = self._keep(found.values())
        return self._all[name]

    def _every_in(self, resource: Resource, home: Home) -> list[Entry]:
        if home.kind == "record":
            assert home.place is not None
            return self.building.records(resource, home, self.sources.every(home.place))
        if home.kind == "object":
            return self.building.objects(resource, home, self.sources.all_objects(home.object_type))
        return self._slots(resource, home, self.every(home.owner_resource))


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """What has an instant of creation, newest first; then the rest in the registers' own order."""
    return sorted(
        sorted(entries, key=lambda each: each.position), key=lambda each: each.created, reverse=True
    )


def _pair(home: Home, path: Path) -> Pair | None:
    return next((pair for pair in home.pairs if pair.served == path), None)
