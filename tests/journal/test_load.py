"""Killed at random moments under load: nothing is lost, nothing is doubled, and the journal is empty."""

import random
import threading
import time
import uuid

import pytest
import requests

from tests import bodies
from tests.deployment import Client
from tests.faults.site import replicas_for, site
from tests.state.conftest import address

__all__ = ["address"]

WRITERS = 6
# A machine that is busy with other things starts a process slowly.
PATIENCE = 120


class Writer(threading.Thread):
    """Records contacts, each under a key of its own, and tries again until it hears that one was made."""

    def __init__(self, urls, partij, stop):
        super().__init__()
        # Of several replicas any may be asked.
        self.clients = [Client(url, Authorization="Token demo") for url in urls]
        self.partij, self.stop = partij, stop
        self.made, self.wrong = {}, []

    def run(self):
        while not self.stop.is_set():
            name = str(uuid.uuid4())
            self.made[name] = self.until_made(name)
        for client in self.clients:
            client.close()

    def until_made(self, name):
        form = {
            "klantcontact": bodies.contact(onderwerp=name, plaatsgevondenOp="2026-01-02T03:04:05Z"),
            "betrokkene": {"rol": "klant", "initiator": True, "wasPartij": bodies.ref(self.partij)},
        }
        last = ""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                headers = {"Idempotency-Key": name}
                client = random.choice(self.clients)
                answer = client.call("POST", "maak-klantcontact", json=form, headers=headers)
            except requests.RequestException as error:
                last = type(error).__name__
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                return answer.json()["klantcontact"]["uuid"]
            last = answer.text
            if answer.status_code not in (500, 502, 503):
                self.wrong.append((answer.status_code, answer.text))
                return None
            time.sleep(0.05)
        self.wrong.append(("never made", last))
        return None


def killed_under_load(folder, address, rounds, longest, record_property):
    """Writers record contacts that look alike, while replicas are killed and started again."""
    replicas = replicas_for(address)
    with site(folder, "openklant", address, replicas=replicas) as found:
        partij = found.served.post("partijen", bodies.persoon())
        stop = threading.Event()
        writers = [Writer([each.url for each in found.replicas], partij, stop) for _ in range(WRITERS)]
        for each in writers:
            each.start()
        for _ in range(rounds):
            time.sleep(random.uniform(0.2, longest))
            victim = random.choice(found.replicas)
            victim.kill()
            victim.start()
        stop.set()
        for each in writers:
            each.join()
        assert [wrong for each in writers for wrong in each.wrong] == []
        assert found.journal_is_empty()
        made = {name: made for each in writers for name, made in each.made.items()}
        contacts = found.served.all("klantcontacten", pageSize=100, expand="hadBetrokkenen")
        served = {it["uuid"]: it["onderwerp"] for it in contacts}
        record_property("tried", f"{rounds} rounds of kill -9, {replicas} replicas: {len(made)} contacts")
        assert len(made) >= WRITERS
        assert served == {contact: name for name, contact in made.items()}
        links = [each["_expand"]["hadBetrokkenen"] for each in contacts]
        assert [[each["wasPartij"]["uuid"] for each in one] for one in links] == [[partij["uuid"]]] * len(
            links
        )


@pytest.mark.parametrize(
    "address", ["postgres", pytest.param("file", marks=pytest.mark.contract)], indirect=True
)
def test_nothing_is_lost_and_nothing_is_doubled(address, tmp_path, record_property):
    """A few rounds; with PostgreSQL before two replicas, of which the other one goes on."""
    killed_under_load(tmp_path, address, 2, 0.6, record_property)


@pytest.mark.faults
def test_two_hundred_rounds(address, tmp_path, record_property):
    """The same for two hundred rounds."""
    killed_under_load(tmp_path, address, 200, 1.2, record_property)
