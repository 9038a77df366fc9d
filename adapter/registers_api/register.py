"""What the collections of the old APIs share when the registers of others are behind them.

Only the Zaken API that is configured is called: whatever other URL a client sends is not fetched, since this
process may reach more than the client may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import requests

from adapter.embedded.addresses import Address, Addresses
from adapter.embedded.answers import Refused, invalid
from adapter.embedded.bodies import Finding
from adapter.embedded.register import OK, Register
from adapter.embedded.remote import Remote, Unreachable
from adapter.openapi.checked import Problem
from adapter.openapi.formats import canonical_uuid
from adapter.registers.client import Register as Client

# The uuid that no record has (RFC 9562, section 5.9).
NOBODY = str(UUID(int=0))
ELSEWHERE = "deze API kent geen gegevens van dit adres"


class UuidAddresses(Addresses):
    """Addresses of records that all have a uuid: other text in its place is that of no record.

    Prevents that a client chooses which path of a register is called (`contactmomenten/..`).
    """

    def read(self, url: str) -> Address:
        """The parts of a URL, with the uuid in its canonical form; NOBODY's for what is no uuid."""
        found = super().read(url)
        return found if found.uuid is None else replace(found, uuid=canonical_uuid(found.uuid) or NOBODY)


@dataclass(frozen=True, slots=True)
class Shared(Register):
    """As the embedded registers have it, but what Open Klant 1.0 fails at is refused with a reason.

    relations: whether a link with a zaak must be in the Zaken API first, and be deleted there first.
    kept_at: the address that the URLs of records here have where they are kept.
    """

    relations: bool = False
    kept_at: str = ""

    @property
    def wants_relations(self) -> bool:
        """Whether relations are looked up in the Zaken API."""
        return self.relations and bool(self.zaken)

    def fault(self, problem: Problem) -> Refused:
        """A 400 that names the problem."""
        return invalid(problem)

    def spelled(self, url: str, asked_at: str) -> str:
        """The URL of a record of these APIs, below their first address."""
        return self._below(url, asked_at, self.kept_at or asked_at)

    def shown(self, url: str, asked_at: str) -> str:
        """The URL of a record of these APIs, below the address under which was asked."""
        return self._below(url, asked_at, asked_at)

    def _below(self, url: str, asked_at: str, wanted: str) -> str:
        address = self.addresses.read(url)
        if address.collection is None or address.uuid is None or not self.is_here(address.origin, asked_at):
            return url
        return self.addresses.write(wanted, address.collection, address.uuid)

    async def zaak_problem(self, url: str) -> Finding | None:
        """As in the embedded registers where there is a Zaken API to ask; else nothing."""
        return await Register.zaak_problem(self, url) if self.zaken else None

    async def _status(self, url: str, asked_at: str, *, logged_in: bool) -> int:
        here = self.is_here(self.addresses.read(url).origin, asked_at)
        if here or self._zaken_base(url) is not None:
            return await Register._status(self, url, asked_at, logged_in=logged_in)
        try:
            # what could never be sent: no URL, or one of no scheme that is fetched
            requests.Session().get_adapter(requests.Request("GET", url).prepare().url or "")
        except requests.RequestException as error:
            raise Unreachable(str(error)) from None
        if logged_in:
            raise Unreachable(ELSEWHERE)
        return OK


class Zaken(Remote):
    """Fetches URLs of the configured Zaken API, and of nothing else. It blocks the thread that it runs in."""

    def __init__(self, client: Client | None) -> None:
        super().__init__()
        self._client = client

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON). Raises Unreachable for a URL elsewhere, and RegisterUnavailable."""
        bases = self._client.aliases if self._client else ()
        base = next((each for each in bases if url.startswith(each)), None)
        if self._client is None or base is None:
            raise Unreachable(ELSEWHERE)
        answer = self._client.call("GET", url.removeprefix(base), params=[*(parameters or {}).items()])
        return answer.status, answer.body
