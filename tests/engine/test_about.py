"""What says something of another value goes with it when an old client changes that."""

import pytest

from tests import bodies
from tests.engine.test_emptied import KINDS

pytestmark = pytest.mark.alternating

CLOSED = "2026-01-02T10:00:00Z"
VERIFIED = "2025-05-06"


class Task:
    """An interne taak that new and old clients close and reopen."""

    def __init__(self, served, old, **members):
        self.served, self.old = served, old
        contact = served.post("klantcontacten", bodies.contact())
        task = served.post("internetaken", bodies.taak(contact, **members))
        self.path, self.stored = f"internetaken/{task['uuid']}", {"url": f"objects/{task['uuid']}"}

    def by_old(self, status):
        """An old client writes a status."""
        self.old.change(self.stored, status=status)

    @property
    def closed(self):
        """Since when it is closed, as it is served."""
        return self.served.get(self.path)["afgehandeldOp"]


@pytest.fixture
def closed(served, old):
    """A task that a new client closed."""
    return Task(served, old, status="verwerkt", afgehandeldOp=CLOSED)


def sent_back(served, path):
    """What a PUT of what was read answers."""
    read = served.get(path)
    del read["toegewezenAanActor"]
    return served.put(path, read)


def test_a_task_that_an_old_client_reopens(served, closed):
    """It was closed at no moment, and what was read can be sent back."""
    closed.by_old("te verwerken")
    assert closed.closed is None
    assert sent_back(served, closed.path)["status"] == "te_verwerken"
    assert closed.closed is None


def test_a_task_that_an_old_client_closes(served, old):
    """Nobody knows when, until a new client writes; what was read and is sent back writes nothing."""
    task = Task(served, old)
    task.by_old("verwerkt")
    assert task.closed is None
    assert sent_back(served, task.path)["afgehandeldOp"] is None
    assert served.patch(task.path, {"toelichting": "Graag terugbellen"})["afgehandeldOp"] is None
    now = served.patch(task.path, {"toelichting": "Gebeld"})["afgehandeldOp"]
    assert now is not None
    assert served.patch(task.path, {"toelichting": "Gemaild"})["afgehandeldOp"] == now


@pytest.mark.parametrize("body", [{"status": "verwerkt"}, {"toelichting": "Gebeld"}])
def test_a_new_client_writes_to_a_task_that_an_old_one_closed(served, old, body):
    """It is closed from then on, as it is in Open Klant."""
    task = Task(served, old)
    task.by_old("verwerkt")
    assert served.patch(task.path, body)["afgehandeldOp"] is not None


def test_an_earlier_closing_does_not_come_back(served, closed):
    """Reopened, written to, and closed again by an old client: nobody knows when."""
    closed.by_old("te verwerken")
    served.patch(closed.path, {"toelichting": "Toch niet"})
    closed.by_old("verwerkt")
    assert closed.closed is None
    assert served.get("internetaken", status="verwerkt")["results"][0]["afgehandeldOp"] is None


def test_a_new_client_closes_what_an_old_one_reopened(served, closed):
    """That is another moment."""
    closed.by_old("te verwerken")
    now = served.patch(closed.path, {"status": "verwerkt"})["afgehandeldOp"]
    assert now not in (None, CLOSED)
    assert closed.closed == now


ADDRESSES = [("openklant", "email"), ("vng", "telefoonnummer"), ("openklant", "telefoonnummer")]
every_address = pytest.mark.parametrize(("dialect", "kind"), ADDRESSES)


def verified(served):
    """The addresses that are served as verified, as a filter finds them and as they say themselves."""
    rows = served.get("digitaleadressen", isGeverifieerd="true")["results"]
    every = served.get("digitaleadressen")["results"]
    assert rows == [each for each in every if each["verificatieDatum"]]
    return [each["adres"] for each in rows]


@every_address
def test_an_address_that_an_old_client_changes_was_never_verified(served, old, kind):
    """Not in a list, not by a filter, not after the next write, and not when the old one comes back then."""
    slot = KINDS[kind](served, old)
    path = f"digitaleadressen/{slot.record(0, verificatieDatum=VERIFIED)['uuid']}"
    assert verified(served) == [slot.values[0]]
    slot.by_old(1)
    assert verified(served) == []
    assert served.get(path)["verificatieDatum"] is None
    assert served.patch(path, {"omschrijving": "werk"})["verificatieDatum"] is None
    slot.by_old(0)
    assert verified(served) == []
    assert served.patch(path, {"verificatieDatum": VERIFIED})["verificatieDatum"] == VERIFIED
    assert verified(served) == [slot.values[0]]


@every_address
def test_an_address_of_an_old_client_that_was_verified(served, old, kind):
    """It is verified no longer when the old client changes it."""
    slot = KINDS[kind](served, old)
    slot.by_old(0)
    ((uuid, _),) = slot.found()
    served.patch(f"digitaleadressen/{uuid}", {"verificatieDatum": VERIFIED})
    assert verified(served) == [slot.values[0]]
    slot.by_old(1)
    assert verified(served) == []
    assert slot.found() == [(uuid, slot.values[1])]
