"""A deployment to draw for: its registers hold something to refer to, and are put back after each example."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from adapter.dialects import SHIPPED
from adapter.mapping.load import read_dialect
from adapter.mapping.model import Home, Mappings
from adapter.registers.contract import RegisterContract
from adapter.registers.messages import Received, Sent
from adapter.shipped import register_document, shipped_mappings

from tests import bodies
from tests.contract.rules import only_rules
from tests.deployment import Running, deployed
from tests.engine.old_kiss import OldKiss
from tests.inside import Network

JSON = dict[str, Any]
Snapshot = dict[str, dict[str, JSON]]


class Bench:
    """A running deployment. What is drawn names resources as (collection, number)."""

    def __init__(self, deployment: Running) -> None:
        self.deployment, self.served = deployment, deployment.served
        self.mappings: Mappings = shipped_mappings(deployment.dialect)
        self.old = OldKiss(deployment)
        self.tried = self.refused = 0
        self.seeds: dict[str, list[JSON]] = {}
        self.contracts = {
            name: RegisterContract(name, document, deployment.findings.append)
            for name in ("klanten", "contactmomenten")
            if (document := register_document(name, deployment.dialect))
        }
        self._seed()
        self._keep()
        self.kept = self.registers()
        self.known = {
            name: {each["uuid"] for each in self.served.all(name)} for name in self.mappings.resources
        }

    def _keep(self) -> None:
        """What the registers hold now is what `restore` goes back to."""
        for name, database in self.deployment.databases.items():
            with database:
                for table in self.deployment.kept[name]:
                    database.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM main.{table}")

    def restore(self) -> None:
        """Forget what an example wrote, and what was seen of it."""
        for name, database in self.deployment.databases.items():
            with database:
                for table in self.deployment.kept[name]:
                    database.execute(f"DELETE FROM main.{table}")
                    database.execute(f"INSERT INTO main.{table} SELECT * FROM temp.kept_{table}")
        for seen in (self.deployment.invalid, self.deployment.findings, self.deployment.exchanges):
            seen.clear()

    def _seed(self) -> None:
        """Make some of everything that bodies and records refer to."""
        old, made = self.old, self.served.post
        partijen = [made("partijen", bodies.persoon()), made("partijen", bodies.organisatie())]
        contacten = [made("klantcontacten", bodies.contact()) for _ in range(2)]
        klant, moment = old.klant(achternaam="Oud", emailadres="oud@example.nl"), old.moment()
        partijen.append(self._of_record("partijen", klant))
        contacten.append(self._of_record("klantcontacten", moment))
        eenheid = bodies.actor("bz", "Burgerzaken", soort="organisatorische_eenheid")
        directory = old.object("Medewerker", identificatie="k.jong", achternaam="Jong", afdelingen=[])
        number = bodies.identificator("kvk_nummer", "12345678")
        zaak = self.deployment.zaken.url(f"zaken/{bodies.ZAAK}")
        for each in (moment, old.moment_of(contacten[0])):
            self.deployment.zaken.post("zaakcontactmomenten", {"contactmoment": each["url"], "zaak": zaak})
        self.seeds = {
            "zaken": [{"url": zaak}],
            "klanten": [klant, old.klanten.get(f"klanten/{partijen[0]['uuid']}")],
            "contactmomenten": [moment, old.moment_of(contacten[0])],
            "partijen": partijen,
            "klantcontacten": contacten,
            "actoren": [made("actoren", bodies.actor("sanne", "Sanne")), made("actoren", eenheid), directory],
            "categorieen": [made("categorieen", {"naam": name}) for name in "abc"],
            "betrokkenen": [
                made("betrokkenen", bodies.betrokkene(contacten[0], partijen[0])),
                made("betrokkenen", bodies.betrokkene(contacten[0])),
                self._of_record("betrokkenen", old.link(moment, klant)),
            ],
            "digitaleadressen": [
                made("digitaleadressen", bodies.adres(f"{name}@example.nl")) for name in "ab"
            ],
            "rekeningnummers": [made("rekeningnummers", {"iban": "NL91ABNA0417164300"}) for _ in "ab"],
            "partij-identificatoren": [made("partij-identificatoren", number)],
        }

    def _of_record(self, collection: str, record: JSON) -> JSON:
        found: JSON = self.served.get(f"{collection}/{record['url'].rpartition('/')[2]}")
        return found

    def follows(self, _before: JSON, _some: JSON) -> set[str]:
        """Members that change with these, beside those of which every register knows (`FOLLOWS`)."""
        return set()

    def named(self, drawn: Any, member: str = "uuid") -> Any:
        """What was drawn, with the uuids, or URLs, of what it refers to."""
        if isinstance(drawn, dict):
            return {name: self.named(each, member) for name, each in drawn.items()}
        if isinstance(drawn, tuple):
            return self.seeds[drawn[0]][drawn[1]][member]
        return [self.named(each, member) for each in drawn] if isinstance(drawn, list) else drawn

    # doing

    def send(self, method: str, path: str, body: JSON) -> JSON | None:
        """The answer to a write; None when a rule refused it, and then nothing was written."""
        self.tried += 1
        with self.deployment.writes() as writes:
            answer = self.served.call(method, path, json=body)
        if answer.status_code in (400, 403):
            self.refused += answer.status_code == 400
            assert allowed(answer), (method, path, body, answer.text)
            assert writes == [], (method, path, body, answer.text, writes)
            return None
        assert answer.status_code in (200, 201), (method, path, body, answer.status_code, answer.text)
        found: JSON = answer.json()
        return found

    def record(self, home: Home, content: JSON) -> JSON | None:
        """What an old client records in a home; None when the register does not take it."""
        self.tried += 1
        if home.place is None:
            made = self.old.object(home.object_type, **content)
            return {**self.old.data(made), "uuid": made["uuid"]}
        answer = self._client(home.place.register).call("POST", home.place.collection, json=content)
        if answer.status_code == 400:
            self.refused += 1
            return None
        assert answer.status_code == 201, answer.text
        found: JSON = answer.json()
        return found

    def unseen(self, resource: str) -> list[JSON]:
        """The resources that are listed and were not there before any example."""
        return [each for each in self.served.all(resource) if each["uuid"] not in self.known[resource]]

    # looking

    def reachable(self, read: Any) -> None:
        """Whatever is referred to by a URL of this API is there, or is known to be gone."""
        for each in read.values() if isinstance(read, dict) else read if isinstance(read, list) else ():
            self.reachable(each)
        if isinstance(read, dict) and isinstance(read.get("url"), str):
            assert self.served.call("GET", read["url"]).status_code in (200, 404), read

    def stored(self, home: Home, record: JSON) -> JSON:
        """A record of a home as an old client sees it now; as it was, when it has become an object."""
        if home.place is None:
            return self.old.data(record)
        answer = self._client(home.place.register).call("GET", record["url"])
        homes = self.mappings.resources[home.resource].homes.values()
        if answer.status_code == 404 and any(each.kind == "object" for each in homes):
            return record
        assert answer.status_code == 200, answer.text
        found: JSON = answer.json()
        return found

    def untouched(self, home: Home) -> list[str]:
        """The members of a home's records that the API has no word for."""
        content = read_dialect(SHIPPED, self.deployment.dialect).files[home.resource]
        own = content["homes"][home.name]
        slots = {each.filled[0] for each in self._homes() if each.filled and each.owner_home == home.name}
        return [
            *own.get("untouched", ()),
            *(set(own.get("fill", ())) - slots - set(own.get("other_use", ()))),
        ]

    def _client(self, register: str) -> Any:
        return {"klanten": self.old.klanten, "contactmomenten": self.old.contactmomenten}[register]

    def registers(self) -> Snapshot:
        """What the registers hold, by collection and URL."""
        return {name: {each["url"]: each for each in found} for name, found in self.old.everything().items()}

    def sound(self) -> None:
        """Every answer was valid, and so is every record that was written."""
        for place in {home.place for home in self._homes() if home.place}:
            written = [
                each
                for each in self.deployment.exchanges
                if each.method not in ("GET", "DELETE")
                and (each.register, each.path.partition("/")[0]) == (place.register, place.collection)
            ]
            if written:
                self._valid(place.register, place.collection)
        assert self.deployment.invalid == []
        assert self.deployment.findings == []

    def _valid(self, register: str, collection: str) -> None:
        client, kept = self._client(register), self.kept[collection]
        for each in client.all(collection):
            if kept.get(each["url"]) != each:
                path = f"{collection}/{each['url'].rpartition('/')[2]}"
                answer = client.call("GET", path)
                received = Received(answer.status_code, answer.headers, answer.content)
                self.contracts[register].answer(Sent("GET", path, (), {}, None), received)

    def _homes(self) -> list[Home]:
        return [home for each in self.mappings.resources.values() for home in each.homes.values()]

    def origins(self) -> list[Home]:
        """The homes that old clients fill."""
        return [
            home
            for home in self._homes()
            if home.kind == "record" or (home.kind == "object" and home.object_type in self.mappings.shapes)
        ]

    def served_from(self, origin: Home) -> list[str]:
        """The resources of which some live in a record of a home."""
        return [
            resource.name
            for resource in self.mappings.resources.values()
            for home in resource.homes.values()
            if (home.resource, home.name) == (origin.resource, origin.name)
            or (
                not home.unlisted and (home.owner_resource, home.owner_home) == (origin.resource, origin.name)
            )
        ]


def allowed(answer: requests.Response) -> bool:
    """Whether a refusal is one of the rules', or of what only reads."""
    return answer.status_code == 403 or only_rules(answer.json().get("invalidParams", ()))


@contextmanager
def bench(dialect: str, folder: Path) -> Iterator[Bench]:
    """A bench of a dialect, without sockets."""
    network = Network()
    with network.connected(), deployed(dialect, folder, network.running, watched=False) as deployment:
        yield Bench(deployment)
