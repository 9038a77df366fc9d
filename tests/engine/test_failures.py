"""A register that fails is told to the client in time and by name, and leaves no half of a write behind."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import MappingProxyType

import pytest
from adapter.engine.transaction.recovery import Recovery

from tests import bodies
from tests.engine.old_kiss import OldKiss
from tests.unreliable import BROKEN, BROKEN_JSON, DOWN, LOST, MOVED, PORTAL, SLOW, Fault

pytestmark = pytest.mark.alternating

READS = {
    "klanten": ("klanten", "/klanten/api", "partijen"),
    "contactmomenten": ("klanten", "/contactmomenten/api", "klantcontacten"),
    "objects": ("objects", "/api/v2", "actoren"),
}
ANSWERS = {
    "down": (DOWN, 503),
    "broken": (BROKEN, 503),
    "too busy": (Fault(429, b"{}", b"application/json"), 503),
    "a portal": (PORTAL, 502),
    "half JSON": (BROKEN_JSON, 502),
    "moved": (MOVED, 502),
    "no access": (Fault(403, b'{"code": "permission_denied"}', b"application/json"), 502),
}


@pytest.mark.parametrize("register", READS)
@pytest.mark.parametrize(("fault", "status"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_register_that_fails_is_named(deployment, register, fault, status):
    """Reading answers 503 or 502 with the name of the register, in the form of every other error."""
    server, path, collection = READS[register]
    with deployment.faults[server].failing(fault, path=path):
        answer = deployment.served.call("GET", collection)
    assert answer.status_code == status
    told(answer, register, status)
    expected_findings(deployment)
    assert deployment.served.get(collection)["count"] == 0


def told(answer, register, status):
    assert answer.headers["Content-Type"].startswith("application/json")
    body = answer.json()
    assert body["status"] == status
    assert register in body["detail"]
    assert ("Retry-After" in answer.headers) == (status == 503)


def expected_findings(deployment):
    """A register that makes no sense breaks its contract: these findings are meant."""
    deployment.findings.clear()


REFUSED = Fault(400, b'{"code": "invalid", "status": 400, "invalidParams": []}', b"application/json")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("register", READS)
def test_a_register_that_refuses_is_no_defect_of_klantbrug(deployment, watch, register, method):
    """What a register refuses for reasons of its own is kept elsewhere, or 502 and nothing is left open."""
    served, old = deployment.served, OldKiss(deployment)
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}))
    partij = served.post("partijen", bodies.persoon())
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, partij))
    onderwerp = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    changes = [
        ("POST", "maak-klantcontact", {"klantcontact": bodies.contact(reactie="r")}),
        ("POST", "partijen", bodies.persoon()),
        ("POST", "onderwerpobjecten", bodies.onderwerp(contact, bodies.OTHER_ZAAK)),
        ("PATCH", f"klantcontacten/{contact['uuid']}", {"inhoud": "Anders", "metadata": {"c": "d"}}),
        ("PATCH", f"partijen/{partij['uuid']}", {"indicatieActief": False, "bezoekadres": {"stad": "Epe"}}),
        ("PATCH", f"onderwerpobjecten/{onderwerp['uuid']}", {"klantcontact": None}),
        ("DELETE", f"betrokkenen/{betrokkene['uuid']}", None),
        ("DELETE", f"onderwerpobjecten/{onderwerp['uuid']}", None),
        ("DELETE", f"klantcontacten/{contact['uuid']}", None),
    ]
    server, path, _ = READS[register]
    for each in changes:
        before = old.everything()
        with deployment.faults[server].failing(REFUSED, method=method, path=path):
            answer = served.call(each[0], each[1], json=each[2])
        if answer.status_code >= 300:
            told(answer, register, 502)
            # What was made could not be deleted while the register refused that, and from the first delete
            # of a record on a write is finished.
            sweep(deployment, watch)
            assert method == "DELETE" or old.everything() == before, each
    expected_findings(deployment)


def test_half_a_contact_is_not_served(deployment, served):
    """What stands beside the register's record belongs to it: without the Objects API there is no contact."""
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}))
    with deployment.faults["objects"].failing(DOWN):
        for path in ("klantcontacten", f"klantcontacten/{contact['uuid']}"):
            told(served.call("GET", path), "objects", 503)
    assert served.get(f"klantcontacten/{contact['uuid']}")["metadata"] == {"a": "b"}


def sweep(deployment, watch):
    """Whatever was left is finished or undone now."""
    for world in watch.worlds():
        if world.public_url == deployment.configuration.public_url:
            assert Recovery(world).sweep(time.time() + 10 * world.settle) == 0


