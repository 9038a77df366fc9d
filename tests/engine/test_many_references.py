"""Bodies that refer to much: what they name is looked up together, and nobody is kept waiting for that."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.bodies import actor, adres, contact, identificator, persoon, ref, taak

pytestmark = pytest.mark.alternating

MANY = 40


def unknown(number=MANY):
    return [{"uuid": str(uuid4())} for _ in range(number)]


def calls(deployment, expect, method, path, body):
    """How many register calls a request costs."""
    start = len(deployment.exchanges)
    answer = deployment.served.call(method, path, json=body)
    assert answer.status_code == expect, answer.text
    return len(deployment.exchanges) - start


def nested(references):
    return [identificator("bsn", "999990019", sub=each) for each in references]


def known(references):
    return [{**identificator("bsn", "999990019"), **each} for each in references]


@pytest.mark.parametrize(
    "body",
    [
        lambda: persoon(digitaleAdressen=unknown()),
        lambda: persoon(rekeningnummers=unknown()),
        lambda: persoon(partijIdentificatoren=nested(unknown())),
        lambda: persoon(partijIdentificatoren=known(unknown())),
    ],
    ids=["in a list", "in another list", "of what comes nested", "to what comes nested"],
)
def test_what_is_not_there_is_looked_up_together(deployment, body):
    assert calls(deployment, 400, "POST", "partijen", body()) <= 2
    made = deployment.served.post("partijen", persoon())
    assert calls(deployment, 400, "PUT", f"partijen/{made['uuid']}", body()) <= 10


def test_what_is_there_is_looked_up_together(deployment):
    """What changes is written one by one; what stays costs no more for many than for few."""

    def put_again(number):
        served = deployment.served
        made = [ref(served.post("digitaleadressen", adres(f"a{each}@b.nl"))) for each in range(number)]
        path = f"partijen/{served.post('partijen', persoon(digitaleAdressen=made))['uuid']}"
        return calls(deployment, 200, "PUT", path, persoon(digitaleAdressen=made))

    # the uuids of 25 make two searches, before and after the locks
    assert put_again(25) <= put_again(3) + 2


@pytest.mark.parametrize("dialect", ["openklant"])
def test_actoren_are_looked_up_together(deployment, old):
    """Those of the own registration, which no search finds by uuid, and those that are nowhere."""
    served = deployment.served
    about = served.post("klantcontacten", contact())
    own = [
        {"uuid": old.object("Medewerker", identificatie=f"m{number}", afdelingen=[])["uuid"]}
        for number in range(12)
    ]
    other = {"uuid": old.object("Groep", identificatie="g", naam="G", afdelingId="a")["uuid"]}
    elsewhere = ref(served.post("digitaleadressen", adres("a@b.nl")))
    assert calls(deployment, 400, "POST", "internetaken", taak(about, *own, *unknown())) <= 10
    assert calls(deployment, 400, "POST", "internetaken", taak(about, *own, other, elsewhere)) <= 10
    assert calls(deployment, 201, "POST", "internetaken", taak(about, *own, other)) <= 12


@pytest.mark.parametrize("dialect", ["openklant"])
def test_who_refers_to_much_that_is_not_there_keeps_nobody_waiting(deployment):
    """What such a body names besides can be written to meanwhile."""
    served, missing = deployment.served, unknown()
    someone = served.post("actoren", actor("jan", "Jan"))
    about = served.post("klantcontacten", contact())
    begun, written = threading.Event(), threading.Event()

    async def hold(scope):
        if any(each["uuid"].encode() in scope["query_string"] for each in missing):
            begun.set()
            for _ in range(100):
                if not written.is_set():
                    await asyncio.sleep(0.05)

    deployment.faults["objects"].hold = hold
    try:
        with ThreadPoolExecutor(1) as other:
            body = taak(about, someone, *missing)
            refused = other.submit(served.call, "POST", "internetaken", json=body)
            assert begun.wait(20)
            served.patch(f"actoren/{someone['uuid']}", {"naam": "Johan"})
            assert not refused.done()
            written.set()
            assert refused.result().status_code == 400
    finally:
        deployment.faults["objects"].hold = None
