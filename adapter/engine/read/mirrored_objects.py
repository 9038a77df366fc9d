"""The objects that are mirrored in a slot: which of them there are, and what each put there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from adapter.engine.entities.annotations import mirrors_in
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.gateway.scheduler import Read
from adapter.engine.read.list_items import items, placed
from adapter.engine.read.resources import Resources
from adapter.mapping import translate
from adapter.mapping.model import DoesNotFit, Home
from adapter.mapping.paths import filled, get, put_apart


def mirrored_in(reads: Resources, slot: Home, owner: Entry) -> Read[dict[str, tuple[StoredObject, str]]]:
    """uuid → (the object, what it remembers) of all that say that they stand in this slot."""
    resource = reads.resources[slot.resource]
    own = next(each for each in resource.homes.values() if each.kind == "object" and not each.read_only)
    key = owner.home.key_for["self"]
    found = yield from reads.session.objects.hanging(key, [owner.uuid], own.object_type)
    return {each.uuid: (each, text) for each in found if (text := mirrors_in(own, each.data).get(slot.name))}


def places_in(
    reads: Resources, slot: Home, owner: Entry, also: Mapping[str, str] | None = None
) -> Read[dict[str, int]]:
    """Which item of a list each object that is mirrored there is; `also` are claims of others."""
    found = yield from mirrored_in(reads, slot, owner)
    claims = {uuid: text for uuid, (_, text) in found.items()}
    return placed(slot, items(slot, owner.record), {**(also or {}), **claims})


def take_over(reads: Resources, entry: Entry, slot: Home, record: Record) -> None:
    """Let a mirrored resource have the values that stand in its slot."""
    nothing = translate.absent(entry.resource)
    before = dict(entry.values)
    for pair in slot.pairs:
        value = get(record, pair.at)
        try:
            served = pair.read(value) if filled(value) else get(nothing, pair.served)
            put_apart(entry.values, pair.served, served)
        except DoesNotFit:
            reads.deployment.count("mirror_does_not_fit")
    _fall(entry, before, {pair.served[0] for pair in slot.pairs})


def _fall(entry: Entry, before: Mapping[str, Any], said: Collection[str]) -> None:
    """Let go what was said of a value that is another now; but not what the slot has `said` itself."""
    nothing = translate.absent(entry.resource)
    changed = {name for name in said if entry.values.get(name) != before.get(name)}
    for name, member in entry.resource.members.items():
        if member.about in changed and name not in said:
            entry.values[name] = nothing[name]
    translate.unstamped(entry.resource, entry.values)