def test_a_write_that_is_tried_again_is_not_undone_with_the_first(deployment, served, watch):
    """What is left of a failed write is not looked for in the same values of a later one."""
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}))
    path, change = f"klantcontacten/{contact['uuid']}", {"inhoud": "Anders", "reactie": "r"}
    with deployment.faults["objects"].failing(DOWN, method="PUT"):
        assert served.call("PATCH", path, json=change).status_code == 503
    served.patch(path, change)
    sweep(deployment, watch)
    found = served.get(path)
    assert {name: found[name] for name in change} == change
    assert found["metadata"] == {"a": "b"}


def test_a_write_is_not_undone_with_one_that_is_swept_meanwhile(deployment, served, watch):
    """What a sweep is busy with, and leaves for later, is in the way of a write of the same values too."""
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}))
    path, change = f"klantcontacten/{contact['uuid']}", {"inhoud": "Anders", "reactie": "r"}
    with deployment.faults["objects"].failing(DOWN, method="PUT"):
        assert served.call("PATCH", path, json=change).status_code == 503
    (world,) = (each for each in watch.worlds() if each.public_url == deployment.configuration.public_url)
    looking, on = threading.Event(), threading.Event()

    async def hold(_scope):
        looking.set()
        for _ in range(200):
            if not on.is_set():
                await asyncio.sleep(0.05)

    deployment.faults["objects"].hold = hold
    try:
        with ThreadPoolExecutor(2) as others:
            swept = others.submit(Recovery(world).sweep, time.time())
            assert looking.wait(20)
            again = others.submit(served.patch, path, change)
            time.sleep(0.5)  # it waits for the sweep, or is a fault
            on.set()
            assert swept.result() == 1
            again.result()
    finally:
        deployment.faults["objects"].hold = None
    sweep(deployment, watch)
    found = served.get(path)
    assert {name: found[name] for name in change} == change


def impatient(configuration):
    """A configuration that waits for one second."""
    registers = {
        name: replace(register, service=MappingProxyType({**register.service, "timeout": 1}))
        for name, register in configuration.registers.items()
    }
    limits = replace(configuration.limits, connect_timeout=1, total_timeout=1)
    return replace(configuration, registers=MappingProxyType(registers), limits=limits)


@pytest.mark.parametrize("register", READS)
def test_a_register_that_hangs_is_not_waited_for(deployment, others, register):
    """Past the time-out the answer is 503; nothing hangs."""
    server, path, collection = READS[register]
    served = others(deployment.dialect, impatient)
    with deployment.faults[server].failing(SLOW, path=path):
        started = time.monotonic()
        answer = served.call("GET", collection)
        assert time.monotonic() - started < 3
    assert answer.status_code == 503
    told(answer, register, 503)


def elsewhere(configuration):
    """A configuration that looks for the Klanten register where nothing listens."""
    register = configuration.registers["klanten"]
    service = MappingProxyType({**register.service, "api_root": "http://127.0.0.1:9/klanten/api/v1/"})
    registers = {**configuration.registers, "klanten": replace(register, service=service)}
    return replace(configuration, registers=MappingProxyType(registers))


def test_a_register_that_is_not_there(deployment):
    """A refused connection is 503; what needs no klanten goes on."""
    with deployment.another(elsewhere) as served:
        told(served.call("GET", "partijen"), "klanten", 503)
        assert served.get("klantcontacten")["count"] == 0
        served.post("klantcontacten", bodies.contact())


@pytest.fixture
def known(served, old):
    """What the writes below refer to, and an old contact and klant to change."""
    contact, partij = (
        served.post("klantcontacten", bodies.contact()),
        served.post("partijen", bodies.persoon()),
    )
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    klant = old.klant(emailadres="oud@example.nl")
    moment = old.moment()
    old.link(moment, klant)
    task = old.taak(moment, betrokkene={"digitaleAdressen": [{"adres": "bel@example.nl"}]})
    return {
        "contact": contact,
        "partij": partij,
        "actor": actor,
        "klant": klant,
        "moment": moment,
        "task": task,
    }


def uuid_of(record):
    return record["url"].rpartition("/")[2]


