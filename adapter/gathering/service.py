"""The service with what gathering adds before a request is done: repeats, and the uuids of records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from adapter import context
from adapter.errors import NotFound
from adapter.gathering.behind import shown, taken_off
from adapter.gathering.kept import Piece
from adapter.gathering.late import Late
from adapter.gathering.slots import NAMED
from adapter.openapi.checked import Checked
from adapter.service import Caller, ListQuery, Page, Representation, Service


class Gathered:
    """A `Service` around the engine, whose contacts are gathered."""

    def __init__(self, service: Service, late: Late) -> None:
        self._service, self._late = service, late

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        return self._service.body_options(resource)

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        return self._service.looked_into(resource, filters, expand)

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        return self._service.list(resource, query, caller)

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> Representation:
        found = self._service.retrieve(resource, self._served(resource, uuid), expand, caller, filters)
        return self._with_added(resource, found)

    def create(self, resource: str, checked: Checked, caller: Caller) -> Representation:
        if (request := context.current()) is not None:
            request.settle = caller.settle
        same = self._same(resource, checked)
        if same is not None:
            return self._service.retrieve(resource, same, (), caller)
        return self._service.create(resource, checked, caller)

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> Representation:
        for rule in self._late.declared.behind:
            checked = taken_off(rule, checked) if rule.resource == resource else checked
        uuid = self._served(resource, uuid)
        if not checked.problems:
            self._check_links(resource, uuid, caller, checked.value)
        done = self._service.update(resource, uuid, checked, partial, caller)
        return self._with_added(resource, done)

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> Representation | None:
        uuid = self._served(resource, uuid)
        self._late.check_delete(uuid)
        self._check_links(resource, uuid, caller)
        return self._service.destroy(resource, uuid, parameters, caller)

    def _check_links(
        self, resource: str, uuid: str, caller: Caller, change: Mapping[str, Any] | None = None
    ) -> None:
        """Raise Invalid for a change that would take a link away, which stays; Forbidden for a DELETE."""
        if resource not in self._late.linking or self._late.is_piece(uuid):
            return
        with suppress(NotFound):
            found = _with_uuids(self._service.retrieve(resource, uuid, (), caller))
            body = None if change is None else {**found, **_with_uuids(change)}
            self._late.check_links(Piece(uuid, resource, found), body)

    def _with_added(self, resource: str, found: Representation) -> Representation:
        """A resource with what employees added to its record since, behind one of its texts."""
        for rule in self._late.declared.behind:
            contact = self._late.contact_named(resource, found) if rule.resource == resource else None
            record = self._late.reading.record(contact) if contact else None
            if record is not None:
                shown(rule, found, record.content)
        return found

    def _served(self, resource: str, uuid: str) -> str:
        """The uuid under which a contact is served that is asked for by that of its record."""
        if resource != self._late.declared.resource:
            return uuid
        return self._late.reading.aliases.served([uuid])[uuid]

    def _same(self, resource: str, checked: Checked) -> str | None:
        """The uuid of the piece that a client records again, after an answer that was lost.

        Only of a resource of which a contact has one: there, all that is sent is as it was.
        """
        if resource not in self._late.declared.single or checked.problems:
            return None
        # An empty number is none: the piece was given one.
        numbered = self._late.numbered.get(resource, frozenset())
        sent = {name: value for name, value in checked.value.items() if value or name not in numbered}
        contact = self._late.contact_of(resource, sent)
        pieces = (self._late.reading.pieces(contact) if contact else None) or ()
        return next((each.uuid for each in pieces if _says(each, resource, sent)), None)


def _with_uuids(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body with no more of its references than their uuid."""
    return {
        name: {NAMED: value[NAMED]} if isinstance(value, dict) and NAMED in value else value
        for name, value in body.items()
    }


def _says(piece: Piece, resource: str, sent: Mapping[str, Any]) -> bool:
    return piece.resource == resource and all(
        _as_referred(piece.body.get(name)) == _as_referred(value)
        for name, value in sent.items()
        if name in piece.body
    )


def _as_referred(value: Any) -> Any:
    """A value, of references only what they refer to."""
    if isinstance(value, list):
        return [_as_referred(each) for each in value]
    return value[NAMED] if isinstance(value, dict) and NAMED in value else value
