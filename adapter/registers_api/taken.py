"""The objects of one type of the Objects API, over a collection that anything may keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from adapter.collection import CannotAnswer, Collection, Compared, Keeper, Key, MemberRefused, Question, Row
from adapter.embedded.objects import object_handlers
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.errors import Problem, invalid, invalid_query, method_not_allowed, not_found
from adapter.embedded.objects.exchange import Handler, Reply
from adapter.embedded.objects.scratch import Scratch, asked
from adapter.openapi.formats import canonical_uuid
from adapter.state.errors import MadeAndGone

NOT_SUPPORTED = "not-supported"
OWN_UUID = "The register chooses the uuid of an object of this type."
# As many as are found are ordered and paged here: more than the bound of the collection are not.
ALL = 1_000_000_000
# Of a record in the history of an object; no object has as many as a longer one would count.
_INDEX = re.compile("[0-9]{1,9}")
OF_ONE: Mapping[str, Handler] = {
    "PUT": object_handlers.update_object,
    "PATCH": object_handlers.partial_update_object,
    "DELETE": object_handlers.delete_object,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `url` is without the query, `body` is its JSON."""

    method: str
    url: str
    query: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of type `kind`, which are the records of a collection of the keeper."""

    keeper: Keeper
    name: str
    kind: TypeSeed

    @property
    def _collection(self) -> Collection:
        return self.keeper.collections[self.name]

    def listed(self, request: Asked) -> Reply:
        """A list, or a search when there is a body. Raises Refusal."""
        query = QueryParams(request.query)
        searched = query if request.method == "GET" else request.body
        conditions = tuple(
            Compared(".".join(("data", *path)), operator, value)
            for path, operator, value in asked(searched if isinstance(searched, Mapping) else {})
        )
        with _refusals(), self.keeper.request(writes=False):
            _, rows = self._collection.page(Question(conditions), ALL, 0)
            handle = (
                object_handlers.list_objects if request.method == "GET" else object_handlers.search_objects
            )
            return self._answered(request, rows, handle)

    def made(self, request: Asked, key: Key | None = None) -> Reply:
        """A new object, or that which was made when the key came first. Raises Refusal."""
        rows: list[Row] = []

        def make() -> str:
            rows.append(self._make(request))
            return rows[0].uuid

        uuid = self.keeper.once(key, make)
        if not rows:
            with _refusals(), self.keeper.request(writes=False):
                rows += [row for row in [self._collection.get(uuid)] if row is not None]
        if not rows:
            raise MadeAndGone
        url = f"{request.url}/{uuid}"
        reply = self._answered(Asked("GET", url, "", None), rows, object_handlers.retrieve_object, uuid)
        return Reply(reply.content, 201, {"Location": url})

    def _make(self, request: Asked) -> Row:
        with _refusals(), self.keeper.request(writes=True), _scratch(Scratch(self.kind)) as scratch:
            uuid, content = scratch.draft(scratch.exchange(request.url, request.query, request.body))
            if uuid is not None:
                raise invalid(Problem("uuid", NOT_SUPPORTED, OWN_UUID))
            return self._collection.add(content)

    def one(self, request: Asked, identifier: str, rest: str) -> Reply | None:
        """An object that is read or written, or its history; None when it is none of these."""
        uuid = canonical_uuid(identifier)
        writes = request.method != "GET"
        alone = (f"{self.name}/{uuid}",)
        if uuid is None:
            return None
        with _refusals(), self.keeper.request(writes=writes, alone=alone):
            row = self._collection.get(uuid)
            if row is None:
                return None
            if not writes:
                return self._answered(request, [row], _reading(rest), uuid, rest)
            handle = OF_ONE.get(request.method) if not rest else None
            if handle is None:
                raise method_not_allowed(
                    request.method, ", ".join(("GET", *([] if rest else OF_ONE), "HEAD"))
                )
            with _scratch(Scratch(self.kind, [(uuid, row.data)])) as scratch:
                exchange = scratch.exchange(request.url, request.query, request.body, {"uuid": uuid})
                reply = handle(exchange)
                content = scratch.latest(uuid)
            if content is None:
                self._collection.remove(uuid)
            else:
                self._collection.replace(Row(uuid, content))
            return reply

    def _answered(
        self, request: Asked, rows: list[Row], handle: Handler, uuid: str = "", rest: str = ""
    ) -> Reply:
        found = [(row.uuid, row.data) for row in rows]
        path: dict[str, Any] = {"uuid": uuid, "index": int(rest) if _INDEX.fullmatch(rest) else 0}
        with _scratch(Scratch(self.kind, found)) as scratch:
            return handle(scratch.exchange(request.url, request.query, request.body, path))


def _reading(rest: str) -> Handler:
    if rest == "history":
        return object_handlers.object_history
    if _INDEX.fullmatch(rest):
        return object_handlers.object_record
    if rest:
        raise not_found()
    return object_handlers.retrieve_object


@contextmanager
def _scratch(scratch: Scratch) -> Iterator[Scratch]:
    try:
        yield scratch
    finally:
        scratch.close()


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a collection cannot do into a 400 that says so."""
    try:
        yield
    except CannotAnswer as error:
        raise invalid_query(NOT_SUPPORTED, error.reason) from None
    except MemberRefused as error:
        raise invalid(Problem(f"record.{error.name}", error.code, error.reason)) from None
