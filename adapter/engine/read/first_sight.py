"""What a resource names, told from its own record or object alone, before anything else is read."""

from __future__ import annotations

from adapter.engine.entities.identity import slot_owner, uuids_in
from adapter.engine.gateway.scheduler import first_round
from adapter.engine.read.hydration import refers
from adapter.engine.read.repository import Repository
from adapter.mapping.model import Resource


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
