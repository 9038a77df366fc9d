"""Where asides are kept: one object of an objecttype of our own per old record, in the Objects API.

Its uuid follows from the record's, so that one GET finds it and a repeated write makes no second one.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from adapter.collection import CannotAnswer
from adapter.engine.deployment import ObjectType
from adapter.engine.entities.stored_object import searchable
from adapter.engine.gateway import answers
from adapter.engine.transaction.journaled_calls import JournaledCalls
from adapter.engine.transaction.steps import MAKE, PUT, Refused, deleting, step_of
from adapter.errors import RegisterAnswer
from adapter.mapping.paths import MISSING, parse, put
from adapter.registers.messages import Answer
from adapter.reverse.asides import Aside, ItemAsked, Leaf
from adapter.state.journal import Step

OBJECTS = "objects"
PAGE = 500
IN_ONE_SEARCH = 200
SEARCHED_LENGTH = 200
NAME = "RegisterAanvulling"
_NAMESPACE = uuids.UUID("5c1f7a0e-52d1-5b6e-9a55-6f0c0a9d4e21")

# Members of the object's data.
COLLECTION, RECORD, MADE, OWNERS = "verzameling", "record", "aangemaakt", "hoort_bij"
MADE_FOR = "gemaakt_voor"
VALUES, GONE, BASIS, SEARCH = "waarden", "zonder", "grondslag", "zoek"

# What JSON may write in another way.
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')

# An object as it is answered.
Found = dict[str, Any]

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
        MADE_FOR: _TEXT,
        VALUES: _GROUP,
        GONE: {"type": "array", "items": _TEXT},
        BASIS: _GROUP,
        SEARCH: _GROUP,
    },
}


class Shelf(Protocol):
    """What keeps asides; `register` is its name in the journal."""

    @property
    def register(self) -> str: ...

    def many(self, collection: str, wanted: Sequence[str]) -> dict[str, Aside]:
        """The asides of these records, by uuid; a record without one is left out."""

    def with_value(self, collection: str, path: str, value: str) -> list[Aside]:
        """The asides with this text at a dotted path."""

    def with_item(self, collection: str, asked: ItemAsked) -> list[Aside]:
        """The asides with such an item."""

    def hanging(self, owner: str) -> list[Aside]:
        """The asides of what hangs on a record."""

    def put(self, calls: JournaledCalls, aside: Aside, before: Aside | None) -> None:
        """Keep an aside, as a step of a write; `before` is what there is, None when there is none yet."""

    def removal(self, collection: str, uuid: str) -> Step:
        """The last step of a write that lets go of an aside, whether it is there or not."""


class Caller(Protocol):
    """What is asked of a register's client; see `adapter.registers.client.Register`."""

    name: str

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer: ...


def aside_uuid(collection: str, uuid: str) -> str:
    """The uuid of the object that holds the aside of a record."""
    namespace, start = beside(collection)
    return str(uuids.uuid5(uuids.UUID(namespace), f"{start}{uuid}"))


def beside(collection: str) -> tuple[str, str]:
    """Of what the uuid of an aside follows, with that of its record: the namespace, the start of the name."""
    return str(_NAMESPACE), f"{collection}/"


