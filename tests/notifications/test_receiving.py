"""What old clients write is told on in the words of the new API, and what KlantBrug itself wrote is not."""

import datetime as dt
import time
from contextlib import closing, contextmanager
from types import SimpleNamespace
from uuid import uuid4

import pytest
import requests
from adapter.configuration.notifications import ReceivingSettings
from adapter.engine.maintenance import hearing
from adapter.main import prepare
from adapter.notifications.subscriptions import heard_channels, problem, subscribe
from adapter.state.inbox import Heard
from adapter.state.opening import open_state

from tests import bodies
from tests.notifications.conftest import telling

AUTHORIZATION = "Bearer een-lang-geheim-woord"
RECEIVE = ReceivingSettings("https://brug.example/notificaties", AUTHORIZATION)


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture(scope="module")
def listener(deployments, one_subscriber):
    """A client of a KlantBrug that is told what registers are told."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hearing, "LOOK", 0.02)
        change = telling(one_subscriber.origin, receive=RECEIVE)
        with deployments("openklant").another(change) as found:
            yield found


@pytest.fixture
def client(deployment, listener, subscriber):
    return listener


def now():
    return dt.datetime.now(dt.UTC).isoformat()


def posted(client, body, authorization=AUTHORIZATION, method="POST"):
    """The status with which the endpoint answers."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    headers = {"Authorization": authorization} if authorization else {}
    content = {"data": body} if isinstance(body, bytes) else {"json": body}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, f"{origin}/notificaties", headers=headers, timeout=10, **content
        ).status_code


def notification(kanaal, resource, url, actie, moment=None, **kenmerken):
    return {
        "kanaal": kanaal,
        "hoofdObject": url,
        "resource": resource,
        "resourceUrl": url,
        "actie": actie,
        "aanmaakdatum": moment or now(),
        "kenmerken": kenmerken,
    }


