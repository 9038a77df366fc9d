"""What belongs to which contact: klanten and zaken. A link is made by a POST, and stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapter.collection import Row
from adapter.embedded.esuite.asked import Asked
from adapter.embedded.esuite.bodies import JSON, checked, compiled
from adapter.embedded.esuite.faults import JSON_TYPE, conflict, invalid
from adapter.embedded.esuite.paging import Page, paged
from adapter.embedded.esuite.records import CONTACTS, KLANT_LINKS, KLANTEN, ZAAK_LINKS, Records, equals
from adapter.openapi.checked import Problem
from adapter.openapi.document import Document

UNKNOWN = "Dit gegeven bestaat niet."
THERE = "Deze koppeling is er al."


class KlantLinks:
    """The klanten of contacts. Which role a klant has is not kept."""

    def __init__(self, records: Records, document: Document) -> None:
        self._records = records
        self._table = records.tables[KLANT_LINKS.name]
        self._validate = compiled(document, KLANT_LINKS.schema)

    def listed(self, asked: Asked) -> JSON:
        """A page of the links of a klant, who must be named. Raises Refused."""
        url = asked.url("klant")
        if not url:
            raise invalid([Problem("klant", "required", "Geef de URL van een klant.")])
        number = asked.page()
        klant = self._records.referred(url, KLANTEN)
        count, rows = self._records.found(KLANT_LINKS.name, [equals("klant", klant or "")], number)
        page = Page(number, count, self._records.looseness.page_size)
        return paged(asked, page, [self._shown(row, asked.origin) for row in rows])

    def create(self, body: Any, asked: Asked) -> JSON:
        """Link a contact with a klant. Raises Refused."""
        values = checked(self._validate, body)
        found = {
            "contactmoment": self._records.referred(values["contactmoment"], CONTACTS),
            "klant": self._records.referred(values["klant"], KLANTEN),
        }
        if missing := [Problem(name, "does_not_exist", UNKNOWN) for name, uuid in found.items() if not uuid]:
            raise invalid(missing)
        tests = [equals(name, uuid) for name, uuid in found.items() if uuid]
        if self._records.found(KLANT_LINKS.name, tests)[0]:
            raise conflict(THERE, JSON_TYPE)
        return self._shown(self._table.add(found), asked.origin)

    def _shown(self, row: Row, origin: str) -> JSON:
        return {
            "url": self._records.url(origin, KLANT_LINKS, row.uuid),
            "contactmoment": self._records.url(origin, CONTACTS, row.data["contactmoment"]),
            "klant": self._records.url(origin, KLANTEN, row.data["klant"]),
            "rol": "gesprekspartner",
        }


class ZaakLinks:
    """The zaken of contacts; `is_zaak` says whether a URL is that of a zaak in this e-Suite."""

    def __init__(self, records: Records, document: Document, is_zaak: Callable[[str], bool]) -> None:
        self._records, self._is_zaak = records, is_zaak
        self._table = records.tables[ZAAK_LINKS.name]
        self._validate = compiled(document, ZAAK_LINKS.schema)

    def listed(self, asked: Asked) -> JSON:
        """All links of a zaak, of a contact, or of both. Raises Refused when neither is given."""
        zaak, contact = asked.url("object"), asked.url("contactmoment")
        if not zaak and not contact:
            raise invalid([Problem("nonFieldErrors", "required", "Geef object of contactmoment.")])
        tests = [equals("object", zaak)] if zaak else []
        if contact:
            tests.append(equals("contactmoment", self._records.referred(contact, CONTACTS) or ""))
        count, rows = self._records.found(ZAAK_LINKS.name, tests)
        shown = [self._shown(row, asked.origin) for row in rows]
        return {"count": count, "next": None, "previous": None, "results": shown}

    def create(self, body: Any, asked: Asked) -> JSON:
        """Link a contact with a zaak. Raises Refused."""
        values = checked(self._validate, body)
        contact = self._records.referred(values["contactmoment"], CONTACTS)
        there = {"contactmoment": contact is not None, "object": self._is_zaak(values["object"])}
        if missing := [
            Problem(name, "does_not_exist", UNKNOWN) for name, known in there.items() if not known
        ]:
            raise invalid(missing)
        record = {"contactmoment": contact, "object": values["object"]}
        if self._records.found(ZAAK_LINKS.name, [equals(name, str(uuid)) for name, uuid in record.items()])[
            0
        ]:
            raise conflict(THERE, JSON_TYPE)
        return self._shown(self._table.add(record), asked.origin)

    def _shown(self, row: Row, origin: str) -> JSON:
        return {
            "url": self._records.url(origin, ZAAK_LINKS, row.uuid),
            "contactmoment": self._records.url(origin, CONTACTS, row.data["contactmoment"]),
            "object": row.data["object"],
            "objectType": "zaak",
        }
