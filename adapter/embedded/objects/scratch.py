"""Objects that something else keeps, in a register of their own for the time of one request.

So they are filtered, ordered, paged, checked and shown as the Objects API does it with its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import QueryParams

from adapter.embedded.objects import catalogue, records
from adapter.embedded.objects.bodies import read_object
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.database import Database
from adapter.embedded.objects.exchange import API, Exchange
from adapter.embedded.objects.filters import number_or_date
from adapter.embedded.objects.grants import Grant
from adapter.embedded.objects.records import Draft, Record

# An object as it is kept: the members of its record that are not what they are by default.
Content = dict[str, Any]
OPERATORS: Mapping[str, str] = {"exact": "=", "in": "=", "icontains": "contains"}


class Scratch:
    """A register with objects of one type, each with the record that it has today."""

    def __init__(self, kind: TypeSeed, objects: Iterable[tuple[str, Content]] = ()) -> None:
        """`objects` have their uuids; those that were changed last come first."""
        self._kind = kind
        self.database = Database(":memory:")
        catalogue.seed(self.database, [kind])
        for uuid, content in reversed(list(objects)):
            self._insert(uuid, content)

    def _insert(self, uuid: str, content: Content) -> None:
        draft = Draft(
            objecttype=self._kind.uuid,
            type_version=content.get("typeVersion", len(self._kind.schemas)),
            start_at=content.get("startAt") or "1970-01-01",
            data=content.get("data") or {},
            geometry=content.get("geometry"),
            links=content.get("references") or (),
            correction_for=content.get("correctionFor"),
        )
        made = records.add(self.database, uuid, draft)
        registered = content.get("registrationAt") or made.start_at
        values = (content.get("index", 1), registered, made.id)
        self.database.connection.execute(
            "UPDATE records SET position = ?, registration_at = ? WHERE id = ?", values
        )

    def exchange(
        self, url: str, query: str, body: Any = None, path: Mapping[str, Any] | None = None
    ) -> Exchange:
        """A request of somebody who may do everything; `url` is without the query."""
        return Exchange(
            database=self.database,
            grant=Grant(),
            base=url[: url.index(API) + len(API)],
            root=urlsplit(url).path.partition(API)[0],
            url=f"{url}?{query}" if query else url,
            query=QueryParams(query),
            path=path or {},
            body={} if body is None else body,
        )

    def draft(self, exchange: Exchange) -> tuple[str | None, Content]:
        """(the uuid that a client chose or None, the content) of a new object. Raises Refusal."""
        uuid, draft = read_object(exchange, None, partial=False)
        return uuid, self.content(records.add(self.database, uuid or NEW, draft))

    def latest(self, uuid: str) -> Content | None:
        """The content of an object as it is now; None when it is gone."""
        record = records.latest(self.database, uuid)
        return None if record is None else self.content(record)

    def content(self, record: Record) -> Content:
        """What is to be kept of a record."""
        found = {
            "data": json.loads(record.data),
            "startAt": record.start_at,
            "registrationAt": record.registration_at,
            "geometry": json.loads(record.geometry) if record.geometry else None,
            "references": json.loads(record.links),
            "correctionFor": record.correction_for,
        }
        if record.type_version != len(self._kind.schemas):
            found["typeVersion"] = record.type_version
        if record.position != 1:
            found["index"] = record.position
        return {name: value for name, value in found.items() if value not in (None, []) or name == "data"}

    def close(self) -> None:
        """Let go of it."""
        self.database.close()


NEW = "00000000-0000-4000-8000-000000000000"


def asked(query: QueryParams | Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(path in the data, `=` or `contains`, text) of the conditions that say no more than that."""
    expressions = list(query.getlist("data_attr")) if isinstance(query, QueryParams) else []
    expressions += str(query.get("data_attrs") or "").split(",")
    for each in expressions:
        parts = each.rsplit("__", 2)
        if len(parts) < 3 or parts[1] not in OPERATORS or not parts[2]:
            continue
        plain = parts[1] == "icontains" or number_or_date(parts[2]) is None
        if plain and (parts[1] != "in" or "|" not in parts[2]):
            yield tuple(parts[0].split("__")), OPERATORS[parts[1]], parts[2]
