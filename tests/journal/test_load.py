"""Killed at random moments under load: nothing is lost, nothing is doubled, and the journal is empty."""

import random
import threading
import time
import uuid

import pytest
import requests

from tests import bodies
from tests.deployment import Client
from tests.faults.site import site
from tests.state.conftest import address, postgres

__all__ = ["address", "postgres"]

WRITERS, ROUNDS = 8, 4
# A machine that is busy with other things starts a process slowly.
PATIENCE = 90


class Writer(threading.Thread):
    """Records contacts, each under a key of its own, and tries again until it hears that one was made."""

    def __init__(self, url, partij, stop):
        super().__init__()
        self.client = Client(url, Authorization="Token demo")
        self.partij, self.stop = partij, stop
        self.made, self.wrong = {}, []

    def run(self):
        while not self.stop.is_set():
            name = str(uuid.uuid4())
            self.made[name] = self.until_made(name)
        self.client.close()

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
                answer = self.client.call("POST", "maak-klantcontact", json=form, headers=headers)
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


@pytest.mark.parametrize("dialect", ["openklant"])
def test_nothing_is_lost_and_nothing_is_doubled(address, dialect, tmp_path):
    """Eight writers record contacts that look alike, while KlantBrug is killed and started again."""
    with site(tmp_path, dialect, address, settings={"nummers": "generate"}) as found:
        partij = found.served.post("partijen", bodies.persoon())
        stop = threading.Event()
        writers = [Writer(found.replicas[0].url, partij, stop) for _ in range(WRITERS)]
        for each in writers:
            each.start()
        for _ in range(ROUNDS):
            time.sleep(random.uniform(0.2, 1.2))
            found.replicas[0].kill()
            found.replicas[0].start()
        stop.set()
        for each in writers:
            each.join()
        assert [wrong for each in writers for wrong in each.wrong] == []
        assert found.journal_is_empty()
        made = {name: made for each in writers for name, made in each.made.items()}
        contacts = found.served.all("klantcontacten", pageSize=100)
        assert len({it["nummer"] for it in contacts}) == len(contacts)
        served = {it["uuid"]: it["onderwerp"] for it in contacts}
        assert len(made) >= WRITERS
        assert served == {contact: name for name, contact in made.items()}
        links = [it["hadKlantcontact"]["uuid"] for it in found.served.all("betrokkenen", pageSize=100)]
        assert sorted(links) == sorted(served)