WRITES = {
    "a contact": lambda it: ("POST", "klantcontacten", bodies.contact(metadata={"a": "b"}, todo="Bel")),
    "a form": lambda it: (
        "POST",
        "maak-klantcontact",
        {
            "klantcontact": bodies.contact(metadata={"a": "b"}),
            "betrokkene": {
                "rol": "klant",
                "initiator": True,
                "wasPartij": bodies.ref(it["partij"]),
                "organisatienaam": "O",
            },
            "onderwerpobject": {
                key: value for key, value in bodies.onderwerp(it["contact"]).items() if key != "klantcontact"
            },
        },
    ),
    "a partij": lambda it: (
        "POST",
        "partijen",
        bodies.persoon(interneNotitie="n", rekeningnummers=[], partijIdentificatoren=[number()]),
    ),
    "an address": lambda it: (
        "POST",
        "digitaleadressen",
        bodies.adres("p@example.nl", partij=it["partij"], isStandaardAdres=True),
    ),
    "a task": lambda it: ("POST", "internetaken", bodies.taak(it["contact"], it["actor"])),
    "a betrokkene": lambda it: (
        "POST",
        "betrokkenen",
        bodies.betrokkene(it["contact"], it["partij"], organisatienaam="O"),
    ),
    "a zaak": lambda it: ("POST", "onderwerpobjecten", bodies.onderwerp(it["contact"])),
    "an employee": lambda it: (
        "POST",
        "actorklantcontacten",
        {"actor": bodies.ref(it["actor"]), "klantcontact": bodies.ref(it["contact"])},
    ),
    "an old contact": lambda it: (
        "PATCH",
        f"klantcontacten/{uuid_of(it['moment'])}",
        {"inhoud": "Anders", "reactie": "r", "metadata": {"a": "b"}},
    ),
    "an old klant": lambda it: (
        "PATCH",
        f"partijen/{uuid_of(it['klant'])}",
        {
            "soortPartij": "persoon",
            "interneNotitie": "n",
            "partijIdentificatie": {"contactnaam": {"achternaam": "Anders", "voorletters": "A"}},
        },
    ),
    "an old task": lambda it: (
        "PATCH",
        f"internetaken/{it['task']['uuid']}",
        {"toegewezenAanActoren": [bodies.ref(it["actor"])], "status": "verwerkt"},
    ),
}


def number():
    body = bodies.identificator("bsn", bodies.OTHER_BSN)
    del body["identificeerdePartij"]
    return body


def contents(old):
    """The records of the registers and the data of the objects, apart from how often they were written."""
    found = old.everything()
    found["objects"] = [(each["uuid"], each["type"], each["record"]["data"]) for each in found["objects"]]
    return found


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("fault", [BROKEN, LOST], ids=["refused", "answer lost"])
def test_a_write_that_fails_halfway_leaves_nothing(deployment, old, known, write, fault):
    """Whichever of the register writes fails, the earlier ones are taken back, and a second try succeeds."""
    method, path, body = write(known)
    before = contents(old)
    for step in range(12):
        failing = Failing(deployment, fault, step)
        with failing:
            answer = deployment.served.call(method, path, json=body)
        if answer.status_code < 300:
            break
        assert answer.status_code in (502, 503), (step, answer.text)
        assert contents(old) == before, f"after the failure of write {step + 1}: {failing.failed}"
    assert answer.status_code in (200, 201)
    # A change that was done, though the answer was lost, is seen to be done.
    assert step > 0 or fault is LOST


class Failing:
    """Lets one register write of a request fail: the one after `skip` others, counted over all registers."""

    def __init__(self, deployment, fault, skip):
        self.servers = deployment.faults
        self.fault, self.skip = fault, skip
        self.failed = None

    def __enter__(self):
        for server in self.servers.values():
            server.decide = self.decide
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.decide = None

    def decide(self, scope):
        if scope["method"] == "GET" or scope["path"].endswith("/search") or self.failed:
            return None
        if self.skip:
            self.skip -= 1
            return None
        self.failed = f"{scope['method']} {scope['path']}"
        return self.fault


def test_a_search_that_would_read_too_much_is_refused(deployment, old):
    """A filter that has to look at more records than allowed is a 400 that says so; a list is not."""

    def narrow(configuration):
        return replace(configuration, limits=replace(configuration.limits, scan=10))

    for _ in range(11):
        old.moment()
    with deployment.another(narrow) as served:
        answer = served.get("klantcontacten", 400, onderwerp="Wil een")
        assert [(each["name"], each["code"]) for each in answer["invalidParams"]] == [
            ("onderwerp", "scan-bound")
        ]
        assert "10" in answer["invalidParams"][0]["reason"]
        assert served.get("klantcontacten")["count"] == 11
