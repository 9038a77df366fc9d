"""The klanten of the e-Suite: found by one number, made by looking it up, reachable by three members."""

from __future__ import annotations

from typing import Any

from adapter.collection import Row
from adapter.embedded.esuite.asked import Asked
from adapter.embedded.esuite.bodies import JSON, REACHED_BY, checked, compiled, subject_of, telephones
from adapter.embedded.esuite.faults import conflict, invalid, not_found
from adapter.embedded.esuite.organisation import KINDS, Organisation
from adapter.embedded.esuite.records import KLANTEN, Records, equals
from adapter.openapi.checked import Problem
from adapter.openapi.document import Document

SUBJECT = "subjectIdentificatie"
PARAMETERS = {
    "subjectNatuurlijkPersoon__inpBsn": "inpBsn",
    "subjectNietNatuurlijkPersoon__innNnpId": "innNnpId",
    "subjectVestiging__vestigingsNummer": "vestigingsNummer",
}
CONSENT = "toestemmingZaakNotificatiesAlleenDigitaal"


class Klanten:
    """The collection of klanten."""

    def __init__(self, records: Records, organisation: Organisation, document: Document) -> None:
        self._records, self._organisation = records, organisation
        self._table = records.tables[KLANTEN.name]
        self._validate = compiled(document, KLANTEN.schema)

    def listed(self, asked: Asked) -> JSON:
        """The klant with a number. Raises Refused unless exactly one number is asked for."""
        given = [(member, value) for name, member in PARAMETERS.items() if (value := asked.given(name))]
        if len(given) != 1:
            reason = f"Geef precies één van {', '.join(PARAMETERS)}."
            raise invalid([Problem("nonFieldErrors", "invalid", reason)])
        _, rows = self._records.found(KLANTEN.name, [_with_number(*given[0])])
        return {"count": len(rows), "results": [self._shown(row, asked.origin) for row in rows]}

    def record(self, uuid: str, asked: Asked) -> JSON:
        """One klant. Raises Refused."""
        return self._shown(self._existing(uuid), asked.origin)

    def create(self, body: Any, asked: Asked) -> JSON:
        """Look somebody up elsewhere, and keep what is found with how to reach them. Raises Refused."""
        values = checked(self._validate, body)
        member, number = subject_of(values.get(SUBJECT) or {})
        found = self._organisation.looked_up(member, number)
        if found is None:
            raise not_found()
        _, there = self._records.found(KLANTEN.name, [_with_number(member, number)])
        if there and self._records.looseness.known_klant_again:
            return self._shown(there[0], asked.origin)
        if there:
            raise conflict("Deze klant is er al.")
        own = {name: number for name, number in values[SUBJECT].items() if number}
        record = {
            "bronorganisatie": self._organisation.bronorganisatie,
            "klantnummer": f"{self._records.next_number(KLANTEN.name):08d}",
            SUBJECT: own,
            "subjectType": KINDS[member],
            "number": f"{member} {number}",
            **found,
        }
        return self._shown(self._table.add(record | self._reached(values, {})), asked.origin)

    def change(self, uuid: str, body: Any, asked: Asked) -> JSON:
        """Change how a klant is reached; any other member of the body is ignored. Raises Refused."""
        row = self._existing(uuid)
        values = checked(self._validate, body, partial=True)
        changed = Row(uuid, row.data | self._reached(values, row.data))
        self._table.replace(changed)
        return self._shown(changed, asked.origin)

    def _reached(self, values: JSON, before: JSON) -> JSON:
        after = {name: values.get(name, before.get(name)) or None for name in REACHED_BY}
        if problems := list(telephones(after)):
            raise invalid(problems)
        return after | {CONSENT: values.get(CONSENT, before.get(CONSENT))}

    def _existing(self, uuid: str) -> Row:
        row = self._table.get(uuid)
        if row is None:
            raise not_found()
        return row

    def _shown(self, row: Row, origin: str) -> JSON:
        shown = {name: value for name, value in row.data.items() if name != "number"}
        return {"url": self._records.url(origin, KLANTEN, row.uuid), **shown}


def _with_number(member: str, number: str) -> Any:
    """The test for the klant that was looked up by this number."""
    return equals("number", f"{member} {number}")
