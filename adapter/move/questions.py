"""Questions as clients ask them, made from what is in the book: lists, filters and details of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.mapping.model import Filter, Mappings, Resource
from adapter.mapping.paths import MISSING, Path, get
from adapter.move.numbered import Kept

PAGE_SIZE = 25
WORD = 4
"""So many characters of a text are searched for where a filter looks for a part."""

Sample = Callable[[str], Sequence[Kept]]
"""Gives some resources of a kind."""


@dataclass(frozen=True, slots=True)
class Question:
    """A GET. `by_url` are the parameters whose value is an address of the server that is asked."""

    resource: str
    uuid: str
    parameters: tuple[tuple[str, str], ...]
    by_url: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What may be printed: a resource, a uuid, the names of parameters."""
        names = ", ".join(dict.fromkeys(name for name, _ in self.parameters))
        return f"{self.resource}/{self.uuid}" if self.uuid else f"{self.resource} by {names}"

    def path(self, base: str) -> str:
        """The path below the base of a server."""
        return f"{base}/{self.resource}/{self.uuid}" if self.uuid else f"{base}/{self.resource}"

    def query(self, base: str) -> list[tuple[str, str]]:
        """The parameters for a server."""
        return [
            (name, f"{base}/{value}" if name in self.by_url else value) for name, value in self.parameters
        ]


class Questions:
    """Makes questions about resources of a book; `expands` are the names that each kind can expand."""

    def __init__(self, mappings: Mappings, expands: Mapping[str, Sequence[str]], sample: Sample) -> None:
        self.resources, self.expands, self.sample = mappings.resources, expands, sample

    def of(self, name: str, count: int) -> Iterator[Question]:
        """Questions about a kind, of which there are so many."""
        size = ("pageSize", str(PAGE_SIZE))
        expand = ",".join(self.expands.get(name, ()))
        yield Question(name, "", (size,))
        pages = max(1, -(-count // PAGE_SIZE))
        yield Question(name, "", (size, ("page", str(pages))))
        if expand:
            yield Question(name, "", (size, ("expand", expand)))
        for kept in self.sample(name):
            yield Question(name, kept.uuid, ())
            if expand:
                yield Question(name, kept.uuid, (("expand", expand),))
        resource = self.resources[name]
        for each in resource.filters.values():
            for value in dict.fromkeys(self._values(resource, each)):
                yield Question(
                    name, "", ((each.parameter, value), size), (each.parameter,) if each.by_url else ()
                )

    def _values(self, resource: Resource, wanted: Filter) -> Iterator[str]:
        if wanted.operator == "exists":
            yield from ("true", "false")
            return
        for value in self._at(resource, wanted.path, by_url=wanted.by_url):
            text = _text(value)
            if text:
                yield text[:WORD] if wanted.operator == "contains" else text

    def _at(self, resource: Resource, path: Path, *, by_url: bool) -> Iterator[Any]:
        """Values that resources have at a path, which may lead by way of others."""
        name, rest = path[0], path[1:]
        relation = resource.relations.get(name)
        if relation is not None:
            yield from self._beyond(relation.resource, relation.take, rest, by_url=by_url)
            return
        member = resource.members.get(name)
        if member is not None and member.to and rest:
            yield from self._at(self.resources[member.to], rest, by_url=by_url)
            return
        for kept in self.sample(resource.name):
            value = kept.uuid if path == ("uuid",) else get(kept.values, path)
            if member is not None and member.to:
                links = value if isinstance(value, list) else [value]
                uuids = [each["uuid"] for each in links if isinstance(each, dict)]
                yield from (f"{member.to}/{each}" if by_url else each for each in uuids)
            elif value is not MISSING:
                yield value

    def _beyond(self, name: str, take: str, rest: Path, *, by_url: bool) -> Iterator[Any]:
        """What is at the end of a relation: the far resource itself, or a value of it."""
        resource = self.resources[name]
        if take and resource.members[take].to:
            yield from self._at(resource, (take, *rest), by_url=by_url)
        elif rest:
            yield from self._at(resource, rest, by_url=by_url)
        else:
            for kept in self.sample(name):
                yield f"{name}/{kept.uuid}" if by_url else kept.uuid


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ""
