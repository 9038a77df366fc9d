"""Which other resources an answer looks into: by what it expands, and by filters on what is referred to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapter.mapping.model import Resource
from adapter.mapping.paths import Path


def looked_into(
    resources: Mapping[str, Resource], resource: str, filters: Iterable[str], expand: Iterable[str]
) -> frozenset[str]:
    """The names of the resources of which values are shown or asked for, besides those of `resource` itself.

    `filters` are names of its query parameters, `expand` dotted paths. A link to another resource is a value
    of the resource that shows it; so is what stands in it as a whole, as a partij holds its identificatoren.
    """
    start = resources[resource]
    found: set[str] = set()
    for name in filters:
        found |= _behind(resources, start, start.filters[name].path, to_the_end=False)
    for path in expand:
        found |= _behind(resources, start, tuple(path.split(".")), to_the_end=True)
    return frozenset(found)


def _behind(resources: Mapping[str, Resource], start: Resource, path: Path, *, to_the_end: bool) -> set[str]:
    found: set[str] = set()
    here = start
    for number, name in enumerate(path):
        relation, member = here.relations.get(name), here.members.get(name)
        if relation is not None:
            far = relation.resource
            if relation.take:
                far = resources[far].members[relation.take].to
        elif member is not None and member.to:
            far = member.to
        else:
            break
        whole = relation is not None and relation.whole
        if to_the_end or (number + 1 < len(path) and not whole):
            found.add(far)
        here = resources[far]
    return found
