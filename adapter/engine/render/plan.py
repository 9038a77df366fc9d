"""How a resource is shown to those who may see the same of it: worked out once, then only followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adapter.engine.deployment import Deployment
from adapter.mapping.model import Member, Relation, Resource
from adapter.mapping.paths import Path, parse

UUID, URL = "uuid", "url"

Ends = Sequence[Mapping[str, Any]]
"""For each relation: what is shown of it, by the uuid of the resource; nothing where it leads nowhere."""
Show = Callable[[Mapping[str, Any], str, str, str, Ends], dict[str, Any]]
"""(values, uuid, URL, base URL of links, ends) → what is shown."""

Way = Literal["plain", "perhaps", "number", "link", "links", "group", "joined", "member", "optional"]
"""How a member is shown: as it is kept, as it is kept unless it has no value, as the number that it has or
that is computed, as a link, as a list of links, as a group of which nothing needs attention, as the texts of
other members with spaces between them, by looking at its parts, by looking at its parts unless it has no
value."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the resources of a kind are shown."""

    show: Show
    """All that is shown, in order; null for what is looked into."""
    relations: tuple[Relation, ...]
    numbers: tuple[Member, ...]
    looked_into: tuple[Member, ...]
    """Members that are shown by looking at their parts."""
    left_out: tuple[str, ...]
    """What goes when it has no value."""
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
    named = {each.name for each in relations}
    ways = {name: way for name, way in _ways(resource, features) if name not in named}

    def members(*wanted: Way) -> tuple[Member, ...]:
        return tuple(resource.members[name] for name, way in ways.items() if way in wanted)

    return Plan(
        show=_show(resource, ways, relations),
        relations=relations,
        numbers=members("number"),
        looked_into=members("member", "optional"),
        left_out=tuple(
            name
            for name in (*ways, *named)
            if ways.get(name) in ("perhaps", "optional") or (name in named and resource.relations[name].pick)
        ),
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
        return "optional" if member.to or member.computed or member.by or member.members else "perhaps"
    if member.to and not member.computed:
        return "links" if member.many else "link"
    if member.computed and member.computed[0] == "joined":
        return "joined"
    if member.to or member.computed or member.by:
        return "member"
    if member.members:
        return "member" if any(map(is_more, member.members.values())) else "group"
    return "plain"


def is_more(member: Member) -> bool:
    """Whether a member of a group is shown otherwise than it is kept."""
    return bool(member.to or member.computed or member.members or member.variants)


def _show(resource: Resource, ways: Mapping[str, Way], relations: Sequence[Relation]) -> Show:
    """A function that is one display of a dictionary, which takes half the time of any loop.

    With the members `a` as it is kept and `b` as a link, and a relation `c`:
    `{'uuid': uuid, 'url': url, 'a': values['a'], 'b': {...} if (it := values['b']) else None,
    'c': ends[0].get(uuid) or []}`.
    """
    own = {name: _source(resource.members[name], way) for name, way in ways.items()} | {UUID: UUID, URL: URL}
    for number, each in enumerate(relations):
        own[each.name] = f"ends[{number}].get(uuid)" + ("" if each.pick else " or []")
    # The names are those of the mapping, quoted.
    parts = [f"{name!r}: {own[name]}" for name in resource.shown if name in own]
    straight: Show = eval(f"lambda values, uuid, url, base, ends: {{{', '.join(parts)}}}")  # noqa: S307
    groups = {name: resource.members[name].members for name, way in ways.items() if way == "group"}

    def show(values: Mapping[str, Any], uuid: str, url: str, base: str, ends: Ends) -> dict[str, Any]:
        try:
            return straight(values, uuid, url, base, ends)
        except KeyError:
            whole = {**dict.fromkeys(ways), **values}
            for name, inner in groups.items():
                if isinstance(found := whole[name], dict):
                    whole[name] = {**dict.fromkeys(inner), **found}
            return straight(whole, uuid, url, base, ends)

    return show


def _source(member: Member, way: Way) -> str:
    """The Python expression of what is shown of a member."""
    value = f"values[{member.name!r}]"
    link = f"{{'uuid': it['uuid'], 'url': base + {f'/{member.to}/'!r} + it['uuid']}}"
    if way == "plain":
        return value
    if way == "perhaps":
        return f"values.get({member.name!r})"
    if way == "link":
        return f"{link} if (it := {value}) else None"
    if way == "links":
        return f"[{link} for it in {value} or ()]"
    if way == "group":
        parts = ", ".join(f"{name!r}: it[{name!r}]" for name in member.members)
        return f"{{{parts}}} if isinstance(it := {value}, dict) else it"
    if way == "joined" and member.computed:
        texts = "".join(f"{_text_at(parse(path))}, " for path in member.computed[1])
        return f"' '.join(filter(None, ({texts})))"
    return "None"


def _text_at(path: Path) -> str:
    """The Python expression of the value at a path, or null where it leads nowhere."""
    *groups, last = path
    found = "values"
    for name in groups:
        found = f"(it if isinstance(it := {found}.get({name!r}), dict) else {{}})"
    return f"{found}.get({last!r})"
