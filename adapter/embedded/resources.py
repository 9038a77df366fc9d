"""The operations that all collections have.

Subclasses add rules for several members together, and members that follow from other records.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from adapter.collection import Collection, Compared, HasUuid, Question, Row, StillReferred
from adapter.embedded.answers import broken, invalid, invalid_as_a_whole, json_answer, not_found, origin_of
from adapter.embedded.bodies import Finding, Outside, as_text, group_of, merged
from adapter.embedded.dialect import Description
from adapter.embedded.filters import Filters, filters_of, unknown_parameters
from adapter.embedded.paging import Page, page_number, page_of
from adapter.embedded.register import Register
from adapter.openapi.checked import Checked

PAGE_SIZE = 100
JSON = dict[str, Any]


class Resource:
    """A collection: listing, reading, creating, changing and deleting its records."""

    def __init__(self, register: Register, description: Description) -> None:
        self.register = register
        self.description = description
        document = register.documents[description.document]
        self.group = group_of(document, document.schema(description.schema), description)
        self.filters: Filters = filters_of(description, register)
        self.methods = self._methods()

    @property
    def table(self) -> Collection:
        """Its records."""
        return self.register.tables[self.description.name]

    @property
    def paths(self) -> tuple[str, str]:
        """The paths of the collection and of a record, in the document."""
        return f"/{self.description.name}", f"/{self.description.name}/{{uuid}}"

    def _methods(self) -> Mapping[str, frozenset[str]]:
        """The methods of the specification, for `collection` and for `record`."""
        document = self.register.documents[self.description.document]
        collection, record = self.paths
        found: dict[str, set[str]] = {collection: set(), record: set()}
        for operation in document.operations:
            if operation.path in found:
                found[operation.path].add(operation.method.upper())
        return {"collection": frozenset(found[collection]), "record": frozenset(found[record])}

    def page(self, request: Request) -> JSON:
        """A page of records. Raises Refused."""
        unknown = self.filters.unknown(request)
        if unknown and self.description.refuses_unknown_parameters:
            raise invalid(unknown_parameters(unknown))
        page, rows = self._asked(request)
        results = self.shown(rows, origin_of(request), self.filters.expanded(request))
        return {"count": page.count, "next": page.next, "previous": page.previous, "results": results}

    def _asked(self, request: Request) -> tuple[Page, list[Row]]:
        """The page that the parameters ask for; that of the last page is known once there is a count."""
        question, lenient = self.filters.question(request), self.register.strict
        number = page_number(request, lenient=lenient)
        count, rows = self.table.page(question, PAGE_SIZE, ((number or 1) - 1) * PAGE_SIZE)
        page = page_of(request, number, count, PAGE_SIZE, lenient=lenient)
        if number is None and page.offset:
            _, rows = self.table.page(question, PAGE_SIZE, page.offset)
        return page, rows

    def record(self, uuid: str, request: Request) -> JSON:
        """One record; the filters of the list apply. Raises Refused."""
        question = self.filters.question(request)
        _, rows = self.table.page(replace(question, conditions=(HasUuid(uuid), *question.conditions)), 1, 0)
        if not rows:
            raise not_found()
        return self.shown(rows, origin_of(request), self.filters.expanded(request))[0]

    def existing(self, uuid: str) -> Row:
        """The record with this uuid. Raises Refused (404)."""
        row = self.table.get(uuid)
        if row is None:
            raise not_found()
        return row

    async def create(self, body: Any, request: Request) -> JSON:
        """Store a new record. Raises Refused with all problems of the body."""
        values = await self._checked(body, request, None, partial=False)
        record = self.made_of(values)
        self._refuse_duplicate(record, None)
        return self.shown([self.table.add(record)], origin_of(request), ())[0]

    def made_of(self, body: JSON) -> JSON:
        """What a POST of a body would store, not checked: it is valid, and refers by uuid to records here."""
        return self.filled(merged({}, body), {})

    async def change(self, row: Row, body: Any, request: Request, *, partial: bool) -> JSON:
        """Merge a body into a record. With PUT too, members that were not sent keep their values."""
        values = await self._checked(body, request, row, partial=partial)
        if not self.description.fetched.isdisjoint(values):
            # read again, since the check has waited for another server
            row = self.existing(row.uuid)
        record = self.filled(merged(row.data, values), row.data)
        if any(record[name] != row.data.get(name) for name in self.description.unique):
            self._refuse_duplicate(record, row.uuid)
        changed = Row(row.uuid, record)
        self.table.replace(changed)
        return self.shown([changed], origin_of(request), ())[0]

    async def remove(self, uuid: str, request: Request) -> None:
        """Delete a record. One to which another refers gives a 500, as in Open Klant 1.0."""
        del request
        try:
            self.table.remove(self.existing(uuid).uuid)
        except StillReferred:
            raise broken() from None

    def shown(self, rows: Sequence[Row], origin: str, expand: Sequence[str]) -> list[JSON]:
        """The records as clients get them; `expand` are the members to show in full."""
        del expand
        return [self._shown(row, origin) for row in rows]

    def _shown(self, row: Row, origin: str) -> JSON:
        address = self.register.addresses.write
        result = {"url": address(origin, self.description.name, row.uuid), **row.data}
        for member, collection in self.description.references.items():
            if result[member] is not None:
                result[member] = address(origin, collection, result[member])
        for member in self.description.fetched:
            if result.get(member):  # not every dialect has it
                result[member] = self.register.shown(result[member], origin)
        return result

    async def _checked(self, body: Any, request: Request, row: Row | None, *, partial: bool) -> JSON:
        asked_at = origin_of(request)
        unreachable: dict[str, Finding] = {}
        for member in self.description.fetched:
            url = as_text(body.get(member)) if isinstance(body, dict) else ""
            if url:
                finding = await self.register.unreachable(url, asked_at, logged_in=member == "klant")
                if finding is not None:
                    unreachable[member] = finding
        uuid, current = (row.uuid, row.data) if row else (None, None)
        outside = Outside(lambda name, value: self.refer(name, value, uuid), unreachable, current)
        checked = self.check(body, partial=partial, outside=outside)
        if checked.problems:
            raise invalid(*checked.problems)
        # as in Open Klant 1.0, a member that the body empties counts with its stored value
        held = {name: value for name, value in (current or {}).items() if not checked.value.get(name)}
        await self.check_together({**checked.value, **held}, request)
        return checked.value | self._spelled(checked.value, asked_at)

    def _spelled(self, values: Mapping[str, Any], asked_at: str) -> JSON:
        urls = {name: values[name] for name in self.description.fetched if values.get(name)}
        return {name: self.register.spelled(url, asked_at) for name, url in urls.items()}

    def check(self, body: Any, *, partial: bool, outside: Outside) -> Checked:
        """Validate the members one by one."""
        return self.group.read(body, partial=partial, outside=outside)

    async def check_together(self, record: Mapping[str, Any], request: Request) -> None:
        """Raise Refused when valid members contradict each other."""

    def filled(self, values: Mapping[str, Any], current: Mapping[str, Any]) -> JSON:
        """The complete record to store."""
        del current
        return self.group.filled(values)

    def refer(self, member: str, value: Any, uuid: str | None) -> str | Finding:
        """The uuid that a reference means, or what is wrong; `uuid` is that of the record, None when new."""
        del uuid
        return self.register.refer(self.description.references[member], value)

    def _refuse_duplicate(self, record: Mapping[str, Any], uuid: str | None) -> None:
        unique = self.description.unique
        if not unique:
            return
        same = tuple(Compared(member, "=", record[member]) for member in unique)
        _, rows = self.table.page(Question(same), 2, 0)
        if any(row.uuid != uuid for row in rows):
            self.refuse_duplicate(f"De velden {', '.join(unique)} moeten een unieke set zijn.")

    def refuse_duplicate(self, reason: str) -> None:
        """Refuse a second record with the same unique values."""
        raise invalid_as_a_whole("unique", reason)


async def performed(
    resource: Resource, method: str, uuid: str | None, request: Request, body: Callable[[], Awaitable[Any]]
) -> Response:
    """The answer to an operation of a collection, or of the record with this uuid. Raises Refused."""
    if method == "GET":
        return json_answer(resource.page(request) if uuid is None else resource.record(uuid, request))
    if uuid is None:
        made = await resource.create(await body(), request)
        return json_answer(made, 201, {"Location": made["url"]})
    if method == "DELETE":
        await resource.remove(uuid, request)
        return json_answer(None, 204)
    # a record that does not exist is a 404, whatever the body
    row = resource.existing(uuid)
    return json_answer(await resource.change(row, await body(), request, partial=method == "PATCH"))
