"""An object that moves into a register: once it has what the record there is made of, which comes later.

It keeps its uuid: the record gets an alias, under which the registers show it from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.engine.effects import mirrors
from adapter.engine.entities.annotations import CREATED
from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import OBJECTS, Record
from adapter.engine.placement.register_records import New, RegisterRecords
from adapter.engine.placement.sidecar import keys_of, put_supplement
from adapter.engine.transaction.creations import Plan, carry_out
from adapter.engine.unit_of_work import Refused
from adapter.engine.write.writes import Writes
from adapter.errors import Invalid, Problem
from adapter.gathering.store import ALIAS, ObjectStore
from adapter.mapping import translate
from adapter.mapping.model import Home, Resource


def move_into_register(writes: Writes, draft: Draft) -> None:
    """Move the object that a resource will belong to, when its record can be made of that."""
    for resource in writes.repository.mappings.resources.values():
        for home in resource.homes.values():
            if home.becomes:
                _before(writes, draft, resource, home)


def _before(writes: Writes, draft: Draft, resource: Resource, home: Home) -> None:
    target = resource.homes[home.becomes]
    assert target.made_of is not None
    relation = resource.relations[target.made_of.relation]
    link = draft.intended.get(relation.member) if draft.resource.name == relation.resource else None
    owner = writes.repository.one(resource.name, link["uuid"]) if link else None
    body = {relation.name: [draft.intended]}
    if owner is not None and owner.home is home and target.made_of.of(body) is not None:
        _become(writes, owner, target, body)


def _become(writes: Writes, owner: Entry, target: Home, body: Mapping[str, Any]) -> None:
    repository, unit = writes.repository, writes.unit
    record = _made(writes, owner, target, body)
    _keep_alias(writes, owner.uuid, target)
    data: Record = translate.supplement(owner.resource, target, owner.values, record)
    if data:
        data |= {CREATED: owner.created, **keys_of(repository, target, owner.uuid, owner.values)}
        put_supplement(unit, target, owner.uuid, data, None)
    assert owner.stored is not None
    unit.delete_object(owner.stored)
    for other in repository.mappings.resources.values():
        slots = (other.homes[each.slot] for home in other.homes.values() for each in home.mirrors)
        if any(slot.owner_resource == owner.resource.name for slot in slots):
            mirrors.settle(writes.store, other, [owner.uuid])


def _keep_alias(writes: Writes, served: str, target: Home) -> None:
    """Write the alias as an object too, by which it is noted again when the state is lost.

    Like the row of the state it is no step of the write: the record stays when that is taken back.
    """
    deployment, place = writes.repository.deployment, target.place
    assert deployment.aliases is not None
    assert place is not None
    record = deployment.aliases.records([served])[served]
    if record != served:
        versions = {ALIAS.uuid: deployment.types[ALIAS.name].version}
        store = ObjectStore(deployment.registers[OBJECTS], versions)
        store.put_alias(served, record, f"{place.register}/{place.collection}")


def _made(writes: Writes, owner: Entry, target: Home, body: Mapping[str, Any]) -> Record:
    """The record, which an attempt that was taken back may have made: registers see it by that uuid."""
    repository, unit = writes.repository, writes.unit
    assert target.place is not None
    assert target.made_of is not None
    there = unit.session.run(unit.session.records.get(target.place, [owner.uuid]))
    if owner.uuid in there:
        return there[owner.uuid]
    found: list[Record] = []

    def plan() -> Plan:
        new = New(owner.resource, owner.uuid, owner.values, body, served=owner.uuid)
        found.append((yield from RegisterRecords(repository, unit).record(target, new)))
        return owner.uuid

    try:
        carry_out([plan()], unit.make_together)
    except Refused:
        problem = Problem(target.made_of.relation, "not-in-register", target.made_of.refused)
        raise Invalid([problem]) from None
    unit.session.was_there(owner.uuid)
    return found[0]
