"""Klantcontacten by the page."""

from tests import bodies
from tests.budget.conftest import known_of

PAGE = 100


def full_page(deployment):
    """What the operations are about, and a full page besides."""
    known = known_of(deployment)
    fill_page(deployment, known)
    return known


def fill_page(deployment, known, size=PAGE):
    """Klantcontacten of a few partijen, each with what hangs on a klantcontact."""
    served = deployment.served
    actor = {"uuid": known["actor"]}
    for number in range(size):
        contact = served.post("klantcontacten", bodies.contact(reactie=str(number)))
        partij = {"uuid": known["partij"]} if number % 2 else None
        served.post("betrokkenen", bodies.betrokkene(contact, partij))
        if number % 4 == 0:
            served.post("internetaken", bodies.taak(contact, actor))
            served.post("onderwerpobjecten", bodies.onderwerp(contact, wasKlantcontact=None))
            served.post("actorklantcontacten", {"actor": actor, "klantcontact": bodies.ref(contact)})
