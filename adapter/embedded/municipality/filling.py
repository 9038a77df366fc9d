"""Filling of the embedded registers with a municipality, by their own APIs, without a network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import Any

import orjson

from adapter.embedded.inside import Sent, inside
from adapter.embedded.municipality.contacts import Contact
from adapter.embedded.municipality.people import JSON, Klant
from adapter.embedded.municipality.plan import SEED, Municipality
from adapter.embedded.store import new_uuid


class NotStored(RuntimeError):
    """A register refused a record of the municipality; the text is the collection and the status."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """An application, called directly as if at its later address `base`."""

    app: Any
    base: str
    authorization: str
    headers: tuple[tuple[str, str], ...] = ()

    async def create(self, path: str, body: JSON) -> JSON:
        """POST a body to a path below the base."""
        given = (("authorization", self.authorization), *self.headers)
        sent = Sent("POST", self.base + path, given, orjson.dumps(body))
        answer = await inside(self.app, sent)
        if answer.status != 201:
            raise NotStored(f"{path}: {answer.status}")
        created: JSON = orjson.loads(answer.body)
        return created


@dataclass(frozen=True, slots=True)
class Filling:
    """The registers to fill; `types` are the URLs of the objecttypes by name.

    Records get the same uuids every time, so that a URL of one demonstration holds in the next.
    """

    registers: InProcess
    objects: InProcess
    types: dict[str, str]
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (no secrets are made)

    async def store(self, municipality: Municipality) -> None:
        """Store everything. Raises NotStored."""
        self.registers.app.state.store.random = self.random
        klanten = [await self._klant(klant) for klant in municipality.klanten]
        for kind, data in municipality.objects:
            await self._object(kind, data, None)
        contacts: list[str] = []
        for contact in municipality.contacts:
            contacts.append(await self._contact(contact, klanten, contacts))
        self.registers.app.state.store.random = SystemRandom()

    async def _klant(self, klant: Klant) -> str:
        return str((await self.registers.create("/klanten/api/v1/klanten", klant.body))["url"])

    async def _contact(self, contact: Contact, klanten: Sequence[str], contacts: Sequence[str]) -> str:
        base = "/contactmomenten/api/v1"
        previous = {} if contact.previous is None else {"vorigContactmoment": contacts[contact.previous]}
        url = str((await self.registers.create(f"{base}/contactmomenten", contact.body | previous))["url"])
        klant = None if contact.klant is None else klanten[contact.klant]
        if klant:
            link = {"contactmoment": url, "klant": klant, "rol": contact.role}
            await self.registers.create(f"{base}/klantcontactmomenten", link)
        if contact.zaak:
            link = {"contactmoment": url, "object": contact.zaak, "objectType": "zaak"}
            await self.registers.create(f"{base}/objectcontactmomenten", link)
        if contact.task:
            data = contact.task.data | {"contactmoment": url}
            if klant and contact.task.with_klant:
                data["betrokkene"] = data["betrokkene"] | {"klant": klant}
            await self._object("InterneTaak", data, data["registratiedatum"][:10])
        return url

    async def _object(self, kind: str, data: JSON, day: str | None) -> None:
        record = {"typeVersion": 1, "startAt": day or "2024-01-01", "data": data}
        body = {"uuid": new_uuid(self.random), "type": self.types[kind], "record": record}
        await self.objects.create("/api/v2/objects", body)
