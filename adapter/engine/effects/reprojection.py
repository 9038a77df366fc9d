"""After a write: tell register clients anew what has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from adapter.engine.entities.annotations import TOLD, projection
from adapter.engine.entities.entry import Entry
from adapter.engine.placement.projections import Projections
from adapter.engine.read.embedded_values import is_ours
from adapter.engine.read.repository import Repository
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.mapping import codecs
from adapter.mapping.model import Resource
from adapter.mapping.paths import copied, get


def matters(repository: Repository, resource: Resource, body: Mapping[str, Any]) -> bool:
    """Whether anything else follows from a write of this kind of resource."""
    nested = any(name in body and (each.write or each.make) for name, each in resource.relations.items())
    mirrored = any(home.mirrors for home in resource.homes.values())
    return nested or mirrored or Projections(repository).is_told(resource.name)


def retell(
    repository: Repository, unit: UnitOfWork, changed: Sequence[Entry], going: Collection[str] = ()
) -> None:
    """Write what records tell of resources that were written; not into those that are `going` away.

    A register that refuses is counted: what is told is for register clients only.
    """
    projections = Projections(repository)
    for entry in changed if any(projections.is_told(each.resource.name) for each in changed) else ():
        for target, each in projections.told_by(entry):
            if target.uuid in going:
                continue
            value, of = projections.told(target.resource, each, target.values, target.uuid)
            if get(target.record, (each.at,)) == value or projections.is_read(target, each, value):
                continue
            if target.home.kind == "object" and target.stored is not None:
                if is_ours(target):
                    data = copied(target.stored.data)
                    data[each.at] = value
                    noted = {**target.notes.projected, each.at: projection(of, codecs.fingerprint(value))}
                    data = target.notes.noting(TOLD, noted).within(target.home, data)
                    unit.put_object(target.stored, data)
            elif target.home.place is not None:
                try:
                    unit.patch_record(target.home.place, target.uuid, {(each.at,): value}, target.record)
                except Refused as refused:
                    unit.deployment.count(f"refused.{refused.register}.{each.at}")
