"""Put a served resource into its home, change it there, take it out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from adapter.engine.entities.annotations import EMPTIED, LEFT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_uuid
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.placement.echo_records import EchoRecords
from adapter.engine.placement.object_home import ObjectHome, keys_of
from adapter.engine.placement.record_home import New, RecordHome
from adapter.engine.placement.release import Release
from adapter.engine.placement.sidecar import put_supplement
from adapter.engine.read.embedded_values import is_mirrored, left_by
from adapter.engine.read.list_items import by_place, claim, items, place_of, slot_values
from adapter.engine.read.mirrored_objects import mirrored_in
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Plan
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import codecs
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import MISSING, Path, copied, filled, get, parse, put

Values = dict[str, Any]


class Store:
    """Stores the resources of one request."""

    def __init__(self, repository: Repository, unit: UnitOfWork) -> None:
        self.repository, self.unit = repository, unit
        self.deployment = repository.deployment
        self.record_home = RecordHome(repository, unit)
        self.object_home = ObjectHome(repository, unit)
        self.echoes = EchoRecords(self.record_home, unit)
        self.releases = Release(self)

    def creating(self, new: New) -> Plan:
        """Store a new resource in the first home that takes it; its uuid there."""
        resource = new.resource
        for home in resource.homes.values():
            if home.kind == "inside" or home.read_only or not self.record_home.takes(home, new.intended):
                continue
            if home.kind == "object":
                making = self.object_home.making(resource, home, new.uuid, new.intended)
                self.unit.session.made(new.uuid)
                new.known(new.uuid)
                yield making
                return new.uuid
            try:
                return (yield from self.record_home.creating(home, new))
            except Refused as refused:
                if len(resource.homes) == 1:
                    raise
                self.deployment.count(f"refused.{refused.register}.{resource.name}")
        raise LookupError(f"no home takes {resource.name}")

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a resource read as intended. A record that cannot follow becomes an object with its uuid."""
        self.releases.change(entry, intended)
        if entry.home.kind == "inside":
            self._adopt(entry, intended)
        elif entry.home.kind == "object":
            claims = self.echoes.after(entry, entry.home, intended)
            self.object_home.update(entry, intended, aside, claims)
        elif not (self._stays(entry, intended) and self._followed(entry, intended, aside)):
            target = own_objects(entry.resource)
            claims = self.echoes.after(entry, target, intended)
            self.object_home.create(
                entry.resource, target, entry.uuid, intended, created=entry.created, claims=claims
            )
            self.record_home.delete(entry)

    def _followed(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> bool:
        """Whether the register takes the change of its record; what it refuses becomes an object."""
        try:
            self.record_home.update(entry, intended, aside)
        except Refused as refused:
            assert entry.home.place is not None
            if refused.register != entry.home.place.register or len(entry.resource.homes) == 1:
                raise
            self.deployment.count(f"refused.{refused.register}.{entry.resource.name}")
            return False
        return True

    def _stays(self, entry: Entry, intended: Values) -> bool:
        """Whether the register's record can go on being this resource."""
        home, place = entry.home, entry.home.place
        assert place is not None
        changed = [
            pair for pair in home.pairs if get(intended, pair.served) != get(entry.values, pair.served)
        ]
        moved = [pair for pair in changed if pair.to is not None]
        if any(not filled(get(intended, pair.served)) for pair in moved):
            return False
        if home.companion:
            return not changed and self.record_home.takes(home, intended)
        frozen = self.deployment.mappings.collections[place].frozen
        return not (frozen and moved) and self.record_home.takes(home, intended)

    def delete(self, entry: Entry, going: Collection[str] = (), *, record_goes: bool = False) -> None:
        """Take a resource out of its home; with `record_goes` the register drops its record by itself.

        `going` are the uuids of all that goes with it.
        """
        self.releases.delete(entry, going)
        if entry.home.kind == "inside":
            if entry.owner is not None and is_mirrored(entry.resource, entry.home):
                if entry.home.each and entry.owner.home.kind == "record":
                    self._take_out(entry, entry.owner)
                else:
                    self.empty_slot(entry.home, entry.owner, entry.uuid)
        elif entry.home.kind == "object":
            assert entry.stored is not None
            self.echoes.remove(entry)
            self.unit.delete_object(entry.stored)
        else:
            self.record_home.delete(entry, record_goes=record_goes)

    def keep(self, entry: Entry) -> None:
        """Make an object of what stands in a slot."""
        self.object_home.create(entry.resource, own_objects(entry.resource), entry.uuid, entry.values)

    # slots

    def _adopt(self, entry: Entry, intended: Values) -> None:
        """A value in a slot becomes an object with the slot's uuid when it is first written."""
        target = own_objects(entry.resource)
        claims = {}
        member = entry.home.owner[0] if entry.home.owner else ""
        stays = entry.owner is not None and intended.get(member) == entry.values.get(member)
        if stays and entry.owner and any(each.slot == entry.home.name for each in target.mirrors):
            claims = {entry.home.name: _claim_of(entry, entry.owner)}
        claims |= self.echoes.after(entry, target, intended)
        self.object_home.create(entry.resource, target, entry.uuid, intended, claims=claims)

    def _take_out(self, entry: Entry, owner: Entry) -> None:
        """Take one item out of a list in a record."""
        assert owner.home.place is not None
        rows = list(items(entry.home, owner.record))
        at = place_of(entry.record, rows, entry.item)
        if at is None:
            return
        del rows[at]
        self.hold(entry.home, owner, rows, {number + 1: number for number in range(at, len(rows))})
        self.leave(entry.home, owner, [entry.uuid])
        owner.record = self.unit.patch_record(
            owner.home.place, owner.uuid, {entry.home.each: rows}, owner.record
        )

    def hold(self, home: Home, owner: Entry, rows: list[Any], moved: Mapping[int, int]) -> list[StoredObject]:
        """Make objects of what old clients put into a list, before it gets another place there.

        The uuid of an item follows from its place; that of an object stays. `moved` has the old and the new
        place of items, `rows` the list that it will be.
        """
        resource = self.repository.resource(home.resource)
        shifted = {old: new for old, new in moved.items() if old != new}
        return [
            self.object_home.create(
                resource,
                own_objects(resource),
                each.uuid,
                each.values,
                claims={home.name: claim(home, rows, shifted[each.item])},
            )
            for each in (self.repository.slots(resource, home, [owner]) if shifted else ())
            if each.item in shifted
        ]

    def leave(self, home: Home, owner: Entry, uuids: Iterable[str]) -> None:
        """Remember beside a record whose uuids went away from a slot, so that no other value gets them."""
        left = left_by(home, owner)
        gone = {uuid[14] for uuid in uuids if uuid == slot_uuid(owner.uuid, uuid[14])} - set(left)
        if not gone:
            return
        beside = self._beside(owner)
        notes = Annotations.of(owner.home, beside)
        released = {**notes.released, home.name: left + "".join(sorted(gone))}
        data = notes.noting(LEFT, released).within(owner.home, beside)
        if owner.home.kind == "object":
            self._put(owner, data)
        else:
            owner.stored = put_supplement(self.unit, owner.home, owner.uuid, data, owner.stored)

    def forget(self, home: Home, owner: Entry, there: Collection[str] = ()) -> None:
        """Delete the objects that an old client took out of a slot: none has the value that comes there next.

        Those with the uuids in `there` still stand in it.
        """
        found = self.unit.session.run(mirrored_in(self.repository.reads, home, owner))
        gone = found.keys() - set(there)
        for uuid in gone:
            self.unit.delete_object(found[uuid][0])
        self.leave(home, owner, gone)

    def _put(self, owner: Entry, data: Record) -> None:
        """Write an object that is the record in which slots are."""
        assert owner.stored is not None
        owner.stored = self.unit.put_object(owner.stored, data)
        owner.record = data

    def _beside(self, owner: Entry) -> Record:
        """What an object has, or the aanvulling of a record; what that would have where there is none."""
        if owner.stored:
            data: Record = copied(owner.stored.data)
            return data
        return keys_of(self.repository, owner.home, owner.uuid, owner.values)

    def empty_slot(self, home: Home, owner: Entry, uuid: str = "") -> None:
        """Take the value with this uuid out of a slot; what the register keeps is remembered as void."""
        if owner.home.kind == "object":
            self._empty_object(home, owner, uuid)
            return
        assert owner.home.place is not None
        record = owner.record
        found = self.emptied(home, record)
        try:
            record = self.unit.patch_record(owner.home.place, owner.uuid, found, record) if found else record
        except Refused as refused:
            self.deployment.count(f"refused.{refused.register}.{home.name}")
        owner.record = record
        if slot_values(home, record):
            self._void(home, owner)

    def emptied(self, home: Home, record: Record) -> dict[Path, Any]:
        """What a slot's fields get when nothing is in it: their filler, null for a link, else empty text."""
        fillers = dict(home.fillers)
        links = {pair.at for pair in home.pairs if pair.to is not None}
        paths = {
            *(pair.at for pair in home.pairs),
            *fillers,
            *(parse(each.at) for each in home.projections),
        } or {home.filled}
        whole = {each.at for each in home.projections}
        stuck = {pair.at for pair in home.pairs if not pair.clears and pair.to is None}
        found: dict[Path, Any] = {}
        for path in paths - stuck:
            value = get(record, path)
            if not filled(value) or value is False or (len(path) > 1 and path[0] in whole):
                continue
            if isinstance(value, dict):
                found[path] = {
                    **dict.fromkeys(value, ""),
                    **{at[-1]: filler for at, filler in fillers.items()},
                }
            else:
                found[path] = fillers.get(path, None if path in links else _EMPTY.get(type(value), ""))
        return found

    def _empty_object(self, home: Home, owner: Entry, uuid: str) -> None:
        assert owner.stored is not None
        data = copied(owner.stored.data)
        rows = items(home, data)
        for number, item, slot in by_place(home, data, left_by(home, owner)):
            if uuid and uuid[14] != slot:
                continue
            for path in (*(pair.at for pair in home.pairs), home.filled):
                value = get(item, path)
                if not path:
                    rows[number] = ""
                elif value is not MISSING:
                    put(item, path, _lists(value) if isinstance(value, dict) else "")
        self._put(owner, data)

    def _void(self, home: Home, owner: Entry) -> None:
        """Remember in the aanvulling that a slot's value means nothing as long as it stays what it is."""
        beside = self._beside(owner)
        notes = Annotations.of(owner.home, beside)
        mark = codecs.fingerprint(slot_values(home, owner.record))
        data = notes.noting(EMPTIED, {**notes.suppressed, home.name: mark}).within(owner.home, beside)
        owner.stored = put_supplement(self.unit, owner.home, owner.uuid, data, owner.stored)


# What a field gets that is emptied, by the type of what stands there; any other gets empty text.
_EMPTY: Mapping[type, Any] = {bool: False, list: []}


def _claim_of(entry: Entry, owner: Entry) -> str:
    """What an object that is made of a slot's value remembers of the slot."""
    if not entry.home.each:
        return codecs.fingerprint(slot_values(entry.home, owner.record))
    return claim(entry.home, items(entry.home, owner.record), entry.item)


def _lists(group: dict[str, Any]) -> dict[str, Any]:
    """A group of which nothing is left but its lists, empty: a shape may require them."""
    return {name: [] for name, value in group.items() if isinstance(value, list)}


def own_objects(resource: Resource) -> Home:
    """The home of a resource that takes everything: objects of a type of its own."""
    return next(each for each in resource.homes.values() if each.kind == "object" and not each.read_only)
