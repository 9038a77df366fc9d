"""What a write concerns: the names of the locks that it holds; see `adapter.state.locks`.

A name is a uuid, or stands for a value that only one resource may have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from adapter.engine.entities.draft import Draft, bare
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import slot_owner, uuids_in
from adapter.engine.gateway.scheduler import first_round
from adapter.engine.read.hydration import refers
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.recovery import Recovery
from adapter.engine.unit_of_work import UnitOfWork
from adapter.mapping.constructs.rules import UniqueTogether
from adapter.mapping.model import Resource
from adapter.mapping.paths import filled
from adapter.state.errors import StateUnavailable
from adapter.state.fences import NAMES
from adapter.state.locks import numbers

# Each time a write turned out to concern more, which somebody else was writing to.
ATTEMPTS = 8


@contextmanager
def all_alone[T](
    unit: UnitOfWork,
    names: set[str],
    look: Callable[[], tuple[T, set[str]]],
    glance: Callable[[], set[str]] = set,
) -> Iterator[T]:
    """Be alone with all that a write concerns, in all replicas.

    `look` reads what it writes to and tells the names of all that it concerns; with more locks all is read
    anew. So that this is seldom needed `glance` comes first, which tells from a first call what it probably
    concerns. While some are held nobody waits for others: when one of those is taken, all are let go, and
    taken together. Raises StateUnavailable when that happens again and again.
    """
    for _ in range(ATTEMPTS):
        with ExitStack() as stack, Recovery(unit.deployment).hold(numbers(names)) as (held, _):
            unit.begin(held, stack)
            names = names | glance()
            more = numbers(names).difference(unit.stripes)
            while not more or _held_too(unit, more):
                found, concerned_now = look()
                names = names | concerned_now
                more = numbers(names).difference(unit.stripes)
                if not more:
                    yield found
                    return
    raise StateUnavailable


def _held_too(unit: UnitOfWork, more: set[int]) -> bool:
    """Hold these locks too, unless somebody else holds one, or left a write that concerns one."""
    deployment = unit.deployment
    with ExitStack() as taken:
        if not all(deployment.state.locks.hold_free(taken, NAMES, each) for each in sorted(more)):
            return False
        if Recovery(deployment).in_the_way(more):
            return False
        unit.held.push(taken.pop_all())
    unit.begin([*unit.stripes, *more], unit.held)
    return True


def concerned(draft: Draft) -> set[str]:
    """What a write concerns: resources that it names or named, values that must be unique, before and after.

    What the same write makes is nobody else's concern.
    """
    before = draft.before.values if draft.before is not None else {}
    named = {*uuids_in(draft.body), *uuids_in(before)}
    if draft.before is not None:
        named.add(draft.uuid)
    was, will = (unique_names(draft.resource, values, draft.given) for values in (before, draft.intended))
    # A unique value that stays is safe: it is there.
    return (named - draft.given) | (was ^ will)


def named_by(repository: Repository, resource: Resource, uuid: str) -> set[str]:
    """The uuids of what a resource hangs on and refers to, as far as that can be seen without more calls.

    Only calls are made that reading the resource makes first. An embedded value names the record that it
    stands in.
    """
    session = repository.session
    session.run(first_round(repository.reads.get(resource.name, [uuid])))
    if uuid[14] in resource.slots:
        found = {slot_owner(uuid)[0]}
    else:
        found = {
            owner
            for home in resource.homes.values()
            if home.place is not None
            for record in session.run(session.records.get(home.place, [uuid])).values()
            for pair in home.pairs
            if pair.to is not None and (owner := refers(pair, record))
        }
    for stored in session.run(session.objects.get(session.objects.read([uuid]))).values():
        found |= {*uuids_in(stored.data), *session.objects.hangs_on(stored).values()}
    return found


def held_by(entry: Entry) -> set[str]:
    """What the end of a resource concerns."""
    return {entry.uuid, *uuids_in(entry.values)} | unique_names(entry.resource, entry.values)


def unique_name(resource: Resource, member: str, value: Any) -> str:
    """The lock of a value that no two resources may have."""
    return f"{resource.name}.{member}={value}"


def unique_names(
    resource: Resource, values: Mapping[str, Any], given: frozenset[str] = frozenset()
) -> set[str]:
    """The locks of those of these values that no two resources may have.

    Not of what refers to one that the same write makes, of which `given` has the uuid.
    """
    if not values:
        return set()
    found = {
        unique_name(resource, name, value)
        for name, member in resource.members.items()
        if member.unique and filled(value := values.get(name))
    }
    for rule in resource.rules:
        if isinstance(rule, UniqueTogether):
            same = bare(value for _, value in rule.values(values))
            if same and given.isdisjoint(each for each in same if isinstance(each, str)):
                found.add(f"{resource.name}.{list(map('.'.join, rule.members))}={same}")
    return found
