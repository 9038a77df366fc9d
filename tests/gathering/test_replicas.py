"""Two KlantBrugs on one state, and clients that send to both at once: a contact is there once and whole."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.gathering.contacts import Contact, around
from tests.gathering.mortal import site
from tests.state.conftest import database

WRITERS, EACH = 8, 3
# Longer than a client needs for the pieces of a contact without a task.
QUIET = 20.0


def address_of(kind, request, folder):
    """A state for two replicas: a file of one machine, or a database."""
    if kind == "file":
        return str(folder / "state.sqlite3")
    return database(request.getfixturevalue("postgres"), f"replicas_{time.time_ns()}")


def writes(site, contact, chosen):
    """One client: each request to either replica, some of them to both at once, with the same key."""
    refused = []
    for step in contact.steps():
        both = [each.client for each in site.replicas]
        chosen.shuffle(both)
        asked = both if chosen.random() < 0.3 else both[:1]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda desk, step=step: patiently(step, desk), asked))
        refused += [each.text for each in answers if each.status_code >= 300]
        if len({each.json().get("uuid") for each in answers}) > 1:
            refused.append("two of one")
        refused += read(contact, chosen.choice(both))
    return refused


def patiently(step, desk):
    for _ in range(200):
        answer = step(desk)
        if answer.status_code not in {409, 503}:
            return answer
        time.sleep(0.1)
    return answer


def read(contact, desk):
    """What is not as its client was told, at whatever moment."""
    found = [each["uuid"] for each in desk.all("klantcontacten", onderwerp=contact.text)]
    wrong = [] if found == [contact.uuid("klantcontacten")] else [f"listed {len(found)} times"]
    for name, (kind, told) in contact.told.items():
        status = desk.call("GET", f"{kind}/{told['uuid']}").status_code
        wrong += [] if status == 200 else [f"{name} is {status}"]
    return wrong


@pytest.mark.contract
@pytest.mark.parametrize("kind", ["file", "postgres"])
def test_two_replicas_and_eight_writers_send_each_contact_once(kind, request, tmp_path):
    with site(tmp_path, address_of(kind, request, tmp_path), replicas=2, quiet=QUIET, lease=10.0) as found:
        known, chance = around(found.desk), random.Random(7)
        contacts = [Contact(known, with_task=bool(number % 2)) for number in range(WRITERS * EACH)]
        with ThreadPoolExecutor(WRITERS) as pool:
            seeds = [random.Random(chance.random()) for _ in contacts]
            refused = list(pool.map(lambda one: writes(found, *one), zip(contacts, seeds, strict=True)))
        settled = found.settle()
        problems = [each.problems(found, desk.client) for each in contacts for desk in found.replicas]
        assert ([each for each in refused if each], settled) == ([], True)
        assert [each for each in problems if each] == []
