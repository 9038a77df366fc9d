"""Registers of which some records are found by way of others, as if each could be read by its URL.

Of such a record the register gives a URL that cannot be read; see the construct `found_by`. Here it gets one
whose uuid follows from what the record says: from the served uuid of the record that it belongs to, and from
what tells it apart there. Whoever reads that is given it by way of that record.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.engine.deployment import Register
from adapter.engine.entities.identity import uuid_in
from adapter.mapping.model import Mappings, Place
from adapter.mapping.paths import get, parse
from adapter.mapping.references import uuid_at_end
from adapter.registers.messages import Answer
from adapter.registers.renaming import renamed, uuids_within
from adapter.state.aliases import Aliases
from adapter.state.found import Found

_SPACE = uuids.UUID("0c6e3f52-3f1b-5d0e-9d53-1d0b6d1f4a6c")


@dataclass(frozen=True, slots=True)
class Way:
    """How the records of a collection are found.

    members: what their uuid follows from. owners: the collection to which the first refers, as
    register/collection. parameter: what the first is searched with.
    """

    members: Sequence[str]
    owners: str
    parameter: str


class FoundBy:
    """The client of a register, some of whose collections have a `Way`."""

    def __init__(self, register: Register, ways: Mapping[str, Way], found: Found, aliases: Aliases) -> None:
        self.name, self._register, self._ways = register.name, register, ways
        self._found, self._aliases = found, aliases
        self.url, self.urls, self.identify = register.url, register.urls, register.identify

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None, **more: Any
    ) -> Answer:
        """See `adapter.registers.client.Register`."""
        collection, _, uuid = path.partition("/")
        way = self._ways.get(collection)
        if way is None or method != "GET":
            return self._register.call(method, path, params=params, json=json, **more)
        if not uuid:
            return self._listed(collection, way, params)
        return self._one(collection, way, uuid)

    def _listed(self, collection: str, way: Way, params: Sequence[tuple[str, str]]) -> Answer:
        """The records that the register finds, with the uuids under which what they belong to is served."""
        asked = self._renamed(self._aliases.records, way, params)
        answer = self._register.call("GET", collection, params=[(name, value) for name, value in asked])
        rows = answer.body.get("results") if isinstance(answer.body, dict) else None
        if not isinstance(rows, list):
            return answer
        named = self._renamed(self._aliases.served, way, rows)
        owners: list[tuple[str, str]] = []
        shown = [self._with_url(collection, way, row, owners) for row in named]
        self._found.note(owners)
        return Answer(answer.status, {**answer.body, "results": shown})

    def _with_url(self, collection: str, way: Way, row: Any, owners: list[tuple[str, str]]) -> Any:
        said = [get(row, parse(each)) for each in way.members] if isinstance(row, dict) else []
        if not said or not all(isinstance(each, str) for each in said):
            # What is wrong with it is told where answers are looked at.
            return row
        owner, *others = (uuid_at_end(each) or each for each in said)
        uuid = str(uuids.uuid5(_SPACE, "/".join((collection, owner, *others))))
        owners.append((uuid, owner))
        return {**row, "url": self.url(collection, uuid)}

    def _one(self, collection: str, way: Way, uuid: str) -> Answer:
        owner = self._found.owner(uuid)
        if owner is None:
            return Answer(404, None)
        register, _, of = way.owners.partition("/")
        assert register == self.name
        answer = self._listed(collection, way, [(way.parameter, self.url(of, owner))])
        if answer.status >= 400 or not isinstance(answer.body, dict):
            return answer
        mine = [row for row in answer.body.get("results") or () if _has(row, uuid)]
        return Answer(200, mine[0]) if mine else Answer(404, None)

    def _renamed(self, other: Any, way: Way, value: Any) -> Any:
        names = {each: to for each, to in other(uuids_within(value), way.owners).items() if each != to}
        return renamed(value, names) if names else value

    def __getattr__(self, name: str) -> Any:
        """What else the client of a register has."""
        return getattr(self._register, name)


def _has(row: Any, uuid: str) -> bool:
    url = row.get("url") if isinstance(row, dict) else None
    return isinstance(url, str) and uuid_in(url) == uuid


def _ways(mappings: Mappings) -> Iterator[tuple[Place, Way]]:
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            if home.place is None or not home.found_by:
                continue
            pair = next(it for it in home.pairs if it.at == parse(home.found_by[0]))
            assert pair.to is not None
            parameter = mappings.collections[home.place].search[home.found_by[0]]
            yield home.place, Way(home.found_by, f"{pair.to.register}/{pair.to.collection}", parameter)


def findable(
    registers: Mapping[str, Any], mappings: Mappings, found: Found, aliases: Aliases
) -> dict[str, Any]:
    """These registers, with all of their records readable by URL."""
    ways: dict[str, dict[str, Way]] = {}
    for place, way in _ways(mappings):
        ways.setdefault(place.register, {})[place.collection] = way
    return {
        name: FoundBy(each, ways[name], found, aliases) if name in ways else each
        for name, each in registers.items()
    }
