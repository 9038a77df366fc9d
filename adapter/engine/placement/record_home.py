"""Resources that are a register's record each, with a sidecar beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.placement.object_home import ObjectHome
from adapter.engine.placement.register_records import New, RegisterRecords
from adapter.engine.transaction.creations import Plan
from adapter.engine.unit_of_work import Refused
from adapter.mapping.model import Home
from adapter.mapping.paths import filled, get

Values = dict[str, Any]


class RecordHome:
    """The records of one request: one that cannot follow a change becomes an object."""

    def __init__(self, records: RegisterRecords, object_home: ObjectHome) -> None:
        self.records, self.object_home = records, object_home
        self.deployment = records.deployment

    def creating(self, home: Home, new: New) -> Plan:
        """Make a record of a new resource; its uuid. Raises Refused when the register does not take it."""
        return (yield from self.records.creating(home, new))

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a record read as intended, or an object that has its uuid from then on."""
        if not (self._stays(entry, intended) and self._followed(entry, intended, aside)):
            self.object_home.become(entry, intended)
            self.records.delete(entry)

    def delete(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Delete a record; with `record_goes` the register drops it by itself, together with another."""
        self.records.delete(entry, record_goes=record_goes)

    def _followed(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> bool:
        """Whether the register takes the change of its record; what it refuses becomes an object."""
        try:
            self.records.update(entry, intended, aside)
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
            return not changed and self.records.takes(home, intended)
        frozen = self.deployment.mappings.collections[place].frozen
        return not (frozen and moved) and self.records.takes(home, intended)
