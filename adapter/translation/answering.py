"""Which of the problems of a body are told, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapter.errors import Problem
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import get, parse
from adapter.openapi.checked import Checked
from adapter.translation.entries import Entry


def in_order(resource: Resource, problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the specification's members."""
    order = {name: number for number, name in enumerate(resource.shown)}
    return sorted(problems, key=lambda each: order.get(each.name.partition(".")[0], len(order)))


def but_variants(resource: Resource, problems: list[Problem]) -> list[Problem]:
    """The problems but those of the group of a variant, which is looked at when all else is right."""
    return [each for each in problems if not _chooser(resource, each.name)] or problems


def not_as_served(entry: Entry, checked: Checked) -> list[Problem]:
    """The problems but those of values that the client sends back as they were served."""
    return [each for each in checked.problems if not _as_served(entry, checked, each.name)]


def _as_served(entry: Entry, checked: Checked, name: str) -> bool:
    if name not in checked.rejected:
        return False
    by = _chooser(entry.resource, name)
    if by and (name in entry.resource.members or _changes(entry, by, checked.value)):
        # A variant's group is never null for a client, and what fitted one variant need not fit another.
        return False
    return bool(get(entry.values, parse(name)) == checked.rejected[name])


def _chooser(resource: Resource, name: str) -> str:
    """The member that chooses the variant of a group, when a problem is of one."""
    member: Member | None = resource.members.get(name.partition(".")[0])
    return member.by if member is not None else ""


def _changes(entry: Entry, name: str, body: dict[str, Any]) -> bool:
    return name in body and body[name] != entry.values.get(name)
