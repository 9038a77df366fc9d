"""Whether what a write refers to exists, with as few register calls as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.reads import Reads
from adapter.mapping.constructs.rules import KeptWhileNamed, OnlyOne, RequiredReference, Rule, UniqueTogether
from adapter.mapping.model import Home, Mappings, Member, Resource

Reference = tuple[Resource, Member, str]
"""Of a resource, by a member, to a uuid."""
Target = tuple[str, str]
"""(name of the kind, uuid)."""


def existing(reads: Reads, references: Iterable[Reference], listed: Iterable[Target]) -> Read[set[Target]]:
    """Those of the targets of references, and of those that a body lists, that exist.

    Where nothing of a target matters but that it is there, its record is enough.
    """
    whole: dict[str, set[str]] = {}
    for name, uuid in listed:
        whole.setdefault(name, set()).add(uuid)
    bare: dict[str, set[str]] = {}
    for resource, member, uuid in references:
        found = bare if _is_enough(reads, resource, member, uuid) else whole
        found.setdefault(member.to, set()).add(uuid)
    there = yield from gather(
        [
            *(
                _with_record(reads, name, sorted(uuids - whole.get(name, set())))
                for name, uuids in bare.items()
            ),
            *(_there(reads, name, sorted(uuids)) for name, uuids in whole.items()),
        ]
    )
    return set().union(*there)


def _there(reads: Reads, name: str, uuids: list[str]) -> Read[set[Target]]:
    return {(name, uuid) for uuid in (yield from reads.get(name, uuids))}


def _with_record(reads: Reads, name: str, uuids: list[str]) -> Read[set[Target]]:
    home = _record_home(reads.resources[name])
    assert home is not None and home.place is not None
    records = yield from reads.session.records.get(home.place, uuids)
    others = yield from _there(reads, name, [uuid for uuid in uuids if uuid not in records])
    return {(name, uuid) for uuid in records} | others


def _is_enough(reads: Reads, resource: Resource, member: Member, uuid: str) -> bool:
    """Whether a record tells enough: nothing of the target matters to the write but that it is there."""
    target = reads.resources[member.to]
    if _record_home(target) is None or uuid[14] in target.slots or member.must is not None:
        return False
    looked_at = reads.deployment.planned(
        ("looked at", resource.name), lambda: _looked_at(reads.mappings, resource)
    )
    return member.name not in looked_at


def _record_home(resource: Resource) -> Home | None:
    """The home in which a record is the resource, whatever else is known of it."""
    if resource.needed:
        return None
    return next((home for home in resource.homes.values() if home.kind == "record"), None)


def _looked_at(mappings: Mappings, resource: Resource) -> set[str]:
    """The references of a resource that rules, mirrors, keys or what is told to register clients follow."""
    found = {name for rule in resource.rules for name in _followed(rule)}
    for home in resource.homes.values():
        found |= {slot.owner[0] for each in home.mirrors if (slot := resource.homes[each.slot]).owner}
        found |= {member.partition(".")[0] for member in home.keys.values() if "." in member}
        found |= {each.source.reference for each in home.projections}
    return found | {each.member for each in mappings.tellings.get(resource.name, ())}


def _followed(rule: Rule) -> Iterable[str]:
    """The members of which a rule looks at what they refer to, or at what else refers there."""
    match rule:
        case RequiredReference():
            return [rule.member]
        case OnlyOne():
            return rule.per
        case UniqueTogether():
            return [path[0] for path in rule.members]
        case KeptWhileNamed():
            return [rule.by]
    return []
