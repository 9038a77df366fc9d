"""A municipality of any size behind KlantBrug in this process, and what its questions are about.

`python -m tests.budget.town --contacts 100000` asks all questions, and prints what each took.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from adapter.dialects import SHIPPED
from adapter.embedded.esuite.municipality import Recording, organisation, small
from adapter.embedded.esuite.organisation import Organisation
from adapter.embedded.municipality.filling import Filling
from adapter.embedded.municipality.plan import Municipality, Size, objecttypes, plan
from adapter.engine.deployment import Deployment

from tests.deployment import Client, Running, deployed
from tests.inside import Network

QUESTIONS = yaml.load(
    (Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
# Whoever has the most contacts, and the most tasks.
FIRST = 0
DEPARTMENT = "Burgerzaken"


@dataclass
class Cost:
    """What one request took: register calls, and rounds of calls that are made side by side."""

    calls: int = 0
    rounds: int = 0


@contextmanager
def counted(running: Running) -> Iterator[Cost]:
    """Count what a request to a deployment in this process takes; told at the end."""
    found, together, before = Cost(), Deployment.together, len(running.exchanges)

    def counting(self: Deployment, calls: Sequence[Any]) -> list[Any]:
        found.rounds += bool(calls)
        return together(self, calls)

    with patch.object(Deployment, "together", counting):
        yield found
    found.calls = len(running.exchanges) - before


@contextmanager
def town(dialect: str, folder: Path, contacts: int) -> Iterator[tuple[Running, Mapping[str, str]]]:
    """KlantBrug without sockets before a municipality with so many contacts, and what questions are about."""
    network = Network()
    with ExitStack() as stack:
        stack.enter_context(network.connected())
        running = stack.enter_context(around(dialect, folder, network, contacts))
        fill(running, contacts)
        yield running, known_in(running, contacts)


def around(dialect: str, folder: Path, network: Network, *contacts: int) -> AbstractContextManager[Running]:
    """Registers for municipalities with so many contacts, and KlantBrug before them."""
    names = _names(contacts) if SHIPPED.gathers(dialect) else None
    return deployed(dialect, folder, network.running, watched=False, organisation=names)


def _names(contacts: Sequence[int]) -> Organisation:
    """The names that the e-Suite of any of these municipalities knows."""
    first, *others = (organisation(small("http://zaken", each)) for each in contacts)
    for each in others:
        first = replace(
            first,
            kanalen=first.kanalen | each.kanalen,
            afdelingen=first.afdelingen | each.afdelingen,
            groepen=first.groepen | each.groepen,
            medewerkers={**first.medewerkers, **each.medewerkers},
            bekend={**first.bekend, **each.bekend},
        )
    return first


def fill(running: Running, contacts: int) -> None:
    """Load a municipality into the registers."""
    if SHIPPED.gathers(running.dialect):
        record(running, small(running.zaken.base, contacts))
        return
    origin = running.klanten.base.removesuffix("/klanten/api/v1")
    types = {each.name: each.uuid for each in objecttypes()}
    applications = {name: server.app for name, server in running.faults.items()}
    filling = Filling(applications["klanten"], origin, applications["objects"], types)
    filling.store(plan(Size.of(contacts), running.zaken.base))


def record(running: Running, made: Municipality) -> None:
    """Record a municipality as clients and employees do, and send what is held."""

    def asked(client: Client) -> Callable[[str, str, Any], Any]:
        return lambda method, path, body: client.call(method, path, json=body).json()

    office = Client(running.klanten.base.removesuffix("/klanten/api/v1"))
    office.session = running.klanten.session
    Recording(asked(running.served), asked(office)).all_of(made)
    running.send_held()


def known_in(running: Running, contacts: int) -> dict[str, str]:
    """What the questions are about, by the names that questions.yaml has for them."""
    gathers, served = SHIPPED.gathers(running.dialect), running.served
    made = small("http://zaken", contacts) if gathers else plan(Size.of(contacts), "http://zaken")
    caller = made.klanten[FIRST].body
    zaak = next(each.zaak for each in made.contacts if each.zaak).rpartition("/")[2]
    found = {"zaak": zaak, "afdeling": DEPARTMENT, "afd": "BRP"}
    found["bsn"] = caller["subjectIdentificatie"]["inpBsn"]
    found["email"] = next(mail for each in made.klanten if (mail := each.body.get("emailadres")))
    found["login"] = next(data["identificatie"] for kind, data in made.objects if kind == "Medewerker")
    if gathers:
        found |= _recorded(served)
    (partij,) = served.get("partijen", partijIdentificator__objectId=found["bsn"])["results"]
    found |= {"partij": partij["uuid"], "partij_url": partij["url"]}
    found["contacts"] = str(len(partij["betrokkenen"]))
    found["betrokkene"] = partij["betrokkenen"][0]["uuid"]
    (taak,) = served.get("internetaken", pageSize=1)["results"]
    found |= {"taak": taak["uuid"], "taaknummer": taak["nummer"]}
    contact = served.get(f"klantcontacten/{taak['aanleidinggevendKlantcontact']['uuid']}")
    found |= {"contact": contact["uuid"], "nummer": contact["nummer"]}
    for name, of in (("actor", found["afd"]), ("medewerker", found["login"])):
        found[name] = served.get("actoren", actoridentificatorObjectId=of)["results"][0]["uuid"]
    return found


def _recorded(served: Client) -> dict[str, str]:
    """Whom clients recorded to give them tasks, where no directory has them: a unit, by its name."""
    (unit, *_) = served.get("actoren", soortActor="organisatorische_eenheid")["results"]
    known = unit["actoridentificator"]["objectId"]
    return {"afdeling": unit["naam"], "afd": known, "login": known}


def most(question: Mapping[str, Any], dialect: str, answer: Any, contacts: int = 0) -> int | None:
    """How many register calls a question may take that was answered so; None when it reads everything.

    `contacts` is how many the partij has of whom questions are.
    """
    bound = question.get(dialect)
    if bound is None or isinstance(bound, int):
        return bound
    calls, each, *of_partij = bound
    return int(calls + each * _shown(answer) + sum(of_partij) * contacts)


def _shown(answer: Any) -> int:
    """How many resources an answer shows, and not only links."""
    if isinstance(answer, list):
        return sum(map(_shown, answer))
    if not isinstance(answer, dict):
        return 0
    below = answer.get("results") or [*(answer.get("_expand") or {}).values()]
    return _shown(below) + ("uuid" in answer)


def main() -> int:
    """Print a row for each question; returns how many took more calls than they may."""
    line = argparse.ArgumentParser(prog="python -m tests.budget.town")
    line.add_argument("--contacts", type=int, default=20_000)
    line.add_argument("--dialect", default="openklant")
    given, over = line.parse_args(), 0
    with (
        tempfile.TemporaryDirectory() as folder,
        town(given.dialect, Path(folder), given.contacts) as (running, known),
    ):
        running.served.session.hooks["response"].clear()
        sys.stdout.write("| request | status | calls | rounds | ms |\n|---|---|---|---|---|\n")
        for question in QUESTIONS:
            began = time.perf_counter()
            with counted(running) as cost:
                answer = running.served.call("GET", question["ask"].format(**known))
            took = (time.perf_counter() - began) * 1000
            bound = most(question, given.dialect, answer.json(), int(known["contacts"]))
            over += bound is not None and cost.calls > bound
            row = question["ask"], answer.status_code, cost.calls, cost.rounds, f"{took:.0f}"
            sys.stdout.write(f"| `{row[0]}` | " + " | ".join(map(str, row[1:])) + " |\n")
            sys.stdout.flush()
    return over


if __name__ == "__main__":
    sys.exit(main())
