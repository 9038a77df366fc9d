"""Whom a client names that stands only in an old record becomes a resource by itself.

What stands in an old record is whatever an old client writes there next, and goes with the record. A
reference to it would come to mean somebody else, or nobody; one to an object of its own does not. Old records
that name the same key read as that object from then on.
"""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.draft import Draft, is_link
from adapter.engine.entities.entry import Entry
from adapter.engine.read.business_keys import key_of
from adapter.engine.write.writes import Writes
from adapter.mapping.codecs import short_identifier
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import copied, get


def register_named(writes: Writes, draft: Draft) -> None:
    """Let the draft name resources by themselves, in each reference that it makes or moves."""
    repository = writes.repository
    if repository.deployment.gathers is not None:
        return
    leaves = draft.before is not None and draft.before.home.kind == "inside"
    for member in draft.resource.members.values():
        if not member.to or not repository.resource(member.to).fixed_slots:
            continue
        if draft.changed((member.name,)) or (leaves and draft.changes):
            _name(writes, draft, member)


def _name(writes: Writes, draft: Draft, member: Member) -> None:
    """In one reference, or a list of them: an object in place of each that only an old record names."""
    target = writes.repository.resource(member.to)
    value = draft.intended.get(member.name)
    values: list[Any] = value if isinstance(value, list) else [value]
    links = [each for each in values if is_link(each)]
    fixed = [each["uuid"] for each in links if each["uuid"][14] in target.fixed_slots]
    if not fixed or target.known_by is None:
        return
    found = writes.repository.get(target.name, fixed)
    named = {
        uuid: {"uuid": _registered(writes, target, each)}
        for uuid, each in found.items()
        if each.home.kind == "inside" and each.home.read_only
    }
    if isinstance(value, list):
        # two that stand in old records may be one
        now = [named.get(each["uuid"], each) if is_link(each) else each for each in values]
        draft.intended[member.name] = [each for at, each in enumerate(now) if each not in now[:at]]
    else:
        draft.intended[member.name] = named.get(fixed[0], value)


def _registered(writes: Writes, target: Resource, entry: Entry) -> str:
    """The uuid of the object for whom stands in a record: that with the same key, else one that is made."""
    repository = writes.repository
    assert target.known_by is not None
    key = key_of(entry) or ""
    keys = list(dict.fromkeys((key, short_identifier(key), short_identifier(key, lambda _: True))))
    known = repository.by_key(target.name, filter(None, keys))
    if key in known:
        return known[key]
    there = repository.get(target.name, known.values())
    said = get(entry.values, target.known_by.of)
    for uuid, each in there.items():
        if get(each.values, target.known_by.of) == said:
            return uuid
    body = {name: copied(value) for name, value in entry.values.items() if name in target.members}
    return writes.make(writes.draft(target, body))
