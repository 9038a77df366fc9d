"""Find the records in whose slots a resource may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.records import Job
from adapter.engine.spellings import naming
from adapter.mapping.model import Home, Place
from adapter.mapping.paths import Path

if TYPE_CHECKING:
    from adapter.engine.read.repository import Repository


class Owners:
    """Finds owners for one request."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def of(self, home: Home, member: str, uuids: list[str]) -> list[Entry] | None:
        """The owners in which a slot can refer to these uuids with `member`; None when a slot never does."""
        if home.owner is not None and home.owner[0] == member:
            return self._owners_by(home, home.owner[1], uuids)
        pair = home.pair_of.get((member,))
        if pair is not None and pair.to is not None:
            operator, texts = self._naming(home, pair.to, uuids)
            return self.at(home, pair.at, texts, operator)
        for known in home.known:
            if known.served == (member,):
                entries = self.repository.get(known.resource, uuids).values()
                keys = [key for each in entries if (key := self.repository.naming.key_of(each))]
                slot = self.repository.resource(known.resource).homes[known.home]
                named = self._at(home, slot.each, slot.known_at, keys)
                return [*(each.owner for each in entries if each.owner), *named]
        return None

    def _owners_by(self, home: Home, by: str, uuids: list[str]) -> list[Entry]:
        if by == "self":
            return list(self.repository.get(home.owner_resource, uuids).values())
        if "." not in by:
            return self.repository.related(home.owner_resource, by, uuids)
        resource, _, home_name = by.partition(".")
        between = self.repository.resource(resource).homes[home_name]
        assert between.owner is not None
        member, through = between.owner
        links = [
            uuid for each in self.repository.get(resource, uuids).values() for uuid in each.references(member)
        ]
        found = self.repository.related(between.owner_resource, through, links)
        return [*found, *self._left(between, uuids, {each.uuid for each in found})]

    def _left(self, slot: Home, uuids: list[str], found: set[str]) -> list[Entry]:
        """The records that resources stood in which have left them since: their uuid still says so."""
        owners = [owner for uuid in uuids for owner, own in [slot_owner(uuid)] if own in slot.slots]
        missing = [each for each in owners if each not in found]
        return list(self.repository.get(slot.owner_resource, missing).values())

    def first_jobs(self, home: Home, member: str, uuids: list[str]) -> list[Job]:
        """The first calls that `of` needs when a slot itself says what it refers to."""
        pair = home.pair_of.get((member,))
        if pair is None or pair.to is None or (home.owner is not None and home.owner[0] == member):
            return []
        operator, texts = self._naming(home, pair.to, uuids)
        return self.jobs_at(home, pair.at, texts, operator)

    def _naming(self, home: Home, place: Place, uuids: list[str]) -> tuple[str, list[str]]:
        """(operator, texts) of a search for the owners that name one of these records in a slot."""
        if not uuids or (self.in_objects(home) and home.each):
            return "in", uuids  # a list is searched for a part of its text anyhow
        if self.in_objects(home):
            return naming(self.repository.deployment.registers[place.register], place, uuids)
        return "in", [url for uuid in uuids for url in self.repository.deployment.names(place, uuid)]

    def jobs_at(self, home: Home, at: Path, values: list[str], operator: str = "in") -> list[Job]:
        """The first calls that `at` needs."""
        resource = self.repository.resource(home.owner_resource)
        owner_home = resource.homes[home.owner_home]
        if not values:
            return []
        if owner_home.kind == "object":
            if home.each:
                return []
            name = "__".join(at)
            return self.repository.session.objects.found_jobs(owner_home.object_type, name, values, operator)
        assert owner_home.place is not None
        search = self.repository.mappings.collections[owner_home.place].search
        parameter = search.get(".".join((*home.each, *at)))
        if parameter is None:
            return []
        return self.repository.session.records.where_jobs(owner_home.place, parameter, values)

    def at(self, home: Home, at: Path, values: list[str], operator: str = "in") -> list[Entry]:
        """The owners with one of these texts at `at`; all of them where the register cannot say."""
        return self._at(home, home.each, at, values, operator)

    def _at(self, home: Home, each: Path, at: Path, values: list[str], operator: str = "in") -> list[Entry]:
        """As `at`; where that is a path in `each` item of a list, in any of them."""
        if not values:
            return []
        resource = self.repository.resource(home.owner_resource)
        owner_home = resource.homes[home.owner_home]
        if owner_home.kind == "object":
            return self.repository.hydration.objects(
                resource, owner_home, self._owner_objects(owner_home, each, at, values, operator)
            )
        assert owner_home.place is not None
        parameter = self.repository.mappings.collections[owner_home.place].search.get(".".join((*each, *at)))
        if parameter is None:
            return self.repository.every(home.owner_resource)
        rows = self.repository.session.records.where(owner_home.place, parameter, values)
        return self.repository.hydration.records(resource, owner_home, rows)

    def in_objects(self, home: Home) -> bool:
        """Whether a slot's owners are objects, so that a part of a text can be searched for."""
        return self.repository.resource(home.owner_resource).homes[home.owner_home].kind == "object"

    def containing(self, home: Home, at: Path, part: str) -> list[Entry]:
        """The owners, which are objects, with this part of a text at `at`."""
        resource = self.repository.resource(home.owner_resource)
        owner_home = resource.homes[home.owner_home]
        found = self.repository.session.objects.found(
            owner_home.object_type, "__".join(at), [part], "icontains"
        )
        return self.repository.hydration.objects(resource, owner_home, found)

    def _owner_objects(
        self, owner_home: Home, each: Path, at: Path, values: list[str], operator: str
    ) -> list[StoredObject]:
        objects = self.repository.session.objects
        if each:
            return objects.listing(owner_home.object_type, "__".join(each), values)
        return objects.found(owner_home.object_type, "__".join(at), values, operator)
