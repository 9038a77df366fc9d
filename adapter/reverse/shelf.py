"""Where asides are kept: one object of an objecttype of our own per old record, in the Objects API.

Its uuid follows from the record's, so that one GET finds it and a repeated write makes no second one.
"""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapter.collection import CannotAnswer
from adapter.engine.entities.stored_object import searchable
from adapter.engine.gateway import answers
from adapter.errors import RegisterAnswer
from adapter.mapping.paths import MISSING, parse, put
from adapter.registers.messages import Answer
from adapter.reverse.asides import Aside, Leaf

OBJECTS = "objects"
PAGE = 500
IN_ONE_SEARCH = 200
SEARCHED_LENGTH = 200
NAME = "RegisterAanvulling"
_NAMESPACE = uuids.UUID("5c1f7a0e-52d1-5b6e-9a55-6f0c0a9d4e21")

# Members of the object's data.
COLLECTION, RECORD, MADE, OWNERS = "verzameling", "record", "aangemaakt", "hoort_bij"
VALUES, GONE, BASIS, SEARCH = "waarden", "zonder", "grondslag", "zoek"

_TEXT, _GROUP = {"type": "string"}, {"type": "object"}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": [COLLECTION, RECORD],
    "properties": {
        COLLECTION: _TEXT,
        RECORD: _TEXT,
        MADE: _TEXT,
        OWNERS: _TEXT,
        VALUES: _GROUP,
        GONE: {"type": "array", "items": _TEXT},
        BASIS: _GROUP,
        SEARCH: _GROUP,
    },
}


class Shelf(Protocol):
    """What keeps asides."""

    def many(self, collection: str, wanted: Sequence[str]) -> dict[str, Aside]:
        """The asides of these records, by uuid; a record without one is left out."""

    def with_value(self, collection: str, path: str, value: str) -> list[Aside]:
        """The asides with this text at a dotted path."""

    def hanging(self, owner: str) -> list[Aside]:
        """The asides of what hangs on a record."""

    def put(self, aside: Aside, *, new: bool) -> None:
        """Keep an aside; `new` when there is none yet."""

    def remove(self, collection: str, uuid: str) -> None:
        """Let go of an aside, whether it is there or not."""


class Caller(Protocol):
    """What is asked of a register's client; see `adapter.registers.client.Register`."""

    name: str

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class ObjectType:
    """The objecttype of asides in the deployment's Objects API."""

    url: str
    version: int


def aside_uuid(collection: str, uuid: str) -> str:
    """The uuid of the object that holds the aside of a record."""
    return str(uuids.uuid5(_NAMESPACE, f"{collection}/{uuid}"))


class ObjectShelf:
    """Asides as objects of the Objects API."""

    def __init__(self, objects: Caller, kind: ObjectType, *, bound: int) -> None:
        """`bound` is how many asides may be read for one question."""
        self._objects, self._kind, self._bound = objects, kind, bound

    def many(self, collection: str, wanted: Sequence[str]) -> dict[str, Aside]:
        """See `Shelf`: one GET for one, a search for more."""
        if len(wanted) == 1:
            answer = self._objects.call("GET", f"{OBJECTS}/{aside_uuid(collection, wanted[0])}")
            found = [] if answer.status == 404 else [answers.record(answer, OBJECTS)]
        else:
            found = []
            for start in range(0, len(wanted), IN_ONE_SEARCH):
                texts = "|".join(wanted[start : start + IN_ONE_SEARCH])
                found += self._search((COLLECTION, "exact", collection), (RECORD, "in", texts))
        return {each.uuid: each for each in map(_aside, found)}

    def with_value(self, collection: str, path: str, value: str) -> list[Aside]:
        """See `Shelf`. What the query language of the Objects API cannot ask for is looked for in all."""
        conditions = [(COLLECTION, "exact", collection)]
        if searchable(value) and len(value) <= SEARCHED_LENGTH:
            conditions.append((f"{SEARCH}__{path.replace('.', '__')}", "exact", value))
        found = map(_aside, self._search(*conditions))
        return [each for each in found if _text_at(each, path) == value]

    def hanging(self, owner: str) -> list[Aside]:
        """See `Shelf`."""
        return list(map(_aside, self._search((OWNERS, "icontains", owner))))

    def put(self, aside: Aside, *, new: bool) -> None:
        """See `Shelf`: the whole data of the object each time."""
        uuid, data = aside_uuid(aside.collection, aside.uuid), _data(aside)
        today = dt.datetime.now(dt.UTC).date().isoformat()
        record = {"typeVersion": self._kind.version, "startAt": today, "data": data}
        body = {"type": self._kind.url, "record": record}
        if new:
            answer = self._objects.call("POST", OBJECTS, json={"uuid": uuid, **body})
            if answer.status != 400:
                answers.record(answer, OBJECTS)
                return
        # somebody else made it meanwhile, or an earlier try did
        answers.record(self._objects.call("PUT", f"{OBJECTS}/{uuid}", json=body), OBJECTS)

    def remove(self, collection: str, uuid: str) -> None:
        """See `Shelf`."""
        answer = self._objects.call("DELETE", f"{OBJECTS}/{aside_uuid(collection, uuid)}")
        if answer.status >= 400 and answer.status != 404:
            raise RegisterAnswer(OBJECTS)

    def _search(self, *conditions: tuple[str, str, str]) -> list[Any]:
        """All objects that meet these conditions. Raises CannotAnswer when they are more than the bound."""
        asked = {"type": self._kind.url, "data_attrs": ",".join("__".join(each) for each in conditions)}
        found: list[Any] = []
        more, number = True, 1
        while more:
            params = [("pageSize", str(PAGE)), *([("page", str(number))] if number > 1 else [])]
            answer = self._objects.call("POST", f"{OBJECTS}/search", params=params, json=asked)
            count, rows, more = answers.page(answer, OBJECTS)
            found += rows
            number += 1
            if max(count, len(found)) > self._bound:
                raise CannotAnswer.past(self._bound)
        return found


def _data(aside: Aside) -> dict[str, Any]:
    values, gone, basis = {}, [], {}
    search: dict[str, Any] = {}
    for path, leaf in sorted(aside.leaves.items()):
        name = ".".join(path)
        basis[name] = leaf.basis
        if leaf.value is MISSING:
            gone.append(name)
            continue
        values[name] = leaf.value
        if isinstance(leaf.value, str) and 0 < len(leaf.value) <= SEARCHED_LENGTH:
            put(search, path, leaf.value)
    data = {COLLECTION: aside.collection, RECORD: aside.uuid, MADE: aside.made, VALUES: values, BASIS: basis}
    more = {GONE: gone, SEARCH: search, OWNERS: " ".join(aside.owners)}
    return data | {name: value for name, value in more.items() if value}


def _aside(found: Any) -> Aside:
    data = found["record"]["data"]
    values, basis = data.get(VALUES) or {}, data.get(BASIS) or {}
    leaves = {parse(name): Leaf(values.get(name, MISSING), each) for name, each in basis.items()}
    owners: Iterable[str] = data.get(OWNERS, "").split()
    return Aside(data[COLLECTION], data[RECORD], data.get(MADE, ""), tuple(owners), leaves)


def _text_at(aside: Aside, path: str) -> Any:
    leaf = aside.leaves.get(parse(path))
    return leaf.value if leaf is not None else None
