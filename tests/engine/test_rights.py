"""A token for the Objects API without all permissions that are needed: told, never a part for the whole."""

import json
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from adapter.cli import main

from tests import bodies
from tests.deployment import LIMITED, SUPERUSER
from tests.unreliable import DOWN, JSON, PERMISSIONS, Fault

pytestmark = pytest.mark.alternating

EVERYTHING = "read_and_write"


def with_token(token):
    """A change of the configuration: another token for the Objects API."""

    def change(configuration):
        objects = configuration.registers["objects"]
        service = {**objects.service, "header_value": f"Token {token}"}
        registers = {**configuration.registers, "objects": replace(objects, service=service)}
        return replace(configuration, registers=registers)

    return change


@pytest.fixture
def limited(deployment):
    """Gives a client of a KlantBrug whose token has these permissions for some objecttypes, else all."""
    modes = deployment.permissions

    @contextmanager
    def limited_to(**lacking):
        modes.clear()
        modes.update({url.rpartition("/")[2]: EVERYTHING for url in deployment.types.values()})
        for name, mode in lacking.items():
            uuid = deployment.types[name].rpartition("/")[2]
            if mode is None:
                del modes[uuid]
            else:
                modes[uuid] = mode
        with deployment.another(with_token(LIMITED)) as client:
            yield client
        modes.clear()

    return limited_to


IBAN = "NL18BANK23481326"


@pytest.fixture
def partij(served):
    """A partij with a rekeningnummer."""
    found = served.post("partijen", bodies.persoon())
    served.post("rekeningnummers", {"partij": bodies.ref(found), "iban": IBAN})
    return found


