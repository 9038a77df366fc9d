"""The contacts of the e-Suite: made by one POST, and changed by nobody but its employees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from adapter.collection import Row
from adapter.embedded.esuite.asked import Asked
from adapter.embedded.esuite.bodies import (
    DEPARTMENT,
    GROUP,
    JSON,
    REACHED_BY,
    assigned,
    checked,
    compiled,
    contact_problems,
    kept,
    trimmed,
)
from adapter.embedded.esuite.faults import invalid, not_found
from adapter.embedded.esuite.organisation import Organisation
from adapter.embedded.esuite.paging import Page, paged
from adapter.embedded.esuite.records import (
    ANONYMOUS,
    CONTACTS,
    KLANTEN,
    OF_KLANT,
    Records,
    Test,
    contains,
    equals,
)
from adapter.openapi.checked import Problem
from adapter.openapi.document import Document

ANSWERS, LATEST = "voorlopigeAntwoorden", "recentsteVoorlopigAntwoord"
NOWHERE = Test("0")


class Contacts:
    """The collection of contacts."""

    def __init__(self, records: Records, organisation: Organisation, document: Document) -> None:
        self._records, self._organisation = records, organisation
        self._table = records.tables[CONTACTS.name]
        self._validate = compiled(document, CONTACTS.schema)

    def listed(self, asked: Asked) -> JSON:
        """A page of the contacts that meet all parameters; parameters that it does not know are ignored.

        Raises Refused, also when nothing is asked for.
        """
        tests = list(self._tests(asked))
        if not tests:
            reason = "Geef klant, identificatie, telefoonnummerOfEmailadres of type."
            raise invalid([Problem("nonFieldErrors", "required", reason)])
        number = asked.page()
        count, rows = self._records.found(CONTACTS.name, tests, number)
        whole = bool(asked.given("identificatie"))
        page = Page(number, count, self._records.looseness.page_size)
        return paged(asked, page, [self.shown(row, asked.origin, whole) for row in rows])

    def record(self, uuid: str, asked: Asked) -> JSON:
        """One contact, with its provisional answers. Raises Refused."""
        return self.shown(self.existing(uuid), asked.origin, whole=True)

    def prepared(self, body: Any, asked: Asked) -> JSON:
        """The record to store for a body. Raises Refused with everything that is wrong."""
        values = kept(checked(self._validate, body))
        if self._records.looseness.trims:
            values = kept(trimmed(values))
        values.setdefault("status", "nieuw")
        if problems := list(contact_problems(values, self._organisation)):
            raise invalid(problems)
        if asked.user in self._organisation.medewerkers:
            values.setdefault("medewerkerIdentificatie", {"identificatie": asked.user})
        values.setdefault("registratiedatum", datetime.now(UTC).isoformat(timespec="seconds"))
        return self.routed(values)

    def routed(self, values: JSON) -> JSON:
        """The members with the department or group that the onderwerp stands for, instead of that."""
        subject = values.get("onderwerp")
        rest = {name: value for name, value in values.items() if name != "onderwerp"}
        return ((assigned(subject, self._organisation) or {}) if subject else {}) | rest

    def add(self, record: JSON) -> Row:
        """Store a new contact, with a number of its own."""
        number = f"CON-{self._records.next_number(CONTACTS.name):07d}"
        return self._table.add({**record, "identificatie": number, ANSWERS: []})

    def replace(self, row: Row) -> None:
        """Store what an employee made of a contact."""
        self._table.replace(row)

    def existing(self, uuid: str) -> Row:
        """The contact with this uuid. Raises Refused."""
        row = self._table.get(uuid)
        if row is None:
            raise not_found()
        return row

    def shown(self, row: Row, origin: str, whole: bool) -> JSON:
        """A contact as clients get it; `whole` is with all provisional answers."""
        data = dict(row.data)
        answers = data.pop(ANSWERS)
        for name, member, shown in (
            ("behandelaar", "gebruikersnaam", "volledigeNaam"),
            ("medewerkerIdentificatie", "identificatie", "achternaam"),
        ):
            if name in data:
                user = data[name][member]
                data[name] = {member: user, shown: self._organisation.named(user)}
        if "afdeling" in data:
            data["onderwerp"] = f"{DEPARTMENT}{data['afdeling']}"
        elif "groep" in data:
            data["onderwerp"] = f"{GROUP}{data['groep']}"
        if answers:
            data[LATEST] = answers[0]
        if whole:
            data[ANSWERS] = answers
        url = self._records.url(origin, CONTACTS, row.uuid)
        return {"url": url, "bronorganisatie": self._organisation.bronorganisatie, **data}

    def _tests(self, asked: Asked) -> Iterator[Test]:
        if url := asked.url("klant"):
            klant = self._records.referred(url, KLANTEN)
            yield Test(OF_KLANT, (klant,)) if klant else NOWHERE
            yield equals("status", "nieuw", "in_behandeling")
        if number := asked.given("identificatie"):
            yield equals("identificatie", number)
        if text := asked.given("telefoonnummerOfEmailadres"):
            each = [contains(f"contactgegevens.{name}", text) for name in REACHED_BY]
            yield Test(f"({' OR '.join(test.sql for test in each)})", (text,) * len(each))
            yield Test(ANONYMOUS)
        if types := [value for value in asked.parameters.getlist("type") if value]:
            yield equals("type", *types)
