"""Whom a client names that stands only in an old record becomes a resource by itself.

What stands in an old record is whatever an old client writes there next, and goes with the record. A
reference to it would come to mean somebody else, or nobody; one to an object of its own does not. Old records
that name the same key read as that object from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.engine.entities.draft import Draft, is_link
from adapter.engine.entities.entry import Entry
from adapter.engine.read.business_keys import key_of
from adapter.engine.read.repository import Repository
from adapter.engine.write.locks import unique_name
from adapter.engine.write.writes import Writes
from adapter.mapping.codecs import short_identifier
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import copied, get
from adapter.openapi.formats import canonical_uuid


def keys_named(repository: Repository, draft: Draft) -> set[str]:
    """The names of the locks of the keys of those that the draft lets become resources.

    Of several old records with one key, whoever names the second waits, and then finds the resource that
    was made of the first.
    """
    return {
        unique_name(target, ".".join(target.known_by.of), key)
        for _, target, found in _named(repository, draft)
        for entry in found.values()
        for key in _keys(entry)
        if target.known_by is not None
    }


def register_named(writes: Writes, draft: Draft) -> None:
    """Let the draft name resources by themselves, in each reference that it makes or moves."""
    for member, target, found in list(_named(writes.repository, draft)):
        named = {uuid: {"uuid": _registered(writes, target, each)} for uuid, each in found.items()}
        value = draft.intended[member.name]
        if isinstance(value, list):
            # two that stand in old records may be one
            now = [named.get(each["uuid"], each) if is_link(each) else each for each in value]
            draft.intended[member.name] = [each for at, each in enumerate(now) if each not in now[:at]]
        else:
            draft.intended[member.name] = named.get(value["uuid"], value)


def _named(repository: Repository, draft: Draft) -> Iterator[tuple[Member, Resource, Mapping[str, Entry]]]:
    """The references that the draft makes or moves, and those in each that stand only in an old record."""
    if repository.deployment.gathers is not None:
        return
    leaves = draft.before is not None and draft.before.home.kind == "inside"
    for member in draft.resource.members.values():
        if not member.to or not (draft.changed((member.name,)) or (leaves and draft.changes)):
            continue
        target = repository.resources[member.to]
        value: Any = draft.intended.get(member.name)
        uuids = [each["uuid"] for each in (value if isinstance(value, list) else [value]) if is_link(each)]
        # a client may have sent what is no uuid, or one in another form
        fixed = [each for each in uuids if canonical_uuid(each) == each and each[14] in target.fixed_slots]
        if fixed and target.known_by is not None:
            entries = repository.get(target.name, fixed)
            kept = {
                uuid: each
                for uuid, each in entries.items()
                if each.home.kind == "inside" and each.home.read_only
            }
            yield member, target, kept


def _keys(entry: Entry) -> list[str]:
    """The key of who stands in an old record, and what it is where a key has to be short."""
    key = key_of(entry) or ""
    keys = (key, short_identifier(key), short_identifier(key, lambda _: True))
    return [each for each in dict.fromkeys(keys) if each]


def _registered(writes: Writes, target: Resource, entry: Entry) -> str:
    """The uuid of the object for whom stands in a record: that with the same key, else one that is made."""
    repository = writes.repository
    assert target.known_by is not None
    keys = _keys(entry)
    known = repository.by_key(target.name, keys)
    if keys and keys[0] in known:
        return known[keys[0]]
    there = repository.get(target.name, known.values())
    said = get(entry.values, target.known_by.of)
    for uuid, each in there.items():
        if get(each.values, target.known_by.of) == said:
            return uuid
    body = {name: copied(value) for name, value in entry.values.items() if name in target.members}
    return writes.make(writes.draft(target, body))
