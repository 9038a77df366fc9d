"""What employees do with contacts inside the e-Suite, where no client comes.

Its paths are of this stand-in alone: the real one has screens for it.

    GET   /kantoor/contacten                 all contacts, each with its klanten and zaken
    GET   /kantoor/contacten/{uuid}          one
    PATCH /kantoor/contacten/{uuid}          takes it up, closes it, edits it, reassigns it
    POST  /kantoor/contacten/{uuid}/antwoorden   a provisional answer: {"antwoord": …}
    POST  /kantoor/contacten/{uuid}/kopie        the same contact again, under a number of its own
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from adapter.collection import Row
from adapter.embedded.esuite.asked import Asked
from adapter.embedded.esuite.bodies import CLOSED, JSON, kept, unknown_names
from adapter.embedded.esuite.contacts import ANSWERS, Contacts
from adapter.embedded.esuite.faults import invalid
from adapter.embedded.esuite.organisation import Organisation
from adapter.embedded.esuite.records import CONTACTS, KLANT_LINKS, KLANTEN, ZAAK_LINKS, Records, equals
from adapter.openapi.checked import Problem

BASE = "/kantoor/contacten"
EDITED = frozenset(
    {
        "tekst",
        "antwoord",
        "toelichting",
        "status",
        "kanaal",
        "type",
        "afdeling",
        "groep",
        "onderwerp",
        "behandelaar",
        "contactgegevens",
    }
)


class Office:
    """The desks of the employees."""

    def __init__(self, records: Records, organisation: Organisation, contacts: Contacts) -> None:
        self._records, self._organisation, self._contacts = records, organisation, contacts

    def listed(self, asked: Asked) -> JSON:
        """All contacts, each as an employee sees it."""
        count, rows = self._records.found(CONTACTS.name, ())
        return {"count": count, "results": [self._seen(row, asked) for row in rows]}

    def record(self, uuid: str, asked: Asked) -> JSON:
        """One contact as an employee sees it. Raises Refused."""
        return self._seen(self._contacts.existing(uuid), asked)

    def change(self, uuid: str, body: Any, asked: Asked) -> JSON:
        """Change members; null or an empty text empties one. Raises Refused.

        A closed contact needs an answer here too; its note and its employee stay.
        """
        row = self._contacts.existing(uuid)
        values = {name: value for name, value in body.items() if name in EDITED} if body else {}
        after = kept(self._contacts.routed({**row.data, **values}))
        problems = list(unknown_names(after, self._organisation))
        if after.get("status") == CLOSED and not after.get("antwoord"):
            problems.append(Problem("antwoord", "required", "Een afgehandeld contact heeft een antwoord."))
        if problems:
            raise invalid(problems)
        changed = Row(uuid, {"tekst": "", ANSWERS: [], **after})
        self._contacts.replace(changed)
        return self._seen(changed, asked)

    def answer(self, uuid: str, body: Any, asked: Asked) -> JSON:
        """Add a provisional answer, the newest first. Raises Refused."""
        row = self._contacts.existing(uuid)
        text = body.get("antwoord") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text:
            raise invalid([Problem("antwoord", "required", "Geef een antwoord.")])
        added = {"antwoord": text, "registratiedatum": datetime.now(UTC).isoformat(timespec="seconds")}
        if employee := self._organisation.medewerkers.get(asked.user):
            added |= {"gebruikersnaam": asked.user, "volledigeNaam": employee["naam"]}
            added["afdeling"] = employee["afdeling"]
        changed = Row(uuid, {**row.data, ANSWERS: [added, *row.data[ANSWERS]]})
        self._contacts.replace(changed)
        return self._seen(changed, asked)

    def copy(self, uuid: str, asked: Asked) -> JSON:
        """Make a contact that says the same. Raises Refused."""
        return self._seen(self._contacts.add(self._contacts.existing(uuid).data), asked)

    def _seen(self, row: Row, asked: Asked) -> JSON:
        of = [equals("contactmoment", row.uuid)]
        _, klanten = self._records.found(KLANT_LINKS.name, of)
        _, zaken = self._records.found(ZAAK_LINKS.name, of)
        return {
            **self._contacts.shown(row, asked.origin, whole=True),
            "klanten": [self._records.url(asked.origin, KLANTEN, each.data["klant"]) for each in klanten],
            "zaken": [each.data["object"] for each in zaken],
        }
