"""What the collections of an application share: their tables, documents, and references to elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.collection import Collection
from adapter.embedded.addresses import Addresses
from adapter.embedded.answers import Refused, broken
from adapter.embedded.bodies import Finding
from adapter.embedded.remote import Remote, Unreachable
from adapter.openapi.checked import Problem
from adapter.openapi.document import Document

OK = 200
FORBIDDEN = 403
NOT_FOUND = 404


def not_a_url(value: Any) -> str:
    """For a reference that is no text."""
    return f"Ongeldig type. Verwacht een URL, ontving {type(value).__name__}."


@dataclass(frozen=True, slots=True)
class Register:
    """What all collections of an application share; see `klanten_contactmomenten.create_app`.

    Whoever serves these collections from elsewhere overrides what it does otherwise.
    """

    tables: Mapping[str, Collection]
    documents: Mapping[str, Document]
    addresses: Addresses
    strict: bool = False
    aliases: Iterable[str] = ()
    zaken: Iterable[str] = ()
    remote: Remote = field(default_factory=Remote)

    def is_here(self, origin: str, asked_at: str) -> bool:
        """Whether an origin is that of this register, for a client that used the origin `asked_at`."""
        return origin == asked_at or origin in self.aliases

    @property
    def wants_relations(self) -> bool:
        """Whether a link with a zaak must be in the Zaken API first, and be deleted there first."""
        return True

    def fault(self, problem: Problem) -> Refused:
        """The answer to what Open Klant 1.0 fails at: a 500 as there, whatever the problem is."""
        del problem
        return broken()

    def spelled(self, url: str, asked_at: str) -> str:
        """The URL of a record as it is stored: as the client gave it."""
        del asked_at
        return url

    def shown(self, url: str, asked_at: str) -> str:
        """The URL of a record elsewhere as clients get it: as it is stored."""
        del asked_at
        return url

    def refer(self, collection: str, value: Any) -> str | Finding:
        """The uuid of the record that a URL of any host refers to, or what is wrong with the URL."""
        if not isinstance(value, str):
            return "incorrect_type", not_a_url(value)
        address = self.addresses.read(value)
        if address.collection is None:
            return "no_match", "Ongeldige hyperlink - Geen overeenkomende URL."
        if address.collection != collection or address.uuid is None:
            return "incorrect_match", "Ongeldige hyperlink - Ongeldige URL"
        if self.tables[collection].get(address.uuid) is None:
            return "does_not_exist", "Ongeldige hyperlink - Object bestaat niet."
        return address.uuid

    async def unreachable(self, url: str, asked_at: str, *, logged_in: bool) -> Finding | None:
        """What is wrong with a URL that must answer 200; None when it does.

        `logged_in` is whether it is fetched with a token for this register's own records.
        """
        try:
            status = await self._status(url, asked_at, logged_in=logged_in)
        except Unreachable as error:
            return "bad-url", f"De URL {url} kon niet opgehaald worden. Foutmelding: {error.cause}"
        if status == OK:
            return None
        return "bad-url", f"De URL {url} gaf als antwoord HTTP {status}. Geef een geldige URL op."

    async def _status(self, url: str, asked_at: str, *, logged_in: bool) -> int:
        address = self.addresses.read(url)
        if not self.is_here(address.origin, asked_at):
            status, _ = await self.remote.get(url)
            return status
        if address.collection is None:
            return NOT_FOUND
        if not logged_in:
            return FORBIDDEN
        known = address.uuid is None or self.tables[address.collection].get(address.uuid) is not None
        return OK if known else NOT_FOUND

    async def zaak_problem(self, url: str) -> Finding | None:
        """What is wrong with a URL that must be that of a zaak in a known Zaken API; None if nothing is."""
        try:
            status, content = await self.remote.get(url)
        except Unreachable as error:
            return "bad-url", f"De URL {url} kon niet opgehaald worden. Foutmelding: {error.cause}"
        if status != OK:
            return "bad-url", f"De URL {url} gaf als antwoord HTTP {status}. Geef een geldige URL op."
        if self._zaken_base(url) is None or not isinstance(content, dict) or "zaaktype" not in content:
            reason = f"The URL {url} resource did not look like a(n) `Zaak`. Please provide a valid URL."
            return "invalid-resource", reason
        return None

    async def mirrors(self, zaak: str, contactmoment: str) -> int | None:
        """The number of relations between the two in the Zaken API; None when it cannot be asked."""
        base = self._zaken_base(zaak)
        try:
            status, content = await self.remote.get(
                f"{base}/zaakcontactmomenten", {"zaak": zaak, "contactmoment": contactmoment}
            )
        except Unreachable:
            return None
        return len(content) if status == OK and isinstance(content, list) else None

    def _zaken_base(self, url: str) -> str | None:
        bases = (base.rstrip("/") for base in self.zaken)
        return next((base for base in bases if url.startswith(f"{base}/")), None)
