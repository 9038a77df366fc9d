"""Store a served resource in a register's record, and what the record cannot hold in its aanvulling."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from adapter.mapping import translate
from adapter.mapping.model import Home, Place, Resource
from adapter.mapping.paths import Path, filled, get
from adapter.translation.entries import CREATED, EMPTIED, OTHERS, Entry
from adapter.translation.intending import now
from adapter.translation.keeping import keys_of
from adapter.translation.ledger import Ledger, Refused
from adapter.translation.reading import Reading
from adapter.translation.records import Record, uuid_in
from adapter.translation.supplements import put_supplement

ATTEMPTS = 6

Values = dict[str, Any]


class Recording:
    """Writes the records of one request."""

    def __init__(self, reading: Reading, ledger: Ledger) -> None:
        self.reading, self.ledger = reading, ledger
        self.world = reading.world

    def create(self, resource: Resource, home: Home, intended: Values, body: Mapping[str, Any]) -> str:
        """Make a record; its uuid. Raises Refused when the register does not take it."""
        found = translate.changes(home, intended, None, {})
        for pair in home.pairs:
            for word, member, path, value in pair.choose:
                if any(get(item, path) == value for item in body.get(member) or ()):
                    found[pair.at] = word
        if home.companion:
            self._companion(home, translate.nested(found), make=True)
        record = self._post(home, found)
        uuid = uuid_in(record["url"])
        data = translate.supplement(resource, home, intended, record)
        if data or home.created:
            data |= {CREATED: now(), **keys_of(self.reading, home, uuid, intended)}
            put_supplement(self.ledger, home, uuid, data, None)
        return uuid

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a record read as intended: only members that differ are written."""
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
        self._supplement(entry, record, intended, aside)

    def _supplement(self, entry: Entry, record: Record, intended: Values, aside: Mapping[str, Any]) -> None:
        stored, home = entry.stored, entry.home
        data: Record = translate.supplement(entry.resource, home, intended, record)
        if stored and stored.data.get(EMPTIED):
            data[EMPTIED] = stored.data[EMPTIED]
        if any(aside.values()):
            data[OTHERS] = dict(aside)
        if not data and not (home.created and stored is not None):
            if stored is not None:
                self.ledger.delete_object(stored)
            return
        data |= {CREATED: entry.created, **keys_of(self.reading, home, entry.uuid, intended)}
        put_supplement(self.ledger, home, entry.uuid, data, stored)

    def delete(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Delete a record with its companion and its aanvulling.

        With `record_goes` the register drops the record by itself, together with another.
        """
        assert entry.home.place is not None
        if entry.home.companion:
            self._companion(entry.home, entry.record, make=False)
        if not record_goes or entry.home.companion:
            self.ledger.delete_record(entry.home.place, entry.uuid)
        else:
            self.ledger.goes_along(entry.home.place, entry.uuid)
        if entry.stored is not None:
            self.ledger.delete_object(entry.stored)

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
            elif any(pair.at == path and pair.link for pair in home.pairs):
                return False
            else:
                del found[path]
                self.world.count(f"refused.{refused.register}.{'.'.join(path)}")
            changed = True
        return changed

    def _companion(self, home: Home, content: Record, *, make: bool) -> None:
        """The record elsewhere that has to be there before, and gone after, one of this home."""
        assert home.companion is not None
        register, collection = home.companion["register"], home.companion["collection"]
        params = [(name, content[source]) for name, source in home.companion["fields"].items()]
        client = self.world.registers[register]
        answer = client.call("GET", collection, params=params)
        rows = answer.body if isinstance(answer.body, list) else (answer.body or {}).get("results", [])
        if make and answer.status == 200 and not rows:
            self.ledger.create_companion(Place(register, collection), dict(params))
        for row in () if make else rows:
            own = client.identify(row.get("url", "")) if isinstance(row, dict) else None
            if own is not None:
                self.ledger.delete_companion(Place(register, collection), own[1], dict(params))
