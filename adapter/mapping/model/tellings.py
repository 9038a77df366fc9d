"""Which records tell register clients something of a resource, and the way from that to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapter.mapping.constructs.tells import Projection
from adapter.mapping.model.homes import Home
from adapter.mapping.model.resources import Resource


@dataclass(frozen=True, slots=True)
class Telling:
    """What records of `owner` that live in `home` tell of resources of another kind.

    The resource refers with `member` to such a record; or, where there is `by`, to what the record refers to
    with that. With `between`, (kind, reference), it first leads to resources of that kind, and their
    reference goes on from there.
    """

    owner: Resource
    home: Home
    projection: Projection
    member: str
    by: str = ""
    between: tuple[str, str] | None = None


def tellings(resources: Mapping[str, Resource]) -> Mapping[str, tuple[Telling, ...]]:
    """Kind of resource → all that is told of those of that kind."""
    found: dict[str, list[Telling]] = {}
    for owner in resources.values():
        for home in owner.homes.values():
            for projection in home.projections:
                own: dict[str, Telling] = {}
                for name, each in _of(owner, home, projection, resources):
                    own.setdefault(name, each)
                for name, each in own.items():
                    found.setdefault(name, []).append(each)
    return {name: tuple(each) for name, each in found.items()}


def _of(
    owner: Resource, home: Home, projection: Projection, resources: Mapping[str, Resource]
) -> Iterable[tuple[str, Telling]]:
    source = projection.source
    if source.resource:
        yield source.resource, Telling(owner, home, projection, source.member)
    if not source.relation:
        return
    relation = resources[owner.members[source.member].to].relations[source.relation]
    yield relation.resource, Telling(owner, home, projection, relation.member, source.member)
    between = relation.resource, relation.member
    for name in projection.relations:
        inner = resources[relation.resource].relations[name]
        yield inner.resource, Telling(owner, home, projection, inner.member, source.member, between)