def counts(client):
    """What became of notifications so far."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    found = client.get(f"{origin}/_healthz")["counts"]
    return {name: number for name, number in found.items() if name.startswith("heard.")}


@contextmanager
def judged(client, **outcomes):
    """In the context so many notifications come in that end like this; returns when they have."""
    before = counts(client)
    yield
    wanted = {f"heard.{name}": before.get(f"heard.{name}", 0) + number for name, number in outcomes.items()}
    until = time.monotonic() + 20
    while any((found := counts(client)).get(name, 0) != number for name, number in wanted.items()):
        assert time.monotonic() < until, (wanted, found)
        time.sleep(0.02)


def klant(**members):
    return {
        "bronorganisatie": "002220647",
        "klantnummer": "12345678",
        "websiteUrl": "https://voorbeeld.example",
        "subjectType": "natuurlijk_persoon",
        "subjectIdentificatie": {"voorletters": "A."},
        **members,
    }


def test_what_an_old_client_writes_is_told_with_what_the_record_says(client, deployment, subscriber):
    person = deployment.klanten.post("klanten", klant())
    told = {"bronorganisatie": "002220647", "medewerkerIdentificatie": {"identificatie": "j"}}
    contact = deployment.contactmomenten.post("contactmomenten", told)
    data = {
        "status": "te verwerken",
        "nummer": "42",
        "toelichting": "Geheim",
        "contactmoment": contact["url"],
    }
    data |= {
        "registratiedatum": "2024-03-01T10:00:00Z",
        "betrokkene": {"rol": "klant", "digitaleAdressen": []},
    }
    data |= {
        "actor": {"naam": "Joost", "soortActor": "medewerker", "identificatie": "j"},
        "handeling": "bellen",
    }
    record = {"typeVersion": 1, "startAt": "2024-03-01", "data": data}
    taak = deployment.objects.post("objects", {"type": deployment.types["InterneTaak"], "record": record})
    with judged(client, taken=3, told=3):
        assert posted(client, notification("klanten", "klant", person["url"], "create")) == 204
        url = contact["url"]
        assert posted(client, notification("contactmomenten", "contactmoment", url, "update")) == 204
        type_ = deployment.types["InterneTaak"]
        told = notification("objecten", "object", taak["url"], "partial_update", objectType=type_)
        assert posted(client, told) == 204
    partij, klantcontact, internetaak = sorted(
        subscriber.told(3),
        key=lambda each: ["partijen", "klantcontacten", "internetaken"].index(each["kanaal"]),
    )
    assert (partij["resource"], partij["actie"]) == ("partij", "create")
    assert partij["resourceUrl"] == f"{client.base}/partijen/{person['url'].rpartition('/')[2]}"
    assert partij["kenmerken"]["soortPartij"] == "persoon"
    assert (klantcontact["resource"], klantcontact["actie"]) == ("klantcontact", "update")
    assert klantcontact["kenmerken"]["verdereActieOndernomen"] is False
    assert (internetaak["resource"], internetaak["actie"]) == ("internetaak", "partial_update")
    assert internetaak["kenmerken"]["status"] == "te_verwerken"
    assert internetaak["kenmerken"]["toelichting"] == ""


def test_a_record_that_is_gone_has_an_end_and_no_kenmerken(client, deployment, subscriber):
    person = deployment.klanten.post("klanten", klant())
    deployment.klanten.delete(person["url"])
    with judged(client, told=1, gone=1):
        posted(client, notification("klanten", "klant", person["url"], "partial_update"))
        posted(client, notification("klanten", "klant", person["url"], "destroy"))
    (found,) = subscriber.told(1)
    assert (found["kanaal"], found["actie"], found["kenmerken"]) == ("partijen", "destroy", {})


def test_what_klantbrug_wrote_is_told_once(client, deployment, subscriber):
    """Its register tells of it too; what an old client writes at the same moment is told all the same."""
    made = client.post("klantcontacten", bodies.contact())
    path = f"klantcontacten/{made['uuid']}"
    client.patch(path, {"kanaal": "brief"})
    client.delete(path)
    subscriber.told(3)
    url = deployment.contactmomenten.url(f"contactmomenten/{made['uuid']}")
    with judged(client, echo=3, told=1):
        for actie in ("create", "partial_update", "destroy", "destroy"):
            posted(client, notification("contactmomenten", "contactmoment", url, actie))
    assert subscriber.told(4)[-1]["actie"] == "destroy"


def test_an_interne_taak_of_klantbrug_is_no_news(client, deployment, subscriber):
    contact = client.post("klantcontacten", bodies.contact())
    taak = {
        "aanleidinggevendKlantcontact": bodies.ref(contact),
        "toegewezenAanActoren": [],
        "gevraagdeHandeling": "x",
    }
    made = client.post("internetaken", {**taak, "status": "te_verwerken"})
    client.patch(f"internetaken/{made['uuid']}", {"status": "verwerkt"})
    subscriber.told(3)
    url = deployment.objects.url(f"objects/{made['uuid']}")
    with judged(client, echo=2):
        for actie in ("create", "update"):
            told = notification("objecten", "object", url, actie, objectType=deployment.types["InterneTaak"])
            posted(client, told)
    subscriber.told(3)


def test_a_notification_that_comes_twice_is_told_once(client, deployment, subscriber):
    person = deployment.klanten.post("klanten", klant())
    message = notification("klanten", "klant", person["url"], "create")
    with judged(client, taken=1, repeated=2, told=1):
        assert [posted(client, message) for _ in range(3)] == [204] * 3
    subscriber.told(1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (notification("test", "test", "https://example.com", "test"), 204),
        (notification("zaken", "zaak", "https://zaken.example/zaken/1", "create"), 204),
        (notification("klanten", "klant", f"https://elders.example/klanten/{uuid4()}", "create"), 204),
        (notification("objecten", "object", "https://objecten.example/objects/1", "create"), 204),
        (notification("klanten", "klant", "x", "create", moment="gisteren"), 400),
        ({}, 400),
        ([], 400),
        (b"{", 400),
        (b" " * 70_000, 413),
    ],
    ids=[
        "a trial",
        "another channel",
        "elsewhere",
        "no type",
        "no moment",
        "empty",
        "a list",
        "no json",
        "long",
    ],
)
def test_what_is_none_of_our_business_is_taken_and_dropped(client, subscriber, body, status):
    before = counts(client)
    assert posted(client, body) == status
    assert counts(client).get("heard.taken") == before.get("heard.taken")
    subscriber.told(0)


def test_the_endpoint_wants_its_secret_and_a_post(client):
    body = notification("klanten", "klant", f"https://elders.example/klanten/{uuid4()}", "create")
    assert posted(client, body, "") == 403
    assert posted(client, body, AUTHORIZATION + "x") == 403
    assert posted(client, body, method="GET") == 405


def test_setup_subscribes_and_what_the_api_passes_on_is_told(client, deployment, subscriber):
    """The stand-in tries the endpoint as Open Notificaties does, and passes on what a register tells it."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    receive = ReceivingSettings(f"{origin}/notificaties", AUTHORIZATION)
    change = telling(subscriber.origin, receive=receive)
    kept = subscriber.kept
    with closing(prepare(change(deployment.configuration))) as adapter:
        register, heard = adapter.registers["notificaties"], heard_channels(adapter.mappings)
        assert set(heard) == {"klanten", "contactmomenten", "objecten"}
        assert subscribe(register, receive, heard).startswith("refused (400)")
        for name in heard:
            kept.channels[name] = {"naam": name, "documentatieLink": "", "filters": []}
        assert problem(register, receive, heard).startswith("there is no subscription")
        wrong = ReceivingSettings(receive.url, AUTHORIZATION + "x")
        assert subscribe(register, wrong, heard).startswith("refused (400)")
        assert subscribe(register, receive, heard[:1]) == "created"
        assert "lacks the channels" in problem(register, receive, heard)
        assert subscribe(register, receive, heard) == "renewed"
        assert problem(register, receive, heard) == ""
        person = deployment.klanten.post("klanten", klant())
        with judged(client, told=1):
            relayed = requests.post(
                f"{subscriber.origin}/notificaties",
                json=notification("klanten", "klant", person["url"], "create"),
                timeout=10,
            )
            assert relayed.status_code == 201
        first, second = subscriber.told(2)
        assert (first["kanaal"], second["kanaal"]) == ("klanten", "partijen")
    kept.subscriptions.clear()


def test_what_comes_while_klantbrug_writes_waits_for_the_end_of_that_write():
    """It may be an echo of which the record is not known yet; a write that stays open holds up nothing."""
    state = open_state()
    try:
        write = state.journal.begin("create partijen", [], [])
        record, sent = f"klanten/klanten/{uuid4()}", now()
        state.inbox.add(Heard("partijen", record, "create", sent, time.time(), time.time()))
        seen = []
        deployment = SimpleNamespace(state=state, settle=60.0, publishing=None, count=seen.append)
        hearing.Hearing(deployment).look()
        assert (seen, len(state.inbox.waiting(10))) == ([], 1)
        state.inbox.wrote(record, "create")
        state.journal.close(write, done=True)
        hearing.Hearing(deployment).look()
        assert (seen, state.inbox.waiting(10)) == (["heard.echo"], [])
        state.journal.begin("create partijen", [], [])
        state.inbox.add(Heard("partijen", record, "update", sent, time.time(), time.time()))
        deployment.settle = 0.0
        deployment.mappings = SimpleNamespace(resources={"partijen": SimpleNamespace(publishes=None)})
        hearing.Hearing(deployment).look()
        assert seen == ["heard.echo", "heard.gone"]
    finally:
        state.close()
