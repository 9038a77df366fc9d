"""Registers that hold one record of everything, to see what is asked of them.

All records have the same uuid and refer to each other, so that no search ends for want of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.engine.deployment import ObjectType
from adapter.mapping import translate
from adapter.mapping.codecs import Links
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.model import Home, Mappings, Place, Resource
from adapter.mapping.paths import put
from adapter.registers.messages import Answer

UUID = "5b1f3a52-3d0b-4a35-9c7e-8a1f0f6f2b11"
PAGING = frozenset({"page", "pageSize", "expand", "ordering", "type"})


class StandIn:
    """One register; `unfiltered` holds each collection of which everything was asked, not just a count."""

    def __init__(self, name: str, mappings: Mappings, types: Mapping[str, ObjectType]) -> None:
        self.name, self._mappings, self._types = name, mappings, types
        self._links: Links = ExampleLinks()
        self.unfiltered: list[str] = []

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """Answer with the one record; nothing is changed by anything."""
        collection, _, uuid = path.partition("/")
        rows = self._rows(collection)
        if uuid and method == "GET":
            return Answer(200, rows[0]) if rows else Answer(404, {})
        asked = {name for name, _ in params} | set(json or ())
        if not asked - PAGING and ("pageSize", "1") not in params:
            self.unfiltered.append(collection)
        return Answer(200, {"count": len(rows), "results": rows, "next": None})

    def url(self, collection: str, uuid: str) -> str:
        """The URL of a record."""
        return self._links.url(Place(self.name, collection), uuid)

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """All URLs of a record."""
        return (self.url(collection, uuid),)

    def identify(self, url: str) -> tuple[str, str] | None:
        """(collection, uuid) of a URL of this register."""
        base = self.url("", "").rstrip("/")
        collection, _, uuid = url.removeprefix(base).strip("/").partition("/")
        return (collection, uuid) if url.startswith(base) and uuid else None

    def _rows(self, collection: str) -> list[dict[str, Any]]:
        homes = [each for resource in self._mappings.resources.values() for each in resource.homes.values()]
        if any(Place(self.name, collection) == each.place for each in homes):
            home = next(each for each in homes if each.place == Place(self.name, collection))
            return [{**self._record(home), "url": self.url(collection, UUID)}]
        return [
            self._object(resource, home)
            for resource in self._mappings.resources.values()
            for home in resource.homes.values()
            if home.kind == "object" and home.object_type in self._types
        ]

    def _record(self, home: Home) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for pair in home.pairs:
            if pair.to is not None:
                put(record, pair.at, self._links.url(pair.to, UUID))
        return record

    def _object(self, resource: Resource, home: Home) -> dict[str, Any]:
        keys = {name: self._links.url(place, UUID) for name, place in self._mappings.keys.items()}
        own = {} if home.pairs else translate.absent(resource)
        links = {
            name: [{"uuid": UUID}] if member.many else {"uuid": UUID}
            for name, member in resource.members.items()
            if member.to and not home.pairs
        }
        data = {**own, **links, **self._record(home), **keys, "uuid": UUID}
        kind = self._types[home.object_type].url
        return {
            "uuid": UUID,
            "type": kind,
            "url": self.url("objects", UUID),
            "record": {"data": data, "startAt": None},
        }