def test_nothing_is_served_with_a_part_left_out(limited, served, partij):
    """Not in a list, not in one, not by a filter; what has nothing to do with it is answered as ever."""
    contact = served.post("klantcontacten", bodies.contact())
    with limited(Rekeningnummer=None) as client:
        for path in ("rekeningnummers", "partijen", f"partijen/{partij['uuid']}"):
            answer = client.call("GET", path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
            assert answer.json()["detail"] == (
                'KlantBrug mag in het register "objects" niet alles lezen wat hiervoor nodig is.'
            )
        assert client.get(f"klantcontacten/{contact['uuid']}")["uuid"] == contact["uuid"]
        assert client.get("klantcontacten")["count"] == 1


def test_a_delete_leaves_nothing_behind(limited, served, partij):
    """It is done as a whole, or not at all."""
    with limited(Rekeningnummer=None) as client:
        client.delete(f"partijen/{partij['uuid']}", expect=503)
    assert served.get("partijen")["count"] == 1
    served.delete(f"partijen/{partij['uuid']}")
    assert served.get("rekeningnummers")["count"] == 0


@pytest.mark.parametrize("name", ["KlantinteractiesAanvulling", "InterneTaak", "Medewerker", "Betrokkene"])
def test_what_an_answer_is_made_of(limited, served, name):
    """Whatever the type: what it says of a contact is not left out of the contact."""
    contact = served.post("klantcontacten", bodies.contact())
    served.post("internetaken", bodies.taak(contact, served.post("actoren", bodies.actor("j", "Jan"))))
    served.post("betrokkenen", bodies.betrokkene(contact, contactnaam={"achternaam": "Bakker"}))
    with limited(**{name: None}) as client:
        client.get("actoren" if name == "Medewerker" else "klantcontacten", expect=503)


def test_one_object_that_may_not_be_read(limited, served, partij):
    """That of a type of ours is 503; one of others, where we may read all of ours, is not there."""
    number = served.get("rekeningnummers")["results"][0]
    with limited(Rekeningnummer=None) as client:
        client.get(f"rekeningnummers/{number['uuid']}", expect=503)
    with limited() as client:
        assert client.get(f"rekeningnummers/{number['uuid']}")["iban"] == IBAN


def test_a_superuser_may_everything(deployment, served, partij):
    """Though no permissions of it are listed."""
    with deployment.another(with_token(SUPERUSER)) as client:
        assert client.get("rekeningnummers")["count"] == 1
        assert health(client)["lacking"] == []


def health(client):
    """What the health of this KlantBrug tells."""
    return client.get(client.base.removesuffix("/klantinteracties/api/v1") + "/_healthz")


def test_the_health_tells_what_is_lacking(limited, served):
    """By the names of the objecttypes."""
    with limited(Rekeningnummer=None, Actor="read_only", Medewerker="read_only") as client:
        told = health(client)
    assert told["registers"]["objects"] == "lacks permissions"
    assert told["lacking"] == [
        "may not change objects of type Actor",
        "may not read objects of type Rekeningnummer",
    ]
    assert health(served)["lacking"] == []


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize(
    ("status", "methods", "reads"),
    [(401, ("GET", "POST"), 502), (403, ("POST",), 200)],
    ids=["an unknown login", "what may be read only"],
)
def test_a_register_that_refuses_shows_in_health(deployment, served, status, methods, reads):
    """From the first call that it refuses until it takes it again; the client hears which register."""
    body = {"type": "t", "code": "x", "title": "t", "status": status, "detail": "Geheim", "instance": "i"}
    fault = Fault(status, json.dumps(body).encode(), JSON)
    register = deployment.faults["klanten"]
    register.decide = lambda scope: fault if scope["method"] in methods else None
    try:
        with deployment.another(lambda it: it) as client:
            assert client.call("GET", "partijen").status_code == reads
            refused = client.call("POST", "partijen", json=bodies.persoon())
            assert refused.status_code == 502
            assert "klanten" in refused.json()["detail"]
            assert "Geheim" not in refused.text
            assert health(client)["registers"]["klanten"] == "refused"
            register.decide = None
            client.get("partijen")
            client.post("partijen", bodies.persoon())
            assert health(client)["registers"]["klanten"] == "up"
    finally:
        register.decide = None


def test_rights_that_are_given_or_taken_meanwhile(limited, deployment, served, partij, monkeypatch):
    """They are looked at again from time to time."""
    monkeypatch.setattr("adapter.main.REFRESH_SECONDS", 0.05)
    uuid = deployment.types["Rekeningnummer"].rpartition("/")[2]
    with limited() as client:
        assert client.get("rekeningnummers")["count"] == 1
        del deployment.permissions[uuid]
        assert eventually(lambda: client.call("GET", "rekeningnummers").status_code == 503)
        deployment.permissions[uuid] = EVERYTHING
        assert eventually(lambda: client.call("GET", "rekeningnummers").status_code == 200)


def eventually(holds):
    """Whether something comes to hold."""
    until = time.monotonic() + 20
    while not (found := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("command", ["setup", "doctor"])
def test_the_commands_tell_what_is_lacking(limited, deployment, command, monkeypatch, capsys):
    """In one line for each objecttype, and as an error."""
    with limited(Bijlage=None, Actor="read_only"):
        configuration = with_token(LIMITED)(deployment.configuration)
        monkeypatch.setattr("adapter.commands.opening.configured", lambda *_: configuration)
        assert main([command, "--config", "klantbrug.yaml"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "klantbrug: the token for the register objects lacks permissions; give it these in the Objects API:",
        "  may not change objects of type Actor",
        "  may not read objects of type Bijlage",
    ]


def test_an_objects_api_that_cannot_tell(limited, deployment, served, partij):
    """An older one has no such path: the token is trusted then."""
    with deployment.faults["objects"].failing(Fault(404), path=PERMISSIONS), limited() as client:
        assert client.get("partijen")["count"] == 1
        assert health(client)["lacking"] == []


def test_rights_that_were_not_told_yet(limited, deployment, served, partij):
    """Nothing is served until they are known."""
    failing = deployment.faults["objects"].failing
    with failing(DOWN, path=PERMISSIONS), limited(Rekeningnummer=None) as client:
        client.get("partijen", expect=503)
        assert health(client)["lacking"] == []
    with limited() as client:
        assert client.get("partijen")["count"] == 1
