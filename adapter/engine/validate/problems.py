"""Which of the problems of a body are told, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.errors import Problem
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import Path, get, parse
from adapter.openapi.checked import Checked

# Problems that are told when its turn comes, by list and by the number of the item.
Late = Mapping[str, Mapping[int, list[Problem]]]


def in_order(resource: Resource, problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the specification's members, and of the items of a list."""
    return sorted(problems, key=lambda each: _turn(resource, each.path))


def _turn(resource: Resource, path: str) -> list[int]:
    """When a member has its turn: how many come before it, part by part of its path.

    Within what the specification does not name, such as a map, all have theirs as they were sent.
    """
    turn: list[int] = []
    names: Path = ()
    for part in path.split("."):
        item = part.isdecimal() and (*names, "*") in resource.places
        names = (*names, "*" if item else part)
        if names not in resource.places:
            return [*turn, len(resource.places)]
        turn.append(int(part) if item else resource.places[names])
    return turn


def but_variants(resource: Resource, problems: list[Problem]) -> list[Problem]:
    """The problems but those of the group of a variant, which is looked at when all else is right."""
    return [each for each in problems if not _chooser(resource, each.name)] or problems


def put_off(resource: Resource, problems: list[Problem]) -> tuple[list[Problem], Late]:
    """(the problems that are told at once, those that are told later) of a body that may leave members out.

    What comes nested in it may too, and misses them as a resource by itself. A group is whole in any body.
    """
    owners = {name: each.member for name, each in resource.relations.items() if each.write == "nested"}
    now: list[Problem] = []
    late: dict[str, dict[int, list[Problem]]] = {}
    for each in problems:
        name, _, below = each.name.partition(".")
        number, _, own = below.partition(".")
        member = own.removesuffix(".uuid")
        if name not in owners or each.code != "required" or not own or "." in member:
            now.append(each)
        elif member != owners[name]:
            told = late.setdefault(name, {}).setdefault(int(number), [])
            told.append(Problem(own, each.code, each.reason))
    return now, late


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
