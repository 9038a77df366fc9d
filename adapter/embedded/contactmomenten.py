"""The collections of the Contactmomenten register: contactmomenten, and their links to klanten and zaken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from adapter.collection import Row
from adapter.embedded.answers import invalid, invalid_as_a_whole, origin_of
from adapter.embedded.bodies import Finding
from adapter.embedded.dialect import CONTACTMOMENTEN, KLANTCONTACTMOMENTEN, OBJECTCONTACTMOMENTEN
from adapter.embedded.filters import sortable
from adapter.embedded.register import Register, not_a_url
from adapter.embedded.resources import JSON, Resource
from adapter.openapi.checked import WHOLE, Problem

REGISTERED = "registratiedatum"
PREVIOUS = "vorigContactmoment"
NEXT = "volgendContactmoment"
EMPLOYEE = "medewerkerIdentificatie"
CONTACT = "contactmoment"
WHOLE_SECOND = ".000000Z"


class Contactmomenten(Resource):
    """The collection of contactmomenten, ordered by registratiedatum.

    A contactmoment may refer to its predecessor, and has at most one successor.
    """

    def __init__(self, register: Register, links: Mapping[str, Resource]) -> None:
        super().__init__(register, CONTACTMOMENTEN)
        self.links = {name: link for name, link in links.items() if name in self.group.properties}

    def refer(self, member: str, value: Any, uuid: str | None) -> str | Finding:
        """As any reference, but a contactmoment may be the predecessor of one other only."""
        if not isinstance(value, str):
            raise self.register.fault(Problem(member, "incorrect_type", not_a_url(value)))
        found = super().refer(member, value, uuid)
        if isinstance(found, str) and any(row.uuid != uuid for row in self.table.with_any(PREVIOUS, [found])):
            return "unique", "Dit veld moet uniek zijn."
        return found

    async def check_together(self, record: Mapping[str, Any], request: Request) -> None:
        """Require an employee. The register does not check that it stays: `record` has the stored one too."""
        if not record.get("medewerker") and not record.get(EMPLOYEE):
            reason = "medewerker or medewerkerIdentificatie must be provided"
            raise invalid_as_a_whole("invalid-medewerker", reason)

    def filled(self, values: Mapping[str, Any], current: Mapping[str, Any]) -> JSON:
        """A complete record; the default of registratiedatum is now."""
        moment = values.get(REGISTERED) or datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return super().filled({**values, REGISTERED: sortable(moment)}, current)

    def shown(self, rows: Sequence[Row], origin: str, expand: Sequence[str]) -> list[JSON]:
        """The records with their successors and links, which are read once for all rows."""
        uuids = [row.uuid for row in rows]
        successors = {row.data[PREVIOUS]: row.uuid for row in self.table.with_any(PREVIOUS, uuids)}
        links = {name: self._links(name, uuids, origin, whole=name in expand) for name in self.links}
        results = []
        for row in rows:
            result = self._shown(row, origin)
            result[REGISTERED] = result[REGISTERED].replace(WHOLE_SECOND, "Z")
            successor = successors.get(row.uuid)
            result[NEXT] = (
                self.register.addresses.write(origin, self.description.name, successor) if successor else None
            )
            results.append(result | {name: found.get(row.uuid, []) for name, found in links.items()})
        return results

    def _links(self, name: str, uuids: Sequence[str], origin: str, *, whole: bool) -> dict[str, list[Any]]:
        """The links of one collection by contactmoment, newest first."""
        found: dict[str, list[Any]] = {}
        rows = self.register.tables[name].with_any(CONTACT, uuids)
        for row, link in zip(rows, self.links[name].shown(rows, origin, ()), strict=True):
            found.setdefault(row.data[CONTACT], []).append(link if whole else link["url"])
        return found


class Klantcontactmomenten(Resource):
    """The links to klanten. A klant must exist when it is linked; it may be deleted later."""

    def __init__(self, register: Register) -> None:
        super().__init__(register, KLANTCONTACTMOMENTEN)


class Objectcontactmomenten(Resource):
    """The links to zaken. The same relation must exist in the Zaken API, and be deleted there first."""

    def __init__(self, register: Register) -> None:
        super().__init__(register, OBJECTCONTACTMOMENTEN)

    async def check_together(self, record: Mapping[str, Any], request: Request) -> None:
        """Require that the object is a zaak, and that the Zaken API has the relation."""
        finding = await self.register.zaak_problem(record["object"])
        if finding:
            raise invalid(Problem("object", *finding))
        if not self.register.wants_relations:
            return
        mirrors = await self._mirrors(record["object"], record[CONTACT], request)
        if mirrors is None:
            raise invalid_as_a_whole("relation-validation-error", "The relation could not be looked up")
        if not mirrors:
            kind = record["objectType"]
            raise invalid_as_a_whole("inconsistent-relation", f"The contactmoment has no relations to {kind}")

    async def remove(self, uuid: str, request: Request) -> None:
        """Delete a link, if the Zaken API does not have the relation any more."""
        row = self.existing(uuid)
        if not self.register.wants_relations:
            self.table.remove(row.uuid)
            return
        mirrors = await self._mirrors(row.data["object"], row.data[CONTACT], request)
        if mirrors is None:
            raise invalid_as_a_whole("relation-lookup-error", "The relation could not be looked up")
        if mirrors:
            code = "remote-relation-exists"
            reason = "The canonical remote relation still exists, this relation cannot be deleted."
            # Open Klant 1.0 answers with the representation of a Python exception
            raise invalid_as_a_whole(code, f"[ErrorDetail(string={reason!r}, code={code!r})]")
        self.table.remove(row.uuid)

    async def _mirrors(self, zaak: str, contactmoment: str, request: Request) -> int | None:
        url = self.register.addresses.write(origin_of(request), CONTACTMOMENTEN.name, contactmoment)
        return await self.register.mirrors(zaak, url)

    def refuse_duplicate(self, reason: str) -> None:
        """A 500, as in Open Klant 1.0."""
        raise self.register.fault(Problem(WHOLE, "unique", reason))
