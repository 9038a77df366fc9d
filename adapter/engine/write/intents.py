"""What a write intends: the whole served record as it should read afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.engine.entities.clock import now, today
from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.mapping import translate
from adapter.mapping.constructs.rules import Stamp
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import MISSING, copied, filled

Values = dict[str, Any]


def sent(resource: Resource, body: Mapping[str, Any]) -> Values:
    """A body as it is meant: null for a list of links is no links, null for nested resources leaves them."""
    meant = dict(body)
    for name, relation in resource.relations.items():
        if relation.write and name in meant and meant[name] is None:
            if relation.write == "link":
                meant[name] = []
            else:
                del meant[name]
    return meant


def new(resource: Resource, body: Mapping[str, Any]) -> Values:
    """The record that a create with this body intends."""
    values = translate.absent(resource)
    for name, member in resource.members.items():
        if member.absent.kind == "now":
            values[name] = now()
    for name, member in resource.members.items():
        # The group of a variant is there only when it is sent.
        if member.by and name not in body:
            values[name] = copied(member.absent.value)
    values = _merged(resource, values, body)
    for name, member in resource.members.items():
        if member.if_null == "today" and values.get(name) is None:
            values[name] = today()
    return translate.settle(resource, values)


def changed(entry: Entry, body: Mapping[str, Any], *, partial: bool) -> tuple[Values, Mapping[str, Any]]:
    """(the record that a change with this body intends, groups of other variants that are kept aside)."""
    resource = entry.resource
    values = copied(entry.values)
    if not partial:
        resets = {
            name: member.resets for name, member in resource.members.items() if member.resets is not MISSING
        }
        values.update(resets)
    aside = dict(entry.notes.variants)
    for name, member in resource.members.items():
        if not member.by:
            continue
        old, chosen = values.get(member.by), body.get(member.by, values.get(member.by))
        if chosen != old:
            kept = dict(aside.get(name) or {})
            if values.get(name) is not None:
                kept[str(old)] = values[name]
            values[name] = copied(kept.pop(str(chosen), None))
            aside[name] = kept
    # A number that the client read, and that was computed: sent back, it changes nothing.
    lacking = {name for name, member in resource.members.items() if member.numbers is not None}
    lacking = {name for name in lacking & body.keys() if not filled(entry.values.get(name))}
    said = {
        name: value for name, value in body.items() if name not in lacking or value != entry.served((name,))
    }
    return _unchanged(_merged(resource, values, said), entry.values), aside


def _unchanged(value: Any, before: Any) -> Any:
    """The value, in which what was read and only lost the space around it stays as it was.

    Texts are trimmed when they are sent, and a register may hold some that are not.
    """
    if isinstance(value, dict) and isinstance(before, dict):
        return {name: _unchanged(each, before.get(name)) for name, each in value.items()}
    if isinstance(value, str) and isinstance(before, str) and value == before.strip():
        return before
    return value


def _merged(resource: Resource, values: Values, body: Mapping[str, Any]) -> Values:
    sent = {name: body[name] for name in resource.members if name in body}
    chosen = {**values, **sent}
    for name, value in sent.items():
        member = resource.members[name]
        if member.by and value == {}:
            continue
        if member.read_only or member.computed is not None:
            continue
        if member.numbers is not None and not filled(value):
            # There is always a number: none means the one that it has, or is given.
            continue
        if member.absent.kind == "now" and value is None:
            value = now()
        if member.absent.kind == "left_out" and value is None:
            # Of a member that is not there when it has no value, null says that it has none.
            values.pop(name, None)
            continue
        values[name] = normal(member, value, chosen)
    for name, value in sent.items():
        computed = resource.members[name].computed
        if (
            computed is not None
            and computed[0] == "first_of"
            and value is not None
            and not sent.get(computed[1])
        ):
            values[computed[1]] = [value]
    return values


def normal(member: Member, value: Any, values: Mapping[str, Any]) -> Any:
    """A member's value with every member of its groups present."""
    inner = member.variants.get(values.get(member.by, ""), {}) if member.by else member.members
    if not inner:
        return _once(value) if member.many and value else value
    if value is None:
        return copied(member.empty) if member.null_is_empty else None
    return {
        name: normal(each, value.get(name, copied(each.absent.value)), values)
        for name, each in inner.items()
        if each.computed is None
    }


def _once(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each link once, in the order sent."""
    return list({each["uuid"]: each for each in links if "uuid" in each}.values())


def stamp(draft: Draft) -> None:
    """Set, or clear, the instant that goes with a state."""
    for each in draft.resource.stamps:
        name = each.member
        if not each.holds(draft.intended):
            draft.intended[name] = draft.intended[name] if filled(draft.body.get(name)) else None
        elif not filled(draft.intended.get(name)) and not _stays_without(draft, each):
            draft.intended[name] = now()


def _stays_without(draft: Draft, stamp: Stamp) -> bool:
    """Whether a register client brought it there without an instant, and what was read is written back.

    What nobody can change here is always written back as it was read.
    """
    before, body = draft.before, draft.body
    sent_back = stamp.member in body or not any(path[0] in body for path, _ in stamp.when)
    return before is not None and draft.intended == before.values and (sent_back or bool(before.fixed))
