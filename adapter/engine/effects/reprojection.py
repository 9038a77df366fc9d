"""After a write: tell register clients anew what has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from adapter.engine.entities.annotations import TOLD, noting, projection
from adapter.engine.entities.entry import Entry, unkept
from adapter.engine.placement.store import Store
from adapter.engine.read.embedded_values import is_ours
from adapter.engine.read.repository import Repository
from adapter.engine.unit_of_work import Change
from adapter.mapping import codecs
from adapter.mapping.model import Telling
from adapter.mapping.paths import copied, get


def retell(store: Store, changed: Sequence[Entry], going: Collection[str] = ()) -> None:
    """Write what records tell of resources that were written; not into those that are `going` away.

    A register that refuses is counted: what is told is for register clients only.
    """
    changes: dict[tuple[str, str], Change] = {}
    for entry in changed:
        for each in store.repository.mappings.tellings.get(entry.resource.name, ()):
            for target in _tellers(store.repository, each, entry):
                if target.home.name != each.home.name or target.uuid in going:
                    continue
                if (change := _told(store, target, each)) is not None:
                    changes[target.uuid, each.projection.at] = change
    if changes:
        of = [at for _, at in changes]
        for number, refused in store.unit.patch_records([*changes.values()]):
            store.unit.deployment.count(f"refused.{refused.register}.{of[number]}")


def _tellers(repository: Repository, telling: Telling, entry: Entry) -> Iterable[Entry]:
    """The resources in whose records something is told of this one."""
    uuids = entry.references(telling.member)
    if telling.between is not None:
        name, member = telling.between
        rows = repository.get(name, uuids).values()
        uuids = [uuid for each in rows for uuid in each.references(member)]
    if telling.by:
        return repository.related(telling.owner.name, telling.by, uuids)
    return repository.get(telling.owner.name, uuids).values()


def _told(store: Store, target: Entry, telling: Telling) -> Change | None:
    """Stage what an object tells; the change of a record that tells something else than it should."""
    at, unit = telling.projection.at, store.unit
    value, of = store.objects.projections.told(
        target.resource, telling.projection, target.values, target.uuid
    )
    if get(target.record, (at,)) == value or _is_read(store.repository, target, at, value):
        return None
    if target.home.place is not None:
        return target.home.place, target.uuid, {(at,): value}, target.record
    if target.home.kind == "object" and target.stored is not None and is_ours(target):
        data = copied(target.stored.data)
        data[at] = value
        noted = {**target.notes.projected, at: projection(of, codecs.fingerprint(value))}
        unit.put_object(target.stored, noting(target.home, data, TOLD, noted))
    return None


def _is_read(repository: Repository, target: Entry, at: str, value: Any) -> bool:
    """Whether a record of a register client reads from this place, and would then read otherwise."""
    return any(
        each.read(target.record.get(each.at)) != each.read(value)
        and unkept(repository.related(resource.name, each.of, [target.uuid]), home, each.member)
        for resource in repository.mappings.resources.values()
        for home in resource.homes.values()
        for each in home.legacy
        if each.at == at and resource.members[each.of].to == target.resource.name
    )
