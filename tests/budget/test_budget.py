"""Every operation makes exactly the register calls of budget.yaml, in as many rounds."""

from pathlib import Path

import pytest
import yaml

from tests import bodies
from tests.budget.rounds import rounds
from tests.translation.old_kiss import OldKiss

BUDGET = yaml.safe_load((Path(__file__).parent / "budget.yaml").read_text(encoding="utf-8"))
PAGE = 100


@pytest.fixture
def known(deployment):
    """What the operations are about, by the names that budget.yaml has for them."""
    served, old = deployment.served, OldKiss(deployment)
    found = {"partij": served.post("partijen", bodies.persoon())["uuid"]}
    found["actor"] = served.post("actoren", bodies.actor("sanne", "Sanne"))["uuid"]
    for name in ("contact", "earlier", "bare"):
        found[name] = served.post("klantcontacten", bodies.contact(reactie="r"))["uuid"]
    contact, partij, actor = ({"uuid": found[name]} for name in ("contact", "partij", "actor"))
    found["betrokkene"] = served.post("betrokkenen", bodies.betrokkene(contact, partij))["uuid"]
    found["adres"] = served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))["uuid"]
    served.post("digitaleadressen", bodies.adres("b@example.nl", betrokkene={"uuid": found["betrokkene"]}))
    served.post("actorklantcontacten", {"actor": actor, "klantcontact": contact})
    found["taak"] = served.post("internetaken", bodies.taak(contact, actor))["uuid"]
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    found["old"] = old.moment()["url"].rpartition("/")[2]
    found["old_klant"] = old.klant(emailadres="oud@example.nl")["url"].rpartition("/")[2]
    return found


def fill_page(deployment, known):
    """A page of klantcontacten of a few partijen, each with what hangs on a klantcontact."""
    served = deployment.served
    actor = {"uuid": known["actor"]}
    for number in range(PAGE):
        contact = served.post("klantcontacten", bodies.contact(reactie=str(number)))
        partij = {"uuid": known["partij"]} if number % 2 else None
        served.post("betrokkenen", bodies.betrokkene(contact, partij))
        if number % 4 == 0:
            served.post("internetaken", bodies.taak(contact, actor))
            served.post("onderwerpobjecten", bodies.onderwerp(contact, wasKlantcontact=None))
            served.post("actorklantcontacten", {"actor": actor, "klantcontact": bodies.ref(contact)})


def filled_in(node, known):
    """The names in a path or body replaced by what they stand for."""
    if isinstance(node, str):
        return node.format(**known) if "{" in node else node
    if isinstance(node, dict):
        return {name: filled_in(each, known) for name, each in node.items()}
    return [filled_in(each, known) for each in node] if isinstance(node, list) else node


CASES = {f"{dialect}-{each['name']}": (dialect, each) for each in BUDGET or () for dialect in each["calls"]}


@pytest.mark.parametrize(("dialect", "operation"), CASES.values(), ids=CASES.keys())
def test_an_operation_costs_what_the_budget_says(deployment, known, operation, dialect):
    """Its register calls are these, and those of a round are made side by side."""
    if operation.get("of") == "a full page":
        fill_page(deployment, known)
    expected = [sorted(each) for each in operation["calls"][dialect]]
    method, path = filled_in(operation["ask"], known).split(" ")
    body = filled_in(operation.get("body"), known)
    with rounds(deployment, [len(each) for each in expected]) as seen:
        answer = deployment.served.call(method, path, json=body)
    assert answer.status_code < 300, answer.text
    assert seen.made() == expected, yaml.safe_dump(seen.made(), width=1000)
