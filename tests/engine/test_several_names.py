"""KlantBrug under three host names at once: a client never leaves the one that it asked."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests import bodies
from tests.deployment import PUBLIC_PATH

INTERNAL = f"http://klantbrug.ns.svc.cluster.local:8000{PUBLIC_PATH}"
CITY = f"http://klantbrug.stad.example{PUBLIC_PATH}"


@pytest.fixture
def dialect():
    return "openklant"


def links(answer):
    """Every URL of KlantBrug in an answer, however deep."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name in {"url", "next", "previous"} and value:
                yield value
            else:
                yield from links(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from links(each)


def test_links_stay_below_the_name_that_was_asked(deployment):
    """Those of pages, resources, references and what is expanded; a reference is known under every name."""
    with deployment.another(lambda it: replace(it, other_urls=(INTERNAL, CITY))) as client:
        partij = client.post("partijen", bodies.persoon())
        for _ in range(3):
            contact = client.post("klantcontacten", bodies.contact())
            client.post("betrokkenen", bodies.betrokkene(contact, partij))
        for base in (client.base, INTERNAL, CITY):
            headers = {"Host": urlsplit(base).netloc}
            path = "klantcontacten?pageSize=1&expand=hadBetrokkenen,hadBetrokkenen.wasPartij"
            seen = 0
            while path:
                page = client.call("GET", path, headers=headers).json()
                found = list(links(page))
                assert found
                assert all(each.startswith(f"{base}/") for each in found), base
                seen += len(page["results"])
                path = page["next"] and client.base + page["next"].removeprefix(base)
            assert seen == 3
            for name in (client.base, INTERNAL, CITY):
                asked = {"hadBetrokkene__wasPartij__url": f"{name}/partijen/{partij['uuid']}"}
                one = client.call("GET", "klantcontacten", params=asked, headers=headers).json()
                assert one["count"] == 3