class ObjectShelf:
    """Asides as objects of the Objects API; `register` is its name in the journal."""

    register = OBJECTS

    def __init__(self, objects: Caller, kind: ObjectType, *, bound: int) -> None:
        """`bound` is how many asides may be read for one question."""
        self._objects, self._kind, self._bound = objects, kind, bound

    def many(self, collection: str, wanted: Sequence[str]) -> dict[str, Aside]:
        """See `Shelf`: one GET for one, a search for more."""
        if len(wanted) == 1:
            answer = self._objects.call("GET", f"{OBJECTS}/{aside_uuid(collection, wanted[0])}")
            found = [] if answer.status == 404 else [answers.record(answer, self.register)]
        else:
            found = []
            for start in range(0, len(wanted), IN_ONE_SEARCH):
                found += self._of(collection, wanted[start : start + IN_ONE_SEARCH])
        return {each.uuid: each for each in map(_aside, found)}

    def with_value(self, collection: str, path: str, value: str) -> list[Aside]:
        """See `Shelf`. What cannot be asked for is looked for in all."""
        asked = 0 < len(value) <= SEARCHED_LENGTH and self._can_ask(value)
        found = self._with_text(collection, path, value) if asked else self._all_of(collection)
        return [each for each in map(_aside, found) if _text_at(each, path) == value]

    def with_item(self, collection: str, asked: ItemAsked) -> list[Aside]:
        """See `Shelf`. What cannot be asked for is looked for in all."""
        plain = bool(asked.part) and self._can_ask(asked.part) and not _ESCAPED.search(asked.part)
        found = self._containing(collection, asked.part) if plain else self._all_of(collection)
        return [each for each in map(_aside, found) if asked.met_by(each)]

    def hanging(self, owner: str) -> list[Aside]:
        """See `Shelf`."""
        return list(map(_aside, self._on(owner)))

    def _can_ask(self, value: str) -> bool:
        return searchable(value)

    def _of(self, collection: str, records: Sequence[str]) -> list[Found]:
        return self._search((COLLECTION, "exact", collection), (RECORD, "in", "|".join(records)))

    def _with_text(self, collection: str, path: str, value: str) -> list[Found]:
        name = f"{SEARCH}__{path.replace('.', '__')}"
        return self._search((COLLECTION, "exact", collection), (name, "exact", value))

    def _containing(self, collection: str, text: str) -> list[Found]:
        # the Objects API looks in the JSON of a group as it does in a text
        return self._search((COLLECTION, "exact", collection), (VALUES, "icontains", text))

    def _all_of(self, collection: str) -> list[Found]:
        return self._search((COLLECTION, "exact", collection))

    def _on(self, owner: str) -> list[Found]:
        return self._search((OWNERS, "icontains", owner))

    def put(self, calls: JournaledCalls, aside: Aside, before: Aside | None) -> None:
        """See `Shelf`: the whole data of the object each time."""
        if before is None:
            if self._make(calls, aside):
                return
            # somebody else made it meanwhile, or an earlier try did
            before = self.many(aside.collection, [aside.uuid]).get(aside.uuid)
            if before is None:
                raise RegisterAnswer(self.register)
        data, former = _data(aside), _data(before)
        path = f"{OBJECTS}/{aside_uuid(aside.collection, aside.uuid)}"
        step = step_of(PUT, self.register, path, sent=data, former=former, type=self._kind.name)
        calls.done(step, "PUT", self._body(data))

    def _make(self, calls: JournaledCalls, aside: Aside) -> bool:
        """Whether the object could be made."""
        uuid, data = aside_uuid(aside.collection, aside.uuid), _data(aside)
        step = step_of(MAKE, self.register, OBJECTS, sent=data, made=uuid)
        try:
            calls.done(step, "POST", {"uuid": uuid, **self._body(data)})
        except Refused as refused:
            if refused.status != 400:
                raise
            return False
        return True

    def _body(self, data: Mapping[str, Any]) -> dict[str, Any]:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        record = {"typeVersion": self._kind.version, "startAt": today, "data": data}
        return {"type": self._kind.url, "record": record}

    def removal(self, collection: str, uuid: str) -> Step:
        """See `Shelf`."""
        return deleting(self.register, f"{OBJECTS}/{aside_uuid(collection, uuid)}")

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
    more = {GONE: gone, SEARCH: search, OWNERS: " ".join(aside.owners), MADE_FOR: aside.made_for}
    return data | {name: value for name, value in more.items() if value}


def _aside(found: Any) -> Aside:
    data = found["record"]["data"]
    values, basis = data.get(VALUES) or {}, data.get(BASIS) or {}
    leaves = {parse(name): Leaf(values.get(name, MISSING), each) for name, each in basis.items()}
    owners: Iterable[str] = data.get(OWNERS, "").split()
    return Aside(
        collection=data[COLLECTION],
        uuid=data[RECORD],
        made=data.get(MADE, ""),
        owners=tuple(owners),
        made_for=data.get(MADE_FOR, ""),
        leaves=leaves,
    )


def _text_at(aside: Aside, path: str) -> Any:
    leaf = aside.leaves.get(parse(path))
    return leaf.value if leaf is not None else None
