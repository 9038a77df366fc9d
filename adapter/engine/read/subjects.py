"""Whose data resources hold: the paths that their mappings say, followed to data subjects.

What was shown has read most of what is asked here already. By what a data subject is known is looked up only
when it is itself among what is shown or written: then its identities have been read as well. Of any other the
uuid is enough, since looking up more would take a call for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.reads import Reads
from adapter.mapping.model import Resource
from adapter.mapping.paths import Path, get, meets
from adapter.processing import Subject


@dataclass(frozen=True, slots=True)
class Holder:
    """A resource that holds data: `values` are those that count, several while it changes.

    Nothing refers to one that is `new`; `body` is then what was sent, with what is nested in it.
    """

    resource: Resource
    uuid: str
    values: tuple[Mapping[str, Any], ...]
    new: bool = False
    body: Mapping[str, Any] | None = None


def shown(entry: Entry) -> Holder:
    """A resource as it is in an answer, or before it is deleted."""
    return Holder(entry.resource, entry.uuid, (entry.values,))


def written(draft: Draft) -> Holder:
    """A resource that is about to be written, as it is and as it will be."""
    before = draft.before.values if draft.before is not None else None
    values = (draft.intended,) if before is None else (before, draft.intended)
    return Holder(draft.resource, draft.uuid, values, new=before is None, body=draft.body)


def subjects_of(reads: Reads, holders: Iterable[Holder]) -> Read[list[Subject]]:
    """The data subjects of some resources, each once."""
    by_resource: dict[str, dict[str, Holder]] = {}
    for each in holders:
        by_resource.setdefault(each.resource.name, {})[each.uuid] = each
    uuids: dict[str, dict[str, None]] = {}
    asked = [
        _followed(reads, [*own.values()], path)
        for own in by_resource.values()
        for path in next(iter(own.values())).resource.concerns
    ]
    for name, found in (yield from gather(asked)):
        uuids.setdefault(name, {}).update(dict.fromkeys(found))
    subjects: list[Subject] = []
    for name, own in by_resource.items():
        if reads.resources[name].identities:
            known = yield from _identified(reads, reads.resources[name], [*own.values()])
            subjects += [known[uuid] for uuid in own if uuid in known]
            for uuid in known:
                uuids.get(name, {}).pop(uuid, None)
            # A new one has no uuid yet by which somebody could look for it.
            unknown = {uuid for uuid, each in own.items() if not each.new and uuid not in known}
            uuids.setdefault(name, {}).update(dict.fromkeys(unknown))
    subjects += [Subject(name, uuid, by_uuid=True) for name, found in uuids.items() for uuid in found]
    return list(dict.fromkeys(subjects))


def _followed(reads: Reads, holders: list[Holder], path: Path) -> Read[tuple[str, list[str]]]:
    """(resource, uuids) at the end of a path from resources of one kind."""
    resource, head = holders[0].resource, path[0]
    if head in resource.relations:
        there = [each.uuid for each in holders if not each.new]
        return (yield from _along(reads, resource, there, [], path))
    links = _references([values for each in holders for values in each.values], head)
    return (yield from _onward(reads, resource.members[head].to, links, path[1:]))


def _onward(reads: Reads, name: str, uuids: list[str], path: Path) -> Read[tuple[str, list[str]]]:
    """The same, from resources that something refers to."""
    if not path:
        return name, uuids
    resource = reads.resources[name]
    entries: list[Entry] = []
    if path[0] not in resource.relations:
        entries = list((yield from reads.get(name, uuids)).values())
    return (yield from _along(reads, resource, uuids, entries, path))


def _along(
    reads: Reads, resource: Resource, uuids: list[str], entries: list[Entry], path: Path
) -> Read[tuple[str, list[str]]]:
    """One step: by a relation from the uuids, by a reference from the resources themselves."""
    head, rest = path[0], path[1:]
    relation = resource.relations.get(head)
    if relation is None:
        to, links = resource.members[head].to, _references([each.values for each in entries], head)
        return (yield from _onward(reads, to, links, rest))
    rows = yield from reads.related(relation.resource, relation.member, uuids)
    other = reads.resources[relation.resource]
    if relation.take:
        links = _references([each.values for each in rows], relation.take)
        return (yield from _onward(reads, other.members[relation.take].to, links, rest))
    if not rest:
        return other.name, [each.uuid for each in rows]
    return (yield from _along(reads, other, [each.uuid for each in rows], rows, rest))


def _identified(reads: Reads, resource: Resource, holders: list[Holder]) -> Read[dict[str, Subject]]:
    """Uuid → by what it is known, of those data subjects that are known by something."""
    found: dict[str, Subject] = {}
    there = [each.uuid for each in holders if not each.new]
    for identity in resource.identities:
        relation = resource.relations[identity.among]
        rows = yield from reads.referring(relation.resource, relation.member, there)
        for each in holders:
            own: list[Any] = [row.values for row in rows.get(each.uuid, ())] if not each.new else []
            # What is nested in a body stands there in the served form.
            nested = (each.body or {}).get(identity.among) or ()
            for values in (*own, *(one for one in nested if isinstance(one, Mapping))):
                value = get(values, identity.value)
                if each.uuid not in found and value and meets(values, identity.where):
                    found[each.uuid] = Subject(identity.kind, str(value))
    return found


def _references(values: Iterable[Mapping[str, Any]], member: str) -> list[str]:
    """The uuids that some resources refer to with a member, each once."""
    found: dict[str, None] = {}
    for each in values:
        link = each.get(member)
        links = link if isinstance(link, list) else [link]
        found.update(dict.fromkeys(one["uuid"] for one in links if isinstance(one, Mapping)))
    return list(found)
