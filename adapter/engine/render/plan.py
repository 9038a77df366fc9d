"""How a resource is shown to those who may see the same of it: worked out once, then only followed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapter.engine.deployment import Deployment
from adapter.mapping.model import Member, Relation, Resource

UUID, URL = "uuid", "url"

Pick = Callable[[Mapping[str, Any]], dict[str, Any]]

Way = Literal["plain", "number", "link", "group", "member", "optional"]
"""How a member is shown: as it is kept, as the number that it has or that is computed, as a link, as a group
of which nothing needs attention, by looking at its parts, by looking at its parts unless it has no value."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is `optional` goes when it has no value."""

    plain: Pick
    """All that is shown, in order: of a record's values the members that are shown as they are kept, and null
    for the others."""
    relations: tuple[Relation, ...]
    links: tuple[tuple[str, str], ...]
    """(member, what the URL of the resource that it refers to begins with, after the base URL)."""
    groups: tuple[tuple[str, Pick], ...]
    """(member, its parts of the value)."""
    numbers: tuple[Member, ...]
    others: tuple[Member, ...]
    optional: tuple[Member, ...]
    shows_more: tuple[Member, ...]
    """References of which more is shown than a link."""


def plan_of(deployment: Deployment, resource: Resource, features: frozenset[str]) -> Plan:
    """The plan for those who have these features switched on."""
    return deployment.planned(
        ("shown", resource.name, features), lambda: _plan(deployment, resource, features)
    )


def _plan(deployment: Deployment, resource: Resource, features: frozenset[str]) -> Plan:
    relations = tuple(
        each
        for each in resource.relations.values()
        if not each.hidden and (not each.feature or each.feature in features)
    )
    ways = dict(_ways(resource, features))
    named = {each.name for each in relations}

    def members(way: Way) -> tuple[Member, ...]:
        return tuple(resource.members[name] for name, its in ways.items() if its == way and name not in named)

    return Plan(
        plain=_picker(
            [each for each in resource.shown if each in ways or each in {UUID, URL, *named}],
            {each.name for each in members("plain")},
        ),
        relations=relations,
        links=tuple((each.name, f"/{each.to}/") for each in members("link")),
        groups=tuple((each.name, _picker(each.members)) for each in members("group")),
        numbers=members("number"),
        others=members("member"),
        optional=members("optional"),
        shows_more=tuple(each for each in resource.members.values() if each.shows),
    )


def _ways(resource: Resource, features: frozenset[str]) -> Iterator[tuple[str, Way]]:
    for name in resource.shown:
        member = resource.members.get(name)
        if member is not None and (not member.feature or member.feature in features):
            yield name, _way(member)


def _way(member: Member) -> Way:
    if member.numbers is not None:
        return "number"
    if member.absent.kind == "left_out":
        return "optional"
    if member.to and not member.many:
        return "link"
    if member.to or member.computed or member.by:
        return "member"
    if member.members:
        return "member" if any(map(is_more, member.members.values())) else "group"
    return "plain"


def is_more(member: Member) -> bool:
    """Whether a member of a group is shown otherwise than it is kept."""
    return bool(member.to or member.computed or member.members or member.variants)


def _picker(names: Iterable[str], kept: Collection[str] | None = None) -> Pick:
    """Picks these names from a group, in this order. What it lacks is null, and so is what is not `kept`."""
    order = list(names)
    wanted = frozenset(order if kept is None else kept)
    # A display of all names takes half the time of any loop. The names are those of the mapping, quoted.
    parts = [f"{name!r}: " + (f"group[{name!r}]" if name in wanted else "None") for name in order]
    shown: Pick = eval(f"lambda group: {{{', '.join(parts)}}}")  # noqa: S307

    def pick(group: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return shown(group)
        except KeyError:
            return {name: group.get(name) if name in wanted else None for name in order}

    return pick
