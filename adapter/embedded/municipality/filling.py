"""Filling of the embedded registers with a municipality, in bulk: of 100,000 contacts in less than a minute.

What is stored is what their own APIs would have stored of the same records.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from adapter.collection import Row
from adapter.embedded import objects
from adapter.embedded.klanten_contactmomenten import tables_of
from adapter.embedded.municipality.contacts import GONE, Contact
from adapter.embedded.municipality.people import JSON
from adapter.embedded.municipality.plan import SEED, Municipality
from adapter.embedded.objects import Draft
from adapter.embedded.store import new_uuid

SINCE = "2024-01-01"
KLANTEN = "/klanten/api/v1/klanten"
CONTACTMOMENTEN = "/contactmomenten/api/v1/contactmomenten"
TASK = "InterneTaak"

Records = Iterator[tuple[str, JSON]]
"""(uuid, body) of each."""


@dataclass(frozen=True, slots=True)
class Filling:
    """The applications to fill: of the two registers, at their later origin, and of the Objects API.

    `types` are the uuids of the objecttypes by name. Records get the same uuids every time, so that a URL of
    one demonstration holds in the next.
    """

    registers: Any
    origin: str
    objects: Any
    types: dict[str, str]
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (no secrets are made)

    def store(self, municipality: Municipality) -> None:
        """Store everything."""
        contacts = municipality.contacts
        klanten, uuids = self._uuids(len(municipality.klanten)), self._uuids(len(contacts))
        bodies = (each.body for each in municipality.klanten)
        records: dict[str, Records] = {
            "klanten": zip(klanten, bodies, strict=True),
            "contactmomenten": _contacts(contacts, uuids),
            "klantcontactmomenten": self._callers(contacts, uuids, klanten),
            "objectcontactmomenten": self._zaken(contacts, uuids),
        }
        store = self.registers.state.store
        with store.transaction():
            for name, table in tables_of(store).items():
                made_of = self.registers.state.resources[name].made_of
                table.add_all(Row(uuid, made_of(body)) for uuid, body in records[name])
        objects.insert(self.objects, self._directory(municipality))
        objects.insert(self.objects, self._tasks(contacts, uuids, klanten))

    def store_directory(self, municipality: Municipality) -> None:
        """Store the departments, groups and employees alone."""
        objects.insert(self.objects, self._directory(municipality))

    def _uuids(self, amount: int) -> list[str]:
        return [new_uuid(self.random) for _ in range(amount)]

    def _callers(self, contacts: Sequence[Contact], uuids: Sequence[str], klanten: Sequence[str]) -> Records:
        for contact, uuid in zip(contacts, uuids, strict=True):
            klant = self._klant(contact, klanten)
            if klant:
                yield new_uuid(self.random), {"contactmoment": uuid, "klant": klant, "rol": contact.role}

    def _klant(self, contact: Contact, klanten: Sequence[str]) -> str:
        """The URL of the klant of a contact; empty when it has none."""
        if contact.klant is None and not contact.gone:
            return ""
        uuid = GONE if contact.klant is None else klanten[contact.klant]
        return f"{self.origin}{KLANTEN}/{uuid}"

    def _zaken(self, contacts: Sequence[Contact], uuids: Sequence[str]) -> Records:
        for contact, uuid in zip(contacts, uuids, strict=True):
            if contact.zaak:
                link = {"contactmoment": uuid, "object": contact.zaak, "objectType": "zaak"}
                yield new_uuid(self.random), link

    def _directory(self, municipality: Municipality) -> Iterator[tuple[str, Draft]]:
        for kind, data in municipality.objects:
            yield new_uuid(self.random), Draft(self.types[kind], 1, SINCE, data)

    def _tasks(
        self, contacts: Sequence[Contact], uuids: Sequence[str], klanten: Sequence[str]
    ) -> Iterator[tuple[str, Draft]]:
        collection = f"{self.origin}{CONTACTMOMENTEN}"
        for contact, uuid in zip(contacts, uuids, strict=True):
            task = contact.task
            if task is None:
                continue
            reference = task.reference.format(url=f"{collection}/{uuid}", collection=collection)
            data = task.data | {"contactmoment": reference}
            if task.with_klant:
                data["betrokkene"] = data["betrokkene"] | {"klant": self._klant(contact, klanten)}
            yield new_uuid(self.random), Draft(self.types[TASK], 1, data["registratiedatum"][:10], data)


def _contacts(contacts: Sequence[Contact], uuids: Sequence[str]) -> Records:
    for contact, uuid in zip(contacts, uuids, strict=True):
        previous = {} if contact.previous is None else {"vorigContactmoment": uuids[contact.previous]}
        yield uuid, contact.body | previous
