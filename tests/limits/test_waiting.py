"""What keeps requests waiting besides registers, and what is left of them afterwards."""

import asyncio
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import orjson
import pytest

from tests.bodies import contact
from tests.limits.process import served

AUTH = "Authorization: Token demo\r\n"
CLIENTS, MANY_CLIENTS = 8, 32


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """One that waits shorter than usual for its state."""
    patches = {"adapter.state.database.WAIT_SECONDS": 1.5}
    with served(tmp_path_factory.mktemp("patient"), patches=patches) as found:
        yield found


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def metadata(size):
    return {f"{number:09}": "x" * 241 for number in range(size // 255)}


def test_waits_for_a_locked_state_do_not_add_up(patient):
    """Who writes hears that it is not there after one wait; who reads goes on."""

    def create(_):
        start = time.monotonic()
        status = patient.client.call("POST", "klantcontacten", json=contact()).status_code
        return status, time.monotonic() - start

    assert create(0)[0] == 201
    with closing(sqlite3.connect(patient.state, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with patient.watched() as found, ThreadPoolExecutor(CLIENTS) as clients:
            waiting = [clients.submit(create, number) for number in range(CLIENTS)]
            assert patient.client.call("GET", "klantcontacten").status_code == 200
            answers = [each.result() for each in waiting]
        other.execute("ROLLBACK")
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < CLIENTS * 1.5 / 2
    assert found.slower < 40
    until(lambda: create(0)[0] == 201)


def test_memory_comes_back_after_long_answers(patient):
    body = contact(metadata=metadata(90_000))
    for _ in range(40):
        patient.client.post("klantcontacten", body)
    # What the first long answer leaves is made once.
    assert patient.client.call("GET", "klantcontacten?pageSize=100").status_code == 200
    before = patient.memory()
    with patient.watched() as found, ThreadPoolExecutor(4) as clients:
        answers = list(
            clients.map(lambda _: patient.client.call("GET", "klantcontacten?pageSize=100"), range(8))
        )
    assert min(len(each.content) for each in answers) > 3_000_000
    assert found.most_memory > before * 1.2
    # The allocator keeps pages that something small stands in: up to half of it, of so little.
    until(lambda: patient.memory() - before < (found.most_memory - before) * 0.75)


def connected(brug):
    return socket.create_connection(("127.0.0.1", brug.port), timeout=10)


def head(brug, method, path, more=""):
    base = brug.client.base.removeprefix(brug.origin)
    return f"{method} {base}/{path} HTTP/1.1\r\nHost: x\r\n{AUTH}{more}\r\n".encode()


def test_a_client_that_hangs_up_is_no_error(patient):
    """In the middle of its body, while a register works for it, and while it is being answered."""
    begun = len(patient.lines())
    with connected(patient) as one:
        one.sendall(head(patient, "POST", "klantcontacten", "Content-Length: 99\r\n") + b"{")

    async def hold(_scope):
        await asyncio.sleep(0.5)

    patient.registers["klanten"].hold = hold
    body = orjson.dumps(contact())
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    for request in (head(patient, "GET", "partijen"), head(patient, "POST", "klantcontacten", length) + body):
        with connected(patient) as one:
            one.sendall(request)
            time.sleep(0.2)
    patient.registers["klanten"].hold = None
    with connected(patient) as one:
        one.sendall(head(patient, "GET", "klantcontacten?pageSize=100"))
        one.recv(1000)
    until(lambda: sum(each["event"] == "request" for each in patient.lines()[begun:]) >= 4)
    assert [each for each in patient.lines()[begun:] if each["level"] not in {"debug", "info"}] == []
    assert patient.client.call("GET", "partijen").status_code == 200


async def in_turn(brug, path, clients, requests):
    """How many of so many requests were answered to each of some clients, which ask again at once."""
    answered, left, asked = [0] * clients, iter(range(requests)), head(brug, "GET", path)

    async def client(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", brug.port)
        for _ in left:
            writer.write(asked)
            status, *headers = (await reader.readuntil(b"\r\n\r\n")).lower().splitlines()
            length = next(each for each in headers if each.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            answered[number] += b" 200" in status
        writer.close()

    await asyncio.gather(*map(client, range(clients)))
    return answered


def test_each_of_many_clients_gets_its_turn(patient):
    turns = 6
    answered = asyncio.run(in_turn(patient, "actoren", MANY_CLIENTS, MANY_CLIENTS * turns))
    assert sum(answered) == MANY_CLIENTS * turns
    assert min(answered) >= turns / 2
