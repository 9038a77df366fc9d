"""What the operations whose costs are told are about."""

import pytest

from tests import bodies
from tests.translation.old_kiss import OldKiss


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
