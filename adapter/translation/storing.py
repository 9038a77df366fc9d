"""Put one served resource into its home: a register's record with its aanvulling, or an object."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from adapter.mapping import codecs, translate
from adapter.mapping.model import Home, Resource, walk
from adapter.mapping.paths import MISSING, Path, filled, get, parse, put
from adapter.openapi.formats import canonical_uuid
from adapter.translation.building import (
    CREATED,
    EMPTIED,
    MIRROR,
    OTHERS,
    SUPPLEMENT,
    slot_values,
    supplement_uuid,
)
from adapter.translation.entries import Entry
from adapter.translation.intending import now
from adapter.translation.ledger import Ledger, Refused
from adapter.translation.reading import Reading
from adapter.translation.sources import Record, StoredObject, uuid_in
from adapter.translation.telling import Telling

KIND, RECORD, SEARCH = "soort", "bij", "zoek"
SEARCHED_LENGTH = 200
ATTEMPTS = 6

Values = dict[str, Any]


class Storing:
    """Stores the resources of one request."""

    def __init__(self, reading: Reading, ledger: Ledger) -> None:
        self.reading, self.ledger = reading, ledger
        self.world = reading.world
        self.telling = Telling(reading)

    # create

    def create(self, resource: Resource, uuid: str, intended: Values, body: Mapping[str, Any]) -> str:
        """Store a new resource in the first home that takes it; its uuid there."""
        for home in resource.homes.values():
            if home.kind == "inside" or home.read_only or not self._takes(home, intended):
                continue
            if home.kind == "object":
                self.create_object(resource, home, uuid, intended)
                return uuid
            try:
                return self._create_record(resource, home, intended, body)
            except Refused as refused:
                if len(resource.homes) == 1:
                    raise
                self.world.count(f"refused.{refused.register}.{resource.name}")
        raise LookupError(f"no home takes {resource.name}")

    def _takes(self, home: Home, values: Values) -> bool:
        if home.needs and home.needs not in self.world.registers:
            return False
        for path, wanted in home.takes:
            value = get(values, path)
            if wanted == "given":
                if not filled(value):
                    return False
            elif wanted == "uuid":
                if canonical_uuid(value) is None:
                    return False
            elif value != wanted and (filled(value) or wanted is not None):
                return False
        return True

    def _create_record(
        self, resource: Resource, home: Home, intended: Values, body: Mapping[str, Any]
    ) -> str:
        assert home.place is not None
        found = translate.changes(home, intended, None, {})
        for pair in home.pairs:
            for word, member, path, value in pair.choose:
                if any(get(item, path) == value for item in body.get(member) or ()):
                    found[pair.at] = word
        if home.companion:
            self._companion(home, translate.nested(found), make=True)
        record = self._post(home, found)
        uuid = uuid_in(record["url"])
        self._supplement(resource, home, uuid, record, intended, None, created=now())
        return uuid

    def _post(self, home: Home, found: dict[Path, Any]) -> Record:
        assert home.place is not None
        for attempt in range(ATTEMPTS):
            content = translate.nested(found)
            for name, value in home.fill.items():
                if not filled(content.get(name)) and filled(value):
                    content[name] = copy.deepcopy(value)
            try:
                return self.ledger.create_record(home.place, content)
            except Refused as refused:
                if attempt == ATTEMPTS - 1 or not self._without(home, found, refused):
                    raise
        raise AssertionError("unreachable")

    def _without(self, home: Home, found: dict[Path, Any], refused: Refused) -> bool:
        """Take out what the register does not accept, or fill it anew; whether anything changed."""
        changed = False
        for path in [each for each in found if ".".join(each) in refused.names]:
            filler = next((pair.filler for pair in home.pairs if pair.at == path and pair.filler), "")
            if filler:
                found[path] = translate.filler(filler)
            elif any(pair.at == path and pair.to is not None for pair in home.pairs):
                return False
            else:
                del found[path]
                self.world.count(f"refused.{refused.register}.{'.'.join(path)}")
            changed = True
        return changed

    def _companion(self, home: Home, content: Record, *, make: bool) -> None:
        """The record elsewhere that has to be there before, and gone after, one of this home."""
        assert home.companion is not None
        spec = home.companion
        params = [(name, content[source]) for name, source in spec["fields"].items()]
        register, collection = spec["register"], spec["collection"]
        answer = self.ledger.send(register, "GET", collection, params=params)
        rows = answer.body if isinstance(answer.body, list) else (answer.body or {}).get("results", [])
        if make and answer.status == 200 and not rows:
            made = self.ledger.send(register, "POST", collection, content=dict(params))
            if made.status >= 400:
                raise Refused(register, made.status, {})
        elif not make and rows:
            for row in rows:
                if isinstance(row, dict) and "url" in row and row["url"].rstrip("/").count("/") > 3:
                    self.ledger.send(register, "DELETE", f"{collection}/{uuid_in(row['url'])}")
            self.ledger.send(register, "DELETE", collection, params=params)

    # change

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> Entry:
        """Make a resource read as intended, wherever it lives; where it lives then."""
        home = entry.home
        if home.kind == "inside":
            return self._adopt(entry, intended)
        if home.kind == "object":
            self._put_object(entry, intended, aside)
            return entry
        if self._stays(home, entry, intended):
            self._patch_record(entry, intended, aside)
            return entry
        target = next(each for each in entry.resource.homes.values() if each.kind == "object")
        self.create_object(entry.resource, target, entry.uuid, intended, created=entry.created)
        self.delete_record(entry)
        return entry

    def _stays(self, home: Home, entry: Entry, intended: Values) -> bool:
        assert home.place is not None
        moved = [
            pair
            for pair in home.pairs
            if pair.to is not None and get(intended, pair.served) != get(entry.values, pair.served)
        ]
        if any(not filled(get(intended, pair.served)) for pair in moved):
            return False
        frozen = self.world.mappings.collections[home.place].frozen
        if frozen and (moved or home.companion):
            return not moved and self._takes_codes(home, entry, intended)
        return self._takes(home, intended) or not home.takes

    def _takes_codes(self, home: Home, entry: Entry, intended: Values) -> bool:
        """Whether only what the aanvulling can hold has changed."""
        return self._takes(home, intended) and all(
            get(intended, pair.served) == get(entry.values, pair.served) for pair in home.pairs
        )

    def _patch_record(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        assert entry.home.place is not None
        home, place, record = entry.home, entry.home.place, entry.record
        found: dict[Path, Any] = {}
        if not self.world.mappings.collections[place].frozen:
            found = translate.changes(home, intended, entry.values, record)
        while found:
            try:
                record = self.ledger.patch_record(place, entry.uuid, found, record)
                break
            except Refused as refused:
                if not self._without(home, found, refused):
                    raise
        self._supplement(entry.resource, home, entry.uuid, record, intended, entry, entry.created, aside)

    # the aanvulling

    def _supplement(
        self,
        resource: Resource,
        home: Home,
        uuid: str,
        record: Record,
        intended: Values,
        entry: Entry | None,
        created: str,
        aside: Mapping[str, Any] | None = None,
    ) -> None:
        assert home.place is not None
        stored = entry.stored if entry else None
        data: Record = translate.supplement(resource, home, intended, record)
        if (stored and stored.data.get(EMPTIED)) and stored.data[EMPTIED]:
            data[EMPTIED] = stored.data[EMPTIED]
        if aside:
            data[OTHERS] = dict(aside)
        if not data and not (home.created and (entry is None or stored is not None)):
            if stored is not None:
                self.ledger.delete_object(stored)
            return
        self.put_supplement(
            resource, home, uuid, {**data, **self._keys(home, uuid, intended)}, stored, created
        )

    def put_supplement(
        self,
        resource: Resource,
        home: Home,
        uuid: str,
        data: Record,
        stored: StoredObject | None,
        created: str,
    ) -> None:
        """Write the aanvulling of a record; what makes it findable is added here."""
        assert home.place is not None
        whole = {KIND: resource.name, RECORD: uuid, **({CREATED: created} if created else {}), **data}
        search = _searchable(data.get(translate.VALUES) or {})
        whole.pop(SEARCH, None)
        if search:
            whole[SEARCH] = search
        if stored is None:
            self.ledger.create_object(SUPPLEMENT, supplement_uuid(home.place, uuid), whole)
        else:
            self.ledger.put_object(stored, whole)

    def _keys(self, home: Home, uuid: str, values: Values) -> Record:
        """The URLs of the records that an object hangs on."""
        found = {}
        for key, member in home.keys.items():
            on = uuid if member == "self" else self._on(home, member, values)
            if on:
                found[key] = self.reading.sources.url(self.world.mappings.keys[key], on)
        return found

    def _on(self, home: Home, member: str, values: Values) -> str | None:
        first, _, second = member.partition(".")
        link = values.get(first)
        if not isinstance(link, dict):
            return None
        if not second:
            return str(link["uuid"])
        target = self.reading.one(self.reading.resource(home.resource).members[first].to, link["uuid"])
        return target.reference(second) if target else None

    # objects

    def create_object(
        self,
        resource: Resource,
        home: Home,
        uuid: str,
        intended: Values,
        *,
        created: str = "",
        extra: Record | None = None,
    ) -> None:
        """Store a resource as an object of its own."""
        moment = created or now()
        data = self._object_data(resource, home, uuid, intended, {}, moment, None)
        self.ledger.create_object(home.object_type, uuid, {**data, **(extra or {})})

    def _put_object(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        assert entry.stored is not None
        data = self._object_data(
            entry.resource, entry.home, entry.uuid, intended, entry.record, entry.created, entry.values
        )
        if aside:
            data[OTHERS] = dict(aside)
        self.ledger.put_object(entry.stored, data)

    def _object_data(
        self,
        resource: Resource,
        home: Home,
        uuid: str,
        intended: Values,
        record: Record,
        created: str,
        before: Values | None,
    ) -> Record:
        keys = self._keys(home, uuid, intended)
        if home.rest:
            return {**self._shared_data(resource, home, uuid, intended, record, created, before), **keys}
        kept = {OTHERS: record[OTHERS]} if OTHERS in record else {}
        claims = self._claims(resource, intended, record, before)
        if claims:
            kept[MIRROR] = claims
        known = {home.known_by: self._known_by(resource, uuid, intended)} if home.known_by else {}
        values = {name: value for name, value in intended.items() if resource.members[name].computed is None}
        return {"uuid": uuid, **kept, **known, **values, **({CREATED: created} if created else {}), **keys}

    def _shared_data(
        self,
        resource: Resource,
        home: Home,
        uuid: str,
        intended: Values,
        record: Record,
        created: str,
        before: Values | None,
    ) -> Record:
        """The data of an object in a shape of old clients, with a group for what that shape lacks."""
        data = copy.deepcopy(record)
        legacy = before is not None and home.rest not in record
        for path, value in translate.changes(home, intended, before, record).items():
            put(data, path, value)
        if not legacy or any(
            before and intended.get(each.served[0]) != before.get(each.served[0]) for each in home.known
        ):
            for at, value in self.telling.of(resource, home, intended).items():
                data[at] = value
        rest = translate.supplement(resource, home, intended, data)
        group = {**(record.get(home.rest) or {}), **rest}
        for name in (translate.VALUES, translate.BASIS):
            if name not in rest:
                group.pop(name, None)
        if not legacy:
            group.update({"uuid": uuid, **({CREATED: created} if created else {})})
        group[SEARCH] = _searchable(group.get(translate.VALUES) or {})
        data[home.rest] = group
        return data

    def _claims(self, resource: Resource, intended: Values, record: Record, before: Values | None) -> Record:
        """The slots that the object still stands for: not those of an owner that it leaves."""
        found = {}
        for name, claim in (record.get(MIRROR) or {}).items():
            owner = resource.homes[name].owner if name in resource.homes else None
            if owner is not None and before is not None and before.get(owner[0]) == intended.get(owner[0]):
                found[name] = claim
        return found

    def _known_by(self, resource: Resource, uuid: str, values: Values) -> str:
        """The key by which old records name a resource."""
        assert resource.known_by is not None
        known = resource.known_by
        value = get(values, known.of)
        if not filled(value):
            value = get(values, known.otherwise)
        return codecs.short_identifier(
            value or uuid, lambda key: self.reading.by_key(resource.name, [key]).get(key, uuid) != uuid
        )

    # slots

    def _adopt(self, entry: Entry, intended: Values) -> Entry:
        """A value in a slot becomes an object with the slot's uuid when it is first written."""
        target = next(
            each for each in entry.resource.homes.values() if each.kind == "object" and not each.read_only
        )
        claim = {}
        if entry.owner is not None and any(each.slot == entry.home.name for each in target.mirrors):
            claim = {
                MIRROR: {entry.home.name: codecs.fingerprint(slot_values(entry.home, entry.owner.record))}
            }
        self.create_object(entry.resource, target, entry.uuid, intended, extra=claim)
        return entry

    def empty_slot(self, home: Home, owner: Entry) -> None:
        """Take the value out of a slot; where the register keeps it, remember that it is void."""
        record = owner.record
        fillers = dict(home.fillers)
        paths = [pair.at for pair in home.pairs] or [home.filled]
        found = {path: fillers.get(path, "") for path in {*paths, *fillers} if filled(get(record, path))}
        if owner.home.kind == "object":
            assert owner.stored is not None
            data = copy.deepcopy(owner.stored.data)
            for path in paths:
                if get(data, path) is not MISSING:
                    put(data, path, "")
            self.ledger.put_object(owner.stored, data)
            return
        assert owner.home.place is not None
        found = {
            path: (None if value == "" and self._is_link(home, path) else value)
            for path, value in found.items()
        }
        try:
            record = (
                self.ledger.patch_record(owner.home.place, owner.uuid, found, record) if found else record
            )
        except Refused as refused:
            self.world.count(f"refused.{refused.register}.{home.name}")
        if slot_values(home, record):
            self._void(home, owner, record)

    def _is_link(self, home: Home, path: Path) -> bool:
        return any(pair.at == path and pair.to is not None for pair in home.pairs)

    def _void(self, home: Home, owner: Entry, record: Record) -> None:
        data = dict(owner.stored.data) if owner.stored else self._keys(owner.home, owner.uuid, owner.values)
        data[EMPTIED] = {
            **(data.get(EMPTIED) or {}),
            home.name: codecs.fingerprint(slot_values(home, record)),
        }
        self.put_supplement(owner.resource, owner.home, owner.uuid, data, owner.stored, owner.created)

    # delete

    def delete(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Take a resource out of its home; with `record_goes` the register drops the record by itself."""
        home = entry.home
        if home.kind == "inside":
            if entry.owner is not None:
                self.empty_slot(home, entry.owner)
        elif home.kind == "object":
            assert entry.stored is not None
            self.ledger.delete_object(entry.stored)
        else:
            self.delete_record(entry, record_goes=record_goes)

    def delete_record(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Delete a record with its companion and its aanvulling."""
        assert entry.home.place is not None
        if entry.home.companion:
            self._companion(entry.home, entry.record, make=False)
        if not record_goes or entry.home.companion:
            self.ledger.delete_record(entry.home.place, entry.uuid)
        if entry.stored is not None:
            self.ledger.delete_object(entry.stored)


def _searchable(entries: Mapping[str, Any]) -> Record:
    """The short texts and the references among the aanvulling's values, at their paths, to be searched."""
    found: Record = {}
    for text, value in entries.items():
        for path, leaf in _leaves(parse(text), value):
            if isinstance(leaf, str) and 0 < len(leaf) <= SEARCHED_LENGTH:
                put(found, path, leaf)
            elif isinstance(leaf, list) and leaf:
                put(
                    found,
                    path,
                    " ".join(each["uuid"] for each in leaf if isinstance(each, dict) and "uuid" in each),
                )
    return found


def _leaves(path: Path, value: Any) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in _leaves((*path, name), each)]
    return [(path, value)]


__all__ = ["Storing", "walk"]
