"""Asides and aliases as objects of the Objects API, each under a uuid that follows from that of the contact.

So one GET finds an object, and a write that is repeated makes no second one.
"""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapter import context
from adapter.context import Once
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.gathering.ports import Body
from adapter.registers.messages import Answer
from adapter.state.aliases import Aliases, object_of

OBJECTS = "objects"
PAGE = 500
_SPACE = uuids.UUID("2f5d1a52-0c7b-5d0e-8a11-5b6f0e6b7c3d")
_EXISTS, _NOT_FOUND = 400, 404

# Members of the data of an aside, and of an alias.
CONTACT, KIND, ROWS = "contact", "soort", "rijen"
SERVED, RECORD, COLLECTION = "bediend", "record", "verzameling"

_TEXT = {"type": "string"}


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An objecttype of gathering; its uuid is the same in every deployment."""

    uuid: str
    name: str
    name_plural: str
    schema: Mapping[str, Any] = field(repr=False)


def _type(uuid: str, name: str, plural: str, members: Mapping[str, Any]) -> ObjectType:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": list(members),
        "properties": dict(members),
    }
    return ObjectType(uuid, name, plural, schema)


ASIDE = _type(
    "b0a4c3ce-6b27-4c35-9d53-0d3b3f0f8a01",
    "ContactAanvulling",
    "ContactAanvullingen",
    {CONTACT: _TEXT, KIND: _TEXT, ROWS: {"type": "array", "items": {"type": "object"}}},
)
# There is no personal value in it, so it may stay for ever.
ALIAS = _type(
    "b0a4c3ce-6b27-4c35-9d53-0d3b3f0f8a02",
    "Verwijzing",
    "Verwijzingen",
    {SERVED: _TEXT, RECORD: _TEXT, COLLECTION: _TEXT},
)


def aside_of(contact: str) -> str:
    """The uuid of the object with what stands beside the record of a contact."""
    return str(uuids.uuid5(_SPACE, f"aside {contact}"))


class ObjectsApi(Protocol):
    """The client of an Objects API; see `adapter.registers.client.Register`."""

    name: str

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer: ...
    def url(self, collection: str, uuid: str) -> str: ...


class ObjectStore:
    """Asides and aliases in an Objects API. Methods raise RegisterUnavailable and RegisterAnswer."""

    def __init__(self, objects: ObjectsApi, versions: Mapping[str, int]) -> None:
        """`versions` has the published version of each objecttype, by its uuid."""
        self._objects, self._versions = objects, versions

    def put_aside(self, contact: str, content: Body, *, there: bool = False) -> None:
        """Write what stands beside the record of a contact; see `asides.Asides`.

        `there` says that it was written before, as far as is known: then that takes one call.
        """
        context.read_anew()
        data = {CONTACT: contact, KIND: content["kind"], ROWS: content["rows"]}
        self._put(aside_of(contact), ASIDE, data, there=there)

    def drop_aside(self, contact: str) -> None:
        """Delete what stands beside the record of a contact, if it is there: no record was made."""
        context.read_anew()
        answer = self._objects.call("DELETE", f"{OBJECTS}/{aside_of(contact)}")
        if answer.status >= 400 and answer.status != _NOT_FOUND:
            raise RegisterUnavailable(self._objects.name)

    def aside(self, contact: str, *, anew: bool = False) -> Body | None:
        """What stands beside the record of a contact; None for one that was made in the register.

        What is there is read once for a request (`context.read_anew`), unless `anew`.
        """
        request = context.current()
        if request is None or anew:
            return self._aside(contact)
        once = request.read.setdefault((OBJECTS, contact), Once())
        with once.alone:
            if once.found is None:
                once.found = self._aside(contact)
            found: Body | None = once.found
            return found

    def _aside(self, contact: str) -> Body | None:
        data = self._get(aside_of(contact))
        return None if data is None else {"kind": data[KIND], "rows": data[ROWS]}

    def asides(self, mentioned: Sequence[str] = ()) -> dict[str, Body]:
        """What stands beside the records of contacts, by contact: all that mention one of these texts.

        With no texts, all. A text is looked for as it stands in JSON.
        """
        searches = [[("data_attr", f"{ROWS}__icontains__{text}")] for text in mentioned] or [[]]
        found = (each for search in searches for each in self._all(ASIDE, search))
        return {data[CONTACT]: {"kind": data[KIND], "rows": data[ROWS]} for data in found}

    def has(self, uuid: str) -> bool:
        """Whether there is an object with this uuid."""
        return self._get(uuid) is not None

    def put_alias(self, contact: str, record: str, collection: str) -> None:
        """Write which record a contact has."""
        self._put(object_of(contact), ALIAS, {SERVED: contact, RECORD: record, COLLECTION: collection})

    def alias(self, contact: str) -> str | None:
        """The uuid of the record of a contact; None when it has none."""
        data = self._get(object_of(contact))
        return None if data is None else str(data[RECORD])

    def aliases(self) -> Iterator[tuple[str, str, str]]:
        """All aliases: the served uuid, that of the record, and the collection."""
        for data in self._all(ALIAS):
            yield data[SERVED], data[RECORD], data[COLLECTION]

    def alias_count(self) -> int:
        """How many aliases there are."""
        params = [("type", self._url(ALIAS)), ("pageSize", "1")]
        return int(self._read(self._objects.call("GET", OBJECTS, params=params)).get("count", 0))

    def _all(self, kind: ObjectType, search: Sequence[tuple[str, str]] = ()) -> Iterator[Body]:
        """The data of all objects of a type that a search finds."""
        number, more = 0, True
        while more:
            number += 1
            paging = [("pageSize", str(PAGE)), ("page", str(number))]
            params = [("type", self._url(kind)), *search, *paging]
            page = self._read(self._objects.call("GET", OBJECTS, params=params))
            yield from (each["record"]["data"] for each in page["results"])
            more = bool(page.get("next"))

    def _url(self, kind: ObjectType) -> str:
        return self._objects.url("objecttypes", kind.uuid)

    def _get(self, uuid: str) -> Body | None:
        answer = self._objects.call("GET", f"{OBJECTS}/{uuid}")
        if answer.status == _NOT_FOUND:
            return None
        data: Body = self._read(answer)["record"]["data"]
        return data

    def _put(self, uuid: str, kind: ObjectType, data: Body, *, there: bool = False) -> None:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        record = {"typeVersion": self._versions[kind.uuid], "startAt": today, "data": data}
        body = {"type": self._url(kind), "record": record}
        one = f"{OBJECTS}/{uuid}"
        answer = self._objects.call("PUT", one, json=body) if there else None
        if answer is None or answer.status == _NOT_FOUND:
            answer = self._objects.call("POST", OBJECTS, json={"uuid": uuid, **body})
        if answer.status == _EXISTS:
            answer = self._objects.call("PUT", one, json=body)
        self._read(answer)

    def _read(self, answer: Answer) -> Body:
        if answer.status >= 400:
            raise RegisterUnavailable(self._objects.name)
        if not isinstance(answer.body, dict):
            raise RegisterAnswer(self._objects.name)
        return answer.body


def lacks(store: ObjectStore, aliases: Aliases) -> bool:
    """Whether objects say more aliases than are noted: the state was lost, or noting them broken off."""
    return len(aliases) < store.alias_count()


def restore(store: ObjectStore, aliases: Aliases) -> tuple[int, int]:
    """Note the aliases of the objects again, after the state was lost: (how many there are, how many failed).

    One fails when its contact or its record has another alias by now. A contact of which the object is lost
    too is served under the uuid of its record: back up the Objects API.
    """
    found = [aliases.note(*each) for each in store.aliases()]
    return len(found), found.count(False)
