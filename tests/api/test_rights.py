"""What a token may read by way of another resource: by expand, and by filters on what that refers to."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from adapter.configuration import Token
from adapter.engine.service import Engine
from adapter.shipped import shipped_mappings

from tests import bodies

NOBODY = "99999999-9999-4999-8999-999999999999"
RIGHTS = {
    "contacts": ("klantcontactenList", "klantcontactenRetrieve"),
    "betrokkenen": ("klantcontacten*", "betrokkenenList"),
    "taken": ("internetaken*",),
    "all": ("*List", "*Retrieve"),
}


@pytest.fixture(scope="module")
def served(deployments):
    """KlantBrug with a token for each of these rights, before registers with one contact."""
    running = deployments("openklant")
    running.reset()
    tokens = tuple(Token(name, "", name, operations, True) for name, operations in RIGHTS.items())
    betrokkene = bodies.betrokkene(running.served.post("klantcontacten", bodies.contact()))
    running.served.post("betrokkenen", betrokkene)
    with running.another(lambda it: replace(it, tokens=tokens)) as client:
        yield client


def answer(served, token, path, **parameters):
    return served.call("GET", path, params=parameters, headers={"Authorization": f"Token {token}"})


@pytest.mark.parametrize(
    ("parameters", "operation"),
    [
        ({"expand": "hadBetrokkenen"}, "betrokkenenRetrieve"),
        ({"expand": "hadBetrokkenen,hadBetrokkenen.wasPartij"}, "betrokkenenRetrieve"),
        ({"hadBetrokkene__wasPartij": "true"}, "betrokkenenRetrieve"),
        ({"hadBetrokkene__wasPartij__uuid": NOBODY}, "betrokkenenRetrieve"),
        ({"onderwerpobject__onderwerpobjectidentificatorObjectId": "z"}, "onderwerpobjectenRetrieve"),
    ],
)
def test_what_may_not_be_read_cannot_be_looked_into(served, parameters, operation):
    """The answer is 403 and names what is missing; nothing is said of what is there."""
    refused = answer(served, "contacts", "klantcontacten", **parameters)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert operation in refused.json()["detail"]
    assert answer(served, "all", "klantcontacten", **parameters).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_filters_with_one_resource_look_into_others(served, method):
    token = {"Authorization": "Token taken"}
    path = f"internetaken/{NOBODY}"
    for filters, status in (({"actoren__naam": "Anna"}, 403), ({"status": "verwerkt"}, 404), ({}, 404)):
        assert served.call(method, path, params=filters, headers=token, json={}).status_code == status


def test_one_resource_is_looked_into_as_a_list_is(served):
    (contact,) = answer(served, "all", "klantcontacten").json()["results"]
    path = f"klantcontacten/{contact['uuid']}"
    assert answer(served, "contacts", path, expand="hadBetrokkenen").status_code == 403
    assert answer(served, "betrokkenen", path, expand="hadBetrokkenen").status_code == 200
    assert answer(served, "contacts", path).status_code == 200


def test_each_step_needs_a_right_of_its_own(served):
    """Who may read betrokkenen may not read the partijen behind them."""
    assert answer(served, "betrokkenen", "klantcontacten", hadBetrokkene__wasPartij="true").status_code == 200
    both = {"expand": "hadBetrokkenen,hadBetrokkenen.wasPartij"}
    refused = answer(served, "betrokkenen", "klantcontacten", **both)
    assert refused.status_code == 403
    assert "partijenRetrieve" in refused.json()["detail"]


@pytest.mark.parametrize("parameters", [{"hadBetrokkene__uuid": NOBODY}, {"kanaal": "telefoon"}])
def test_what_the_resource_shows_itself_needs_no_other_right(served, parameters):
    """The uuids of its betrokkenen stand in a klantcontact."""
    assert answer(served, "contacts", "klantcontacten", **parameters).status_code == 200


@pytest.mark.parametrize(
    ("resource", "filters", "expand", "found"),
    [
        ("klantcontacten", ["kanaal", "hadBetrokkene__uuid", "leiddeTotInterneTaken"], [], set()),
        ("klantcontacten", ["hadBetrokkene__wasPartij__url"], [], {"betrokkenen"}),
        (
            "klantcontacten",
            ["hadBetrokkene__wasPartij__partijIdentificator__objectId"],
            [],
            {"betrokkenen", "partijen"},
        ),
        ("partijen", ["partijIdentificator__objectId"], [], set()),
        ("internetaken", ["actoren__naam"], [], {"actoren"}),
        ("klantcontacten", [], ["hadBetrokkenen", "hadBetrokkenen.wasPartij"], {"betrokkenen", "partijen"}),
        ("betrokkenen", [], ["hadKlantcontact"], {"klantcontacten"}),
    ],
)
def test_paths_tell_what_is_looked_into(resource, filters, expand, found):
    """Members of another resource, unless it stands in this one as a whole."""
    engine = Engine(SimpleNamespace(mappings=shipped_mappings("vng")))
    assert engine.looked_into(resource, filters, expand) == found
