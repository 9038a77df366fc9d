"""A process that dies at any moment of a write: what is done is told, and nothing else is.

The process "dies" at the n-th thing that it does outside itself, a register call that writes or a transaction
of the state: from then on neither has any effect. Another process, on the same state, then recovers.
"""

import time
from contextlib import contextmanager, suppress
from dataclasses import replace

import orjson
import pytest
from adapter.engine.service import Engine
from adapter.engine.transaction.recovery import Recovery
from adapter.errors import AdapterError, NotFound, RegisterUnavailable
from adapter.main import prepare
from adapter.openapi.checked import Checked
from adapter.service import Caller, ListQuery
from adapter.state.errors import StateUnavailable
from pytest import MonkeyPatch

from tests import bodies
from tests.notifications.conftest import telling

FAR = 1_000_000
CALLER = Caller()


class Life:
    """Counts what is done outside; after the n-th nothing works. The n-th itself is done, or is not."""

    def __init__(self, number, *, done):
        self.left, self.done = number, done

    def lives(self):
        """Whether the next thing has an effect; the last one depends."""
        self.left -= 1
        return self.left > 0 or (self.left == 0 and self.done)

    @property
    def over(self):
        return self.left <= 0


def called(call, life):
    def calling(method, path, **options):
        if life.over:
            raise RegisterUnavailable("dead")
        if method == "GET" or path == "objects/search":
            return call(method, path, **options)
        if not life.lives():
            raise RegisterUnavailable("dead")
        answer = call(method, path, **options)
        if life.over:
            raise RegisterUnavailable("dead")
        return answer

    return calling


def transacted(transaction, life):
    @contextmanager
    def transacting():
        if life.over or not life.lives():
            raise StateUnavailable
        with transaction() as found:
            yield found
        if life.over:
            raise StateUnavailable

    return transacting


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture(scope="module")
def adapter(deployments, tmp_path_factory):
    """A KlantBrug of which the state is a file."""
    running = deployments("openklant")
    state = str(tmp_path_factory.mktemp("state") / "state.sqlite3")
    found = prepare(telling("http://127.0.0.1:9")(replace(running.configuration, state=state)))
    yield found
    found.close()


@pytest.fixture
def living(deployment, adapter):
    """Gives the engine of a new process on the same state, with its state and its recovery."""

    @contextmanager
    def process(life=None):
        found = adapter.deployment(deployment.made)
        with MonkeyPatch.context() as patched:
            if life is not None:
                for register in adapter.registers.values():
                    patched.setattr(register, "call", called(register.call, life))
                database = found.state.database
                patched.setattr(database, "transaction", transacted(database.transaction, life))
            yield Engine(found), found.state, Recovery(found)
        adapter.closing.close()

    return process


def create(engine, _):
    body = {"klantcontact": bodies.contact(), "betrokkene": {"rol": "klant", "initiator": True}}
    engine.create("maak-klantcontact", Checked(body, []), CALLER)


def change(engine, uuid):
    engine.update("klantcontacten", uuid, Checked({"kanaal": "brief", "reactie": "Ja"}, []), True, CALLER)


def delete(engine, uuid):
    engine.destroy("klantcontacten", uuid, {}, CALLER)


def is_done(engine, operation, uuid):
    """Whether the registers say that it was done."""
    if operation is create:
        return engine.list("klantcontacten", ListQuery(), CALLER).count == 2
    try:
        found = engine.retrieve("klantcontacten", uuid, (), CALLER)
    except NotFound:
        return operation is delete
    return operation is change and (found["kanaal"], found["reactie"]) == ("brief", "Ja")


def told(state):
    """What waits to be told, which is told now."""
    found = state.outbox.due(time.time() + FAR, 100)
    for each in found:
        state.outbox.delivered(each)
    return [orjson.loads(each.body)["actie"] for each in found]


CASES = [(create, "create"), (change, "partial_update"), (delete, "destroy")]


def cases():
    """A delete that dies before something is done; the others with the tests that take minutes."""
    for operation, action in CASES:
        for done in (False, True):
            marks = () if operation is delete and not done else pytest.mark.contract
            yield pytest.param(operation, action, done, id=f"{action} {done}", marks=marks)


@pytest.mark.parametrize(("operation", "action", "done"), [*cases()])
def test_what_is_done_is_told_and_nothing_else(living, deployment, operation, action, done):
    outcomes, survived, number = set(), False, 0
    while not survived:
        number += 1
        deployment.reset()
        uuid = deployment.served.post("klantcontacten", bodies.contact(reactie="Nee"))["uuid"]
        life = Life(number, done=done)
        with living(life) as (engine, _, _), suppress(AdapterError):
            operation(engine, uuid)
        survived = not life.over
        with living() as (engine, state, recovery):
            assert recovery.sweep(time.time() + FAR) == 0
            was_done = is_done(engine, operation, uuid)
            assert told(state) == ([action] if was_done else []), number
            outcomes.add(was_done)
    assert outcomes == {True, False}
