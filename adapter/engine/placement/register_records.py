"""Write the records of registers, and beside each its sidecar with what the record cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.annotations import CREATED, EMPTIED, LEFT, OTHERS
from adapter.engine.entities.clock import now
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import same_record, uuid_in
from adapter.engine.entities.stored_object import Record
from adapter.engine.placement.sidecar import keys_of, put_supplement, supplement, without_said
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Creation, Plan
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import translate
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import Path, copied, filled, get, with_values
from adapter.mapping.taking import meets
from adapter.mapping.translate import filler

ATTEMPTS = 6

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class New:
    """A resource to be made.

    `told` is what its record says to register clients from the start; `known` is called with its uuid as soon
    as others can refer to it. `served` is the uuid that it has to get whatever its register gives it; "" when
    the register may choose.
    """

    resource: Resource
    uuid: str
    intended: Values
    body: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)
    known: Callable[[str], None] = lambda _: None
    served: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRecords:
    """Writes the records of one request."""

    repository: Repository
    unit: UnitOfWork

    def takes(self, home: Home, values: Values) -> bool:
        """Whether a home is one for a resource with these values."""
        if home.needs and home.needs not in self.unit.deployment.registers:
            return False
        return all(meets(get(values, path), wanted) for path, wanted in home.takes)

    def creating(self, home: Home, new: New) -> Plan:
        """Make a record, with its aanvulling; its uuid. Raises Refused when the register does not take it."""
        record = yield from self.record(home, new)
        uuid = uuid_in(record["url"])
        new.known(uuid)
        data = translate.supplement(new.resource, home, new.intended, record)
        if data or home.created:
            data |= {CREATED: now(), **keys_of(self.repository, home, uuid, new.intended)}
            yield supplement(home, uuid, data)
        return uuid

    def alone(self, home: Home, new: New) -> Plan:
        """The same, with nothing beside it."""
        record = yield from self.record(home, new)
        return uuid_in(record["url"])

    def record(self, home: Home, new: New) -> Generator[Creation, Any, Record]:
        """Make a record alone; as its register answers it. Raises Refused.

        What the register does not take of it is left out, or filled anew, and it is asked again.
        """
        assert home.place is not None
        resource, intended = new.resource, new.intended
        found = translate.changes(resource, home, intended, None, {})
        if home.made_of and (made := home.made_of.of(new.body)) is not None:
            found |= dict([made])
        for pair in home.pairs:
            for word, member, path, value in () if pair.read_only else pair.choose:
                if any(get(item, path) == value for item in new.body.get(member) or ()):
                    found[pair.at] = word
        companion = None
        if home.companion:
            companion = yield from self._companion_first(home, with_values({}, found))
        found |= {(at,): value for at, value in new.told.items()}
        for attempt in range(ATTEMPTS):
            content = with_values({}, found)
            for name, value in home.fill.items():
                if not filled(content.get(name)) and filled(value):
                    content[name] = copied(value)
            try:
                record: Record = yield Creation(home.place, content, served=new.served)
            except Refused as refused:
                if attempt < ATTEMPTS - 1 and self._without(home, found, refused):
                    continue
                if companion is not None:
                    self._companion_goes(home, companion)
                raise
            return record
        raise AssertionError("unreachable")

    def update(self, entry: Entry, intended: Values, aside: Mapping[str, Any]) -> None:
        """Make a record read as intended: only members that differ are written. Raises Refused."""
        assert entry.home.place is not None
        home, place, record = entry.home, entry.home.place, entry.record
        found: dict[Path, Any] = {}
        if not self.unit.deployment.mappings.collections[place].frozen:
            found = translate.changes(entry.resource, home, intended, entry.values, record)
        while found:
            try:
                record = self.unit.patch_record(place, entry.uuid, found, record)
                break
            except Refused as refused:
                if not (self._without(home, found, refused) or self._only_links(entry, found, refused)):
                    raise
        self._supplement(entry, record, intended, aside)

    def can_follow(self, entry: Entry, intended: Values) -> bool:
        """Whether a record can go on being this resource when it reads as intended."""
        home, place = entry.home, entry.home.place
        assert place is not None
        changed = [
            pair for pair in home.pairs if get(intended, pair.served) != get(entry.values, pair.served)
        ]
        moved = [pair for pair in changed if pair.to is not None]
        if any(not filled(get(intended, pair.served)) for pair in moved):
            return False
        if home.companion:
            return not changed and self.takes(home, intended)
        frozen = self.unit.deployment.mappings.collections[place].frozen
        return not (frozen and moved) and self.takes(home, intended)

    def _supplement(self, entry: Entry, record: Record, intended: Values, aside: Mapping[str, Any]) -> None:
        stored, home = entry.stored, entry.home
        data: Record = translate.supplement(entry.resource, home, intended, record)
        elsewhere = [each.member for each in home.legacy]
        data = without_said(data, elsewhere, entry, intended, entry.notes.values)
        noted = {EMPTIED: entry.notes.suppressed, LEFT: entry.notes.released}
        data |= {name: value for name, value in noted.items() if value}
        if any(aside.values()):
            data[OTHERS] = dict(aside)
        if not data and not (home.created and stored is not None):
            if stored is not None:
                self.unit.delete_object(stored)
            return
        data |= {CREATED: entry.created, **keys_of(self.repository, home, entry.uuid, intended)}
        put_supplement(self.unit, home, entry.uuid, data, stored)

    def delete(self, entry: Entry, *, record_goes: bool = False) -> None:
        """Delete a record with its companion and its aanvulling.

        With `record_goes` the register drops the record by itself, together with another.
        """
        assert entry.home.place is not None
        if entry.home.companion:
            self._companion_goes(entry.home, entry.record)
        if not record_goes or entry.home.companion:
            self.unit.delete_record(entry.home.place, entry.uuid)
        else:
            self.unit.goes_along(entry.home.place, entry.uuid)
        if entry.stored is not None:
            self.unit.delete_object(entry.stored)

    def _without(self, home: Home, found: dict[Path, Any], refused: Refused) -> bool:
        """Take out what the register does not accept, or fill it anew; whether anything changed."""
        changed = False
        for path in [each for each in found if ".".join(each) in refused.names]:
            form = next((pair.filler for pair in home.pairs if pair.at == path and pair.filler), "")
            if form:
                found[path] = filler(form)
            elif any(pair.at == path and pair.link for pair in home.pairs):
                return False
            else:
                del found[path]
                self.unit.deployment.count(f"refused.{refused.register}.{'.'.join(path)}")
            changed = True
        return changed

    def _only_links(self, entry: Entry, found: dict[Path, Any], refused: Refused) -> bool:
        """Leave a record as it is but for what it links; whether anything changed.

        What the register has of it alone stays, and what it refuses goes to the aanvulling. A resource of
        which a record is the only home is refused instead.
        """
        links = {pair.at for pair in entry.home.pairs if pair.to is not None}
        plain = [path for path in found if path not in links]
        if len(entry.resource.homes) == 1 or not plain:
            return False
        for path in plain:
            del found[path]
        self.unit.deployment.count(f"refused.{refused.register}.{entry.resource.name}")
        return True

    # the record elsewhere that has to be there before, and gone after, one of a home

    def _companion_first(self, home: Home, content: Record) -> Generator[Creation, Any, Record | None]:
        """What a companion that was made says of; None when there was one."""
        assert home.companion is not None
        place, said = home.companion.place, home.companion.of(content)
        # Nothing hangs yet on what this write has just made.
        if not any(self.unit.session.is_made(uuid_in(value)) for value in said.values()):
            client = self.unit.deployment.registers[place.register]
            answer = client.call("GET", place.collection, params=[*said.items()])
            if answer.status != 200:
                return None
            if _rows(answer.body):
                self._only_one(home, content)
                return None
        yield Creation(place, said, companion=True)
        return content

    def _only_one(self, home: Home, content: Record) -> None:
        """Refused when the register has a record of this content, of which it takes no second one."""
        assert home.place is not None
        pair = next(each for each in home.pairs if each.to is not None and each.at[0] in content)
        assert pair.to is not None
        owner = uuid_in(content[pair.at[0]])
        session = self.unit.session
        rows = session.run(session.records.children(home.place, pair.at[0], pair.to, [owner]))
        if any(all(same_record(row.get(name), value) for name, value in content.items()) for row in rows):
            raise Refused(home.place.register, 400, {})

    def _companion_goes(self, home: Home, content: Record) -> None:
        assert home.companion is not None
        place, said = home.companion.place, home.companion.of(content)
        client = self.unit.deployment.registers[place.register]
        for row in _rows(client.call("GET", place.collection, params=[*said.items()]).body):
            own = client.identify(row.get("url", "")) if isinstance(row, dict) else None
            if own is not None:
                self.unit.delete_companion(place, own[1], said)


def _rows(body: Any) -> list[Any]:
    return body if isinstance(body, list) else (body or {}).get("results", [])
