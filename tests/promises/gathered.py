"""A bench before an e-Suite, and what is promised of contacts that it takes once, before that and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapter.shipped import shipped_mappings

from tests import bodies
from tests.deployment import Running, deployed
from tests.inside import Network
from tests.promises import laws
from tests.promises.asking import COMPOSED as PARTS
from tests.promises.bench import JSON, Bench, allowed

# The resources of which a contact is made.
PIECES = (
    "klantcontacten",
    "betrokkenen",
    "digitaleadressen",
    "actorklantcontacten",
    "internetaken",
    "onderwerpobjecten",
    "bijlagen",
)
# Those that a client writes beside contacts: they stand in a klant, in objects, or in both.
BESIDE = ("partijen", "partij-identificatoren", "actoren")
COMPOSED = "maak-klantcontact"
# What counts of the tables of the state: an attempt may have begun and ended.
WHAT = {"holds": "contact, phase", "pieces": "uuid, contact, body"}
# Of the drawn kanalen most are one that the e-Suite has.
KANALEN = ("telefoon", "balie", "e-mail")


class GatheredBench(Bench):
    """A running deployment before an e-Suite; contacts are held until `send_held` of the deployment."""

    def __init__(self, deployment: Running) -> None:
        self.deployment, self.served = deployment, deployment.served
        self.mappings = shipped_mappings(deployment.dialect)
        self.tried = self.refused = 0
        self.seeds: dict[str, list[JSON]] = {}
        self._seed()
        self._keep()

    def _seed(self) -> None:
        """Make some of everything that bodies refer to; contacts of it are held."""
        made = self.served.post
        numbers = [bodies.identificator("bsn", each) for each in (bodies.BSN, bodies.OTHER_BSN)]
        number = bodies.identificator("kvk_nummer", "12345678")
        for each in (*numbers, number):
            del each["identificeerdePartij"]
        partijen = [
            made("partijen", bodies.persoon(partijIdentificatoren=numbers[:1])),
            made("partijen", bodies.organisatie(partijIdentificatoren=[number])),
            made("partijen", bodies.persoon(partijIdentificatoren=numbers[1:])),
        ]
        contacten = [made("klantcontacten", bodies.contact()) for _ in range(3)]
        group = bodies.actor(
            "Frontoffice", "Frontoffice", soort="organisatorische_eenheid", codes="grp/obj/idf"
        )
        employees = [bodies.actor(each, each) for each in ("jjansen", "fdevries")]
        self.seeds = {
            "partijen": partijen,
            "klantcontacten": contacten,
            "actoren": [made("actoren", each) for each in (*employees, group)],
            "categorieen": [made("categorieen", {"naam": name}) for name in "abc"],
            "betrokkenen": [made("betrokkenen", bodies.betrokkene(each)) for each in contacten],
            "digitaleadressen": [
                made("digitaleadressen", bodies.adres(f"{name}@example.nl")) for name in "ab"
            ],
            "rekeningnummers": [made("rekeningnummers", {"iban": "NL91ABNA0417164300"}) for _ in "ab"],
            "partij-identificatoren": [
                self.served.get(f"partij-identificatoren/{each['uuid']}")
                for each in partijen[1]["partijIdentificatoren"]
            ],
        }

    def freeze(self) -> None:
        """What is there now is what `restore` goes back to."""
        for name, database in self.deployment.databases.items():
            with database:
                for table in self.deployment.kept[name]:
                    database.execute(f"DROP TABLE temp.kept_{table}")
        self._keep()

    def named(self, drawn: Any, member: str = "uuid") -> Any:
        """What was drawn, with the uuids of what it refers to, and kanalen of which the e-Suite has most."""
        found = super().named(drawn, member)
        if isinstance(found, dict) and "soortPartij" in found and not found.get("nummer"):
            # A klant of the e-Suite has a number by itself.
            found.pop("nummer", None)
        for each in (found, found.get("klantcontact")) if isinstance(found, dict) else ():
            if isinstance(each, dict) and isinstance(each.get("kanaal"), str):
                length = len(each["kanaal"])
                each["kanaal"] = KANALEN[length % len(KANALEN)] if length % 4 else each["kanaal"]
        return found

    def follows(self, before: JSON, some: JSON) -> set[str]:
        """A partij that has no number yet has that of the klant which a first identificator finds."""
        return {"nummer"} if "partijIdentificatoren" in some and not before["nummer"] else set()

    def send(self, method: str, path: str, body: JSON) -> JSON | None:
        """The answer to a write; None when it was refused, and why was said: then nothing is left of it."""
        self.tried += 1
        before = self._contents()
        answer = self.served.call(method, path, json=body)
        if answer.status_code in (400, 403):
            self.refused += 1
            assert allowed(answer), (method, path, body, answer.text)
            assert self._contents() == before, (method, path, body, answer.text)
            return None
        assert answer.status_code in (200, 201), (method, path, body, answer.status_code, answer.text)
        found: JSON = answer.json()
        return found

    def _contents(self) -> dict[str, list[Any]]:
        """What the registers have, and what is held."""
        tables = [(name, each) for name, kept in self.deployment.kept.items() for each in kept]
        return {
            table: sorted(
                self.deployment.databases[name].execute(f"SELECT {WHAT.get(table, '*')} FROM {table}")
            )
            for name, table in tables
            if name != "state" or table in WHAT
        }

    def sound(self) -> None:
        """Every answer was valid, and so was every exchange with the registers."""
        assert self.deployment.invalid == []
        assert self.deployment.findings == []


def kept(bench: GatheredBench, resource: str, first: JSON, second: JSON, some: JSON) -> None:
    """What is recorded of a contact is read the same while it is held, and once the e-Suite has it.

    What is then sent again as it was read writes nothing; what is changed is read so, or refused.
    """
    made = bench.send("POST", resource, bench.named(first))
    if made is None:
        return
    laws.kept(resource, bench.named(first), made)
    path = f"{resource}/{made['uuid']}"
    body = bench.named(second)
    if bench.send("PUT", path, body) is not None:
        laws.kept(resource, body, bench.served.get(path))
    before = bench.served.get(path)
    laws.undisturbed(bench, resource, before)
    bench.deployment.send_held()
    assert bench.served.get(path) == before
    listed = bench.served.call("GET", resource)
    # Without a number, addresses are in no list.
    assert listed.status_code == 200 or allowed(listed), listed.text
    if listed.status_code == 200:
        assert [each["uuid"] for each in bench.served.all(resource)].count(made["uuid"]) == 1
    laws.undisturbed(bench, resource, before)
    laws.changed(bench, resource, before, bench.named(some))


def together(bench: GatheredBench, first: JSON) -> None:
    """What comes as several pieces at once is read so while it is held, and once the e-Suite has it."""
    body = bench.named(first)
    made = bench.send("POST", COMPOSED, body)
    if made is None:
        return
    laws.composed(COMPOSED, body, made)
    parts = {f"{PARTS[name]}/{part['uuid']}" for name, part in made.items() if part and name in PARTS}
    before = {each: bench.served.get(each) for each in parts}
    bench.deployment.send_held()
    assert {each: bench.served.get(each) for each in parts} == before


@contextmanager
def gathered_bench(folder: Path, *, watched: bool = True) -> Iterator[GatheredBench]:
    """A bench before an e-Suite, without sockets; see `deployed`."""
    network = Network()
    with network.connected(), deployed("esuite", folder, network.running, watched=watched) as deployment:
        yield GatheredBench(deployment)
