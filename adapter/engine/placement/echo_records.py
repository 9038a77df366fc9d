"""Make and remove the records in which register clients find what became an object; see `echoed`."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record
from adapter.engine.placement.register_records import New, RegisterRecords, Values
from adapter.engine.read.echoes import echo_of
from adapter.engine.transaction.creations import carry_out
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import translate
from adapter.mapping.model import Home, Place, Resource
from adapter.mapping.paths import get


@dataclass(frozen=True, slots=True)
class EchoRecords:
    """Makes and removes the echoes of one request."""

    records: RegisterRecords
    unit: UnitOfWork

    def after(self, entry: Entry, target: Home, intended: Values) -> dict[str, str]:
        """What the object that a resource is or becomes remembers of its echo, which says what is intended.

        One that the register refused before is asked for again when what it says has changed.
        """
        home = entry.resource.homes[target.echo]
        echo = echo_of(entry)
        same = all(get(intended, pair.served) == get(entry.values, pair.served) for pair in home.pairs)
        wanted = self.records.takes(home, intended)
        if echo and same and wanted:
            return {home.name: echo}
        if echo and wanted and self._changed(entry, home, intended, echo):
            return {home.name: echo}
        self.remove(entry)
        refused = same and self.records.takes(home, entry.values)
        made = self._made(entry.resource, home, intended) if wanted and not refused else ""
        return {home.name: made} if made else {}

    def _changed(self, entry: Entry, home: Home, intended: Values, echo: str) -> bool:
        """Whether an echo could be made to say what is intended, and stays what it is for the rest."""
        assert home.place is not None
        if home.companion or self.unit.deployment.mappings.collections[home.place].frozen:
            return False
        record = self._found(home.place, echo)[echo]
        found = translate.changes(entry.resource, home, intended, None, record)
        try:
            if found:
                self.unit.patch_record(home.place, echo, found, record)
        except Refused:
            return False
        return True

    def remove(self, entry: Entry) -> None:
        """Delete the echo of an object."""
        echo = echo_of(entry)
        home = entry.resource.homes.get(entry.home.echo)
        if not echo or home is None or home.place is None:
            return
        for uuid, record in self._found(home.place, echo).items():
            self.records.delete(Entry(entry.resource, uuid, home, dict(entry.values), record))

    def _found(self, place: Place, echo: str) -> dict[str, Record]:
        session = self.unit.session
        return session.run(session.records.get(place, [echo]))

    def _made(self, resource: Resource, home: Home, intended: Values) -> str:
        """The uuid of a new echo; empty when the register does not take it."""
        new = New(resource, "", dict(intended), {})
        try:
            (uuid,) = carry_out([self.records.alone(home, new)], self.unit.make_together)
        except Refused as refused:
            self.unit.deployment.count(f"refused.{refused.register}.{resource.name}")
            return ""
        return uuid
