"""Many clients over registers of which every twentieth call goes wrong: no wrong answer, no leak."""

import random
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest
import requests

from tests import bodies
from tests.deployment import Client
from tests.faults.site import replicas_for, site
from tests.state.conftest import address

__all__ = ["address"]

RATE = 0.05
FAILED = (502, 503)
# A write that failed may be tried again so often.
TRIES = 60


class Visitor(threading.Thread):
    """Records, reads, changes and deletes contacts of its own, and knows what each answer has to be."""

    def __init__(self, urls, partij, until):
        super().__init__()
        # Of several replicas any may be asked.
        self.clients = [Client(url, Authorization="Token demo") for url in urls]
        self.partij, self.until = partij, until
        self.statuses, self.wrong, self.left = Counter(), [], {}

    def run(self):
        try:
            while time.monotonic() < self.until and not self.wrong:
                self.visit(str(uuid.uuid4()))
        except requests.RequestException as error:
            self.wrong.append(repr(error))
        finally:
            for client in self.clients:
                client.close()

    def visit(self, name):
        # A number is asked for. What has to be scanned for can be missed when others are made and
        # deleted between two pages: no register can be asked for all pages as they were at one moment.
        number = str(uuid.UUID(name).int % 10**10).zfill(10)
        form = {
            "klantcontact": bodies.contact(onderwerp=name, nummer=number, metadata={"van": name}),
            "betrokkene": {"rol": "klant", "initiator": True, "wasPartij": bodies.ref(self.partij)},
        }
        made = self.tried("POST", "maak-klantcontact", form, 201, **{"Idempotency-Key": name})
        if made is None:
            return
        contact = made["klantcontact"]
        path = f"klantcontacten/{contact['uuid']}"
        self.expect(contact, onderwerp=name, metadata={"van": name})
        self.expect(self.tried("GET", path, None, 200), onderwerp=name, metadata={"van": name})
        changed = self.tried("PATCH", path, {"inhoud": name, "reactie": name}, 200)
        self.expect(changed, inhoud=name, reactie=name, metadata={"van": name})
        found = self.tried("GET", f"klantcontacten?nummer={number}&expand=hadBetrokkenen", None, 200)
        self.expect(found, count=1)
        # Few stay: lists do not grow, and what grows in memory is not what is read.
        if uuid.UUID(name).int % 16:
            self.tried("DELETE", path, None, 204, 404)
            self.tried("GET", path, None, 404)
        else:
            self.left[contact["uuid"]] = name

    def tried(self, method, path, body, *expected, **headers):
        """The answer with one of these statuses, again while a register fails; None if it never came."""
        for _ in range(TRIES):
            try:
                answer = random.choice(self.clients).call(method, path, json=body, headers=headers)
            except requests.Timeout:
                # A machine that is busy with other things is slow; the answer is what counts.
                self.statuses["none in time"] += 1
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code in expected:
                return answer.json() if answer.content else {}
            if answer.status_code not in FAILED:
                self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text}")
                return None
            time.sleep(0.02)
        self.wrong.append(f"{method} {path}: never answered")
        return None

    def expect(self, found, **members):
        for name, value in members.items():
            if found is not None and found.get(name) != value:
                self.wrong.append(f"{name} is {found.get(name)!r} instead of {value!r}")


def measured(pid):
    """(memory in MB, threads, open files and connections) of a process."""
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
    memory = int(status["VmRSS"].split()[0]) / 1024
    return round(memory), int(status["Threads"]), len(list((process / "fd").iterdir()))


def visited(folder, address, clients, seconds, record_property):
    with site(folder, "openklant", address, replicas=replicas_for(address)) as found:
        partij = found.served.post("partijen", bodies.persoon())
        pid = found.replicas[0].process.pid
        urls = [each.url for each in found.replicas]

        def load(seconds):
            until = time.monotonic() + seconds
            visitors = [Visitor(urls, partij, until) for _ in range(clients)]
            for each in visitors:
                each.start()
            for each in visitors:
                each.join()
            return visitors

        found.order.rate = RATE
        # The first half fills pools and caches: what grows after it, leaks.
        visitors = load(seconds / 2)
        before = measured(pid)
        visitors += load(seconds / 2)
        found.order.rate = 0.0
        assert found.journal_is_empty()
        after = measured(pid)
        statuses = sum((each.statuses for each in visitors), Counter())
        calls = f"{found.order.calls} register calls, {found.order.spoilt} spoilt"
        counts = (
            f"answers {dict(sorted(statuses.items(), key=str))}, memory/threads/files {before} then {after}"
        )
        record_property("tried", f"{clients} clients, {len(urls)} replicas, {seconds} s, {calls}, {counts}")
        wrong = [wrong for each in visitors for wrong in each.wrong]
        assert not wrong, "\n".join(wrong[:10])
        left = {contact: name for each in visitors for contact, name in each.left.items()}
        served = {it["uuid"]: it["onderwerp"] for it in found.served.all("klantcontacten", pageSize=100)}
        assert served == left
        links = [it["hadKlantcontact"]["uuid"] for it in found.served.all("betrokkenen", pageSize=100)]
        assert sorted(links) == sorted(left)
        return before, after


def assert_nothing_leaks(before, after):
    """Connections and threads are pooled: there are as many as before, give or take what was busy."""
    memory, threads, files = before
    assert after[0] < memory * 1.3 + 20
    assert after[1] <= threads + 10
    assert after[2] <= files + 20


@pytest.mark.parametrize(
    "address", ["file", pytest.param("postgres", marks=pytest.mark.contract)], indirect=True
)
def test_no_wrong_answer(address, tmp_path, record_property):
    """Eight clients for some seconds; with PostgreSQL before two replicas."""
    visited(tmp_path, address, 8, 2, record_property)


@pytest.mark.faults
def test_two_minutes(address, tmp_path, record_property):
    """Sixty-four clients for two minutes; afterwards memory, threads and connections are what they were."""
    assert_nothing_leaks(*visited(tmp_path, address, 64, 120, record_property))
