"""What cannot be changed any more, for one client and not for another."""

from dataclasses import replace

import pytest

from tests import bodies
from tests.deployment import Client, with_settings


@pytest.fixture
def dialect():
    return "openklant"


def test_a_token_may_have_another_answer_than_the_setting(deployment):
    """Who corrects mistakes may, and everybody else may not."""

    def change(configuration):
        found = with_settings(klantcontact_wijzigen="nooit")(configuration)
        (token, *others) = found.tokens
        corrects = replace(token, name="beheer", plain="beheer", changing="altijd")
        return replace(found, tokens=(token, *others, corrects))

    with deployment.another(change) as client:
        made = client.post("klantcontacten", bodies.contact())
        path = f"klantcontacten/{made['uuid']}"
        refused = client.patch(path, {"onderwerp": "Anders"}, 403)
        assert refused["detail"].startswith("Een klantcontact is een verslag van wat er gebeurde")
        client.post("betrokkenen", bodies.betrokkene(made), 403)
        client.post("bijlagen", {"wasBijlageVanKlantcontact": bodies.ref(made)}, 403)
        # as it was read, it changes nothing
        whole = {name: value for name, value in client.get(path).items() if name != "todo"}
        assert client.put(path, whole)["onderwerp"] == made["onderwerp"]
        other = Client(client.base, Authorization="Token beheer")
        assert other.patch(path, {"onderwerp": "Anders"})["onderwerp"] == "Anders"
        betrokkene = other.post("betrokkenen", bodies.betrokkene(made))
        client.delete(f"betrokkenen/{betrokkene['uuid']}", 403)
        client.delete(path, 403)
        other.delete(path)
        other.close()
