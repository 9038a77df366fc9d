"""Remove orphans: objects of ours whose owner, a record, a register client has deleted.

A register client does not know of the objects that hang on the record that it deletes. An object is removed
when its register has answered 404 for the owner twice, at least a day apart. Any other answer (401, 403, 5xx,
another host) proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from adapter.engine.deployment import Deployment
from adapter.engine.entities.annotations import SUPPLEMENT, Annotations
from adapter.engine.entities.identity import slot_owner, uuid_in
from adapter.engine.entities.stored_object import OBJECTS, StoredObject
from adapter.engine.gateway import answers
from adapter.engine.gateway.answers import OBJECTS_PER_PAGE, RECORDS_PER_PAGE
from adapter.engine.gateway.session import Session
from adapter.engine.unit_of_work import UnitOfWork
from adapter.engine.write.commands import Commands
from adapter.errors import Invalid, NotFound
from adapter.mapping.model import Home, Member, Place, Resource
from adapter.mapping.references import plain
from adapter.state.fences import NAMES

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Owner:
    """The resource that an object belongs to; `key` is the path at which the object has its URL."""

    resource: Resource
    uuid: str
    key: str


@dataclass(slots=True)
class Swept:
    """How many objects were looked at, wait for their second 404, and were removed."""

    seen: int = 0
    waiting: int = 0
    removed: int = 0


class OrphanSweep:
    """One search for orphans; `now` is in seconds since 1970. Raises RegisterError when a register fails."""

    def __init__(self, deployment: Deployment, now: float | None = None) -> None:
        self.deployment = deployment
        self.now = time.time() if now is None else now
        self._there: dict[Place, set[str]] = {}
        self._gone: dict[tuple[str, str], bool] = {}

    def run(self) -> Swept:
        """Look at every object of a type of our own, and remove the orphans among them."""
        orphans = self.deployment.state.orphans
        swept, noted = Swept(), orphans.noted()
        for home, stored in self._objects():
            swept.seen += 1
            if not any(self._is_gone(owner, stored) for owner in self._owners(home, stored)):
                continue
            noted.discard(stored.uuid)
            if orphans.missing(stored.uuid, self.now) < DAY:
                swept.waiting += 1
            elif self._removed(home, stored):
                swept.removed += 1
        for uuid in noted:
            orphans.forget(uuid)
        return swept

    # what there is

    def _objects(self) -> Iterator[tuple[Home | None, StoredObject]]:
        """Every object of a type of our own, with its home; None stands for a sidecar."""
        types: dict[str, Home | None] = {SUPPLEMENT: None}
        for resource in self.deployment.mappings.resources.values():
            for home in resource.homes.values():
                # Objects in a shape that register clients use stay: those clients see them, and decide.
                if home.kind == "object" and not home.read_only and not (home.rest or home.pairs):
                    types[home.object_type] = home
        for name, of in types.items():
            if self.deployment.has(name):
                yield from ((of, stored) for stored in self._of_type(name))

    def _of_type(self, object_type: str) -> list[StoredObject]:
        found: dict[str, StoredObject] = {}
        session, number = Session(self.deployment), 1
        while True:
            count, rows = session.run(session.objects.page(object_type, [], "uuid", number, OBJECTS_PER_PAGE))
            found.update({each.uuid: each for each in rows})
            if number * OBJECTS_PER_PAGE >= count:
                return list(found.values())
            number += 1

    def _owners(self, home: Home | None, stored: StoredObject) -> Iterator[Owner]:
        resources = self.deployment.mappings.resources
        if home is None:
            notes = Annotations(stored.data)
            resource = resources.get(notes.kind)
            record = next((it for it in resource.homes.values() if it.place), None) if resource else None
            if resource is not None and record is not None:
                key = next((key for key, member in record.keys.items() if member == "self"), "")
                yield Owner(resource, notes.record, key)
            return
        for member in resources[home.resource].members.values():
            yield from self._owner(home, member, stored)

    def _owner(self, home: Home, member: Member, stored: StoredObject) -> Iterator[Owner]:
        value = stored.data.get(member.name)
        if member.to and member.when_deleted == "delete" and isinstance(value, dict) and value.get("uuid"):
            key = next((key for key, of in home.keys.items() if of == member.name), "")
            yield Owner(self.deployment.mappings.resources[member.to], value["uuid"], key)

    # whether an owner is gone

    def _is_gone(self, owner: Owner, stored: StoredObject) -> bool:
        url = stored.data.get(owner.key) if owner.key else None
        if url is not None and not self._is_named(owner, url):
            return False
        key = (owner.resource.name, owner.uuid)
        if key not in self._gone:
            self._gone[key] = self._nowhere(owner.resource, owner.uuid)
        return self._gone[key]

    def _is_named(self, owner: Owner, url: str) -> bool:
        """Whether the URL under which an object names its owner is one of a configured register."""
        place = self.deployment.mappings.keys[owner.key]
        found = self.deployment.registers[place.register].identify(plain(url))
        return found == (place.collection, owner.uuid.lower())

    def _nowhere(self, resource: Resource, uuid: str) -> bool:
        """Whether every home in which the resource could live has answered 404."""
        objects = False
        for home in resource.homes.values():
            if home.kind == "record" and home.place and not self._is_missing(home.place, uuid):
                return False
            if home.kind == "inside" and uuid[14:15] in home.slots:
                owner = self.deployment.mappings.resources[home.owner_resource]
                if not self._nowhere(owner, slot_owner(uuid)[0]):
                    return False
            objects = objects or home.kind == "object"
        return not objects or self._answers_404(Place(OBJECTS, OBJECTS), uuid)

    def _is_missing(self, place: Place, uuid: str) -> bool:
        if place not in self._there:
            self._there[place] = set(self._all(place))
        return uuid not in self._there[place] and self._answers_404(place, uuid)

    def _all(self, place: Place) -> Iterator[str]:
        """The uuids of a collection. That it can be listed proves that the register is there and answers."""
        number, count = 1, 1
        while (number - 1) * RECORDS_PER_PAGE < count:
            params = [("page", str(number))] if number > 1 else []
            answer = self.deployment.registers[place.register].call("GET", place.collection, params=params)
            if answer.status == 404 and number > 1:
                return
            count, rows, _ = answers.page(answer, place.register)
            yield from (uuid_in(row["url"]) for row in rows)
            number += 1

    def _answers_404(self, place: Place, uuid: str) -> bool:
        answer = self.deployment.registers[place.register].call("GET", f"{place.collection}/{uuid}")
        return answer.status == 404

    # removing

    def _removed(self, home: Home | None, stored: StoredObject) -> bool:
        """Delete an orphan as an API client would; False when it is gone already, or a rule keeps it."""
        if home is not None:
            try:
                resource = self.deployment.mappings.resources[home.resource]
                Commands(self.deployment, f"sweep {resource.name}").destroy(resource, stored.uuid)
            except (NotFound, Invalid):
                return False
        else:
            concerned = [Annotations(stored.data).record, stored.uuid]
            with ExitStack() as held:
                stripes = held.enter_context(self.deployment.state.locks.hold(NAMES, concerned))
                unit = UnitOfWork(self.deployment, "sweep aanvulling")
                unit.begin(stripes, held)
                try:
                    unit.delete_object(stored)
                    unit.finish()
                except BaseException:
                    unit.undo()
                    raise
        self.deployment.state.orphans.forget(stored.uuid)
        return True
