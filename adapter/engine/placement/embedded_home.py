"""Resources that stand in a record or object of another resource, where register clients put them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.annotations import EMPTIED, LEFT, Annotations, noting
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_uuid
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.placement.object_home import ObjectHome, own_objects
from adapter.engine.placement.sidecar import keys_of, put_supplement
from adapter.engine.read.embedded_values import left_by
from adapter.engine.read.repository import Repository
from adapter.engine.read.slot_contents import by_place, claim, items, mirrored_in, place_of, slot_values
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import codecs
from adapter.mapping.model import Home
from adapter.mapping.paths import MISSING, Path, copied, filled, get, parse, put

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EmbeddedHome:
    """The embedded values of one request: one that is changed becomes an object."""

    repository: Repository
    unit: UnitOfWork
    object_home: ObjectHome

    def update(self, entry: Entry, intended: Values) -> None:
        """Make an object, with the uuid that it has, of a value when it is first written."""
        claims = {}
        member = entry.home.owner[0] if entry.home.owner else ""
        stays = entry.owner is not None and intended.get(member) == entry.values.get(member)
        own = own_objects(entry.resource)
        if stays and entry.owner and any(each.slot == entry.home.name for each in own.mirrors):
            claims = {entry.home.name: _claim_of(entry, entry.owner)}
        self.object_home.become(entry, intended, claims)

    def delete(self, entry: Entry) -> None:
        """Take a value out of the record that it stands in, if anything else is ever written there."""
        if entry.owner is not None and entry.home.name in entry.resource.mirrored_slots:
            if entry.home.each and entry.owner.home.kind == "record":
                self._take_out(entry, entry.owner)
            else:
                self.empty(entry.home, entry.owner, entry.uuid)

    def now(self, owner: Entry) -> Entry:
        """A record or object in which slots are as it is after what this request has written by now."""
        return self.repository.one(owner.resource.name, owner.uuid) or owner

    def _take_out(self, entry: Entry, owner: Entry) -> None:
        """Take one item out of a list in a record."""
        owner = self.now(owner)
        assert owner.home.place is not None
        rows = list(items(entry.home, owner.record))
        at = place_of(entry.record, rows, entry.item)
        if at is None:
            return
        del rows[at]
        self.hold(entry.home, owner, rows, {number + 1: number for number in range(at, len(rows))})
        self.leave(entry.home, owner, [entry.uuid])
        self.unit.patch_record(owner.home.place, owner.uuid, {entry.home.each: rows}, owner.record)

    def hold(self, home: Home, owner: Entry, rows: list[Any], moved: Mapping[int, int]) -> list[StoredObject]:
        """Make objects of what register clients put into a list, before it gets another place there.

        The uuid of an item follows from its place; that of an object stays. `moved` has the old and the new
        place of items, `rows` the list that it will be.
        """
        resource = self.repository.resources[home.resource]
        shifted = {old: new for old, new in moved.items() if old != new}
        return [
            self.object_home.create(
                resource,
                each.uuid,
                each.values,
                claims={home.name: claim(home, rows, shifted[each.item])},
            )
            for each in (self.repository.slots(resource, home, [owner]) if shifted else ())
            if each.item in shifted
        ]

    def leave(self, home: Home, owner: Entry, uuids: Iterable[str]) -> None:
        """Remember beside a record whose uuids went away from a slot, so that no other value gets them."""
        there = {uuid[14] for uuid in uuids if uuid == slot_uuid(owner.uuid, uuid[14])}
        if not there:
            return
        owner = self.now(owner)
        left = left_by(home, owner)
        gone = there - set(left)
        if not gone:
            return
        beside = self._beside(owner)
        released = Annotations.of(owner.home, beside).released
        digits = left + "".join(sorted(gone))
        data = noting(owner.home, beside, LEFT, {**released, home.name: digits})
        if owner.home.kind == "object" and owner.stored is not None:
            self.unit.put_object(owner.stored, data)
        else:
            put_supplement(self.unit, owner.home, owner.uuid, data, owner.stored)

    def forget(self, home: Home, owner: Entry, there: Collection[str] = ()) -> None:
        """Delete the objects that a register client took out of a slot: the next value is none of theirs.

        Those with the uuids in `there` still stand in it.
        """
        found = self.unit.session.run(mirrored_in(self.repository.reads, home, owner))
        gone = found.keys() - set(there)
        for uuid in gone:
            self.unit.delete_object(found[uuid][0])
        self.leave(home, owner, gone)

    def _beside(self, owner: Entry) -> Record:
        """What an object has, or the aanvulling of a record; what that would have where there is none."""
        if owner.stored:
            data: Record = copied(owner.stored.data)
            return data
        return keys_of(self.repository, owner.home, owner.uuid, owner.values)

    def empty(self, home: Home, owner: Entry, uuid: str = "") -> None:
        """Take the value with this uuid out of a slot; what the register keeps is remembered as void."""
        owner = self.now(owner)
        if owner.home.kind == "object":
            self._empty_object(home, owner, uuid)
            return
        assert owner.home.place is not None
        found = self.emptied(home, owner.record)
        try:
            if found:
                self.unit.patch_record(owner.home.place, owner.uuid, found, owner.record)
        except Refused as refused:
            self.unit.deployment.count(f"refused.{refused.register}.{home.name}")
        self._void(home, self.now(owner))

    def emptied(self, home: Home, record: Record) -> dict[Path, Any]:
        """What a slot's fields get when nothing is in it: their filler, null for a link, else nothing."""
        fillers = dict(home.fillers)
        links = {pair.at for pair in home.pairs if pair.to is not None}
        paths = {
            *(pair.at for pair in home.pairs),
            *fillers,
            *(parse(each.at) for each in home.projections),
        } or {home.filled}
        whole = {each.at for each in home.projections}
        nothing = {pair.at: pair.nothing for pair in home.pairs}
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
                empty = _EMPTY.get(type(value), nothing.get(path, ""))
                found[path] = fillers.get(path, None if path in links else empty)
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
        self.unit.put_object(owner.stored, data)

    def _void(self, home: Home, owner: Entry) -> None:
        """Remember in the aanvulling that what is left in a slot means nothing as long as it stays that."""
        left = slot_values(home, owner.record)
        if not left:
            return
        beside = self._beside(owner)
        suppressed, mark = Annotations.of(owner.home, beside).suppressed, codecs.fingerprint(left)
        data = noting(owner.home, beside, EMPTIED, {**suppressed, home.name: mark})
        put_supplement(self.unit, owner.home, owner.uuid, data, owner.stored)


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
