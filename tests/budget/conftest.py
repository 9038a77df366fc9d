"""What the operations whose costs are told are about."""

import pytest
from adapter.dialects import SHIPPED

from tests import bodies
from tests.budget.gathered import known_of_gathered
from tests.conftest import started_when_asked_for
from tests.engine.old_kiss import OldKiss


@pytest.fixture(scope="package")
def deployments(tmp_path_factory, watch):
    """Of these tests alone: one that has seen URLs in unusual spellings asks registers for those too."""
    with started_when_asked_for(tmp_path_factory) as deployment_of:
        yield deployment_of


@pytest.fixture(scope="module")
def stock():
    """Fills a deployment, and puts back what its registers held then when that was done before."""
    kept = {}

    def stocked(deployment, fill):
        key = (deployment.dialect, fill)
        if key in kept:
            found, rows = kept[key]
            put_back(deployment, rows)
        else:
            found = fill(deployment)
            kept[key] = found, rows_of(deployment)
        return found

    return stocked


def rows_of(deployment):
    """Everything that the registers hold."""
    return {
        (name, table): list(deployment.databases[name].execute(f"SELECT * FROM {table}"))
        for name, tables in deployment.kept.items()
        for table in tables
    }


def put_back(deployment, kept):
    """Let registers that are empty hold what they held."""
    for (name, table), rows in kept.items():
        if rows:
            with deployment.databases[name] as database:
                marks = ",".join("?" * len(rows[0]))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


@pytest.fixture
def known(deployment, stock):
    """What the operations are about, by the names that budget.yaml has for them."""
    return stock(deployment, known_of)


def known_of(deployment):
    """Makes what the operations are about."""
    if SHIPPED.gathers(deployment.dialect):
        return known_of_gathered(deployment)
    served, old = deployment.served, OldKiss(deployment)
    found = {"partij": served.post("partijen", bodies.persoon())["uuid"]}
    found["actor"] = served.post("actoren", bodies.actor("sanne", "Sanne"))["uuid"]
    for name in ("contact", "earlier", "bare"):
        found[name] = served.post("klantcontacten", bodies.contact(reactie="r"))["uuid"]
    contact, partij, actor = ({"uuid": found[name]} for name in ("contact", "partij", "actor"))
    found["betrokkene"] = served.post("betrokkenen", bodies.betrokkene(contact, partij))["uuid"]
    found["adres"] = served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))["uuid"]
    changed = served.post("partijen", bodies.persoon())["uuid"]
    found["changed_adres"] = served.post(
        "digitaleadressen", bodies.adres("c@example.nl", partij={"uuid": changed})
    )["uuid"]
    old.klanten.patch(f"klanten/{changed}", {"emailadres": "gewijzigd@example.nl"})
    served.post("digitaleadressen", bodies.adres("b@example.nl", betrokkene={"uuid": found["betrokkene"]}))
    served.post("actorklantcontacten", {"actor": actor, "klantcontact": contact})
    found["taak"] = served.post("internetaken", bodies.taak(contact, actor))["uuid"]
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    found["old"] = old.moment()["url"].rpartition("/")[2]
    found["old_klant"] = old.klant(emailadres="oud@example.nl")["url"].rpartition("/")[2]
    return found
