"""Connections that are never done, of clients and of registers: what they cost the process."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest

from tests.limits.process import served

PIECE = b"a" * 65536
PATCHES = {"adapter.api.protocol.LINGER_SECONDS": 0.5, "adapter.api.protocol.READ_SECONDS": 1.0}
CLIENTS = 25


def interim(connection):
    """Another interim answer, as often as it is taken."""
    while True:
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)


def dripping(connection):
    """A head that never ends, byte by byte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.05)


@contextmanager
def never_done():
    """A register of which `answer` says how it answers; gives it and its port."""
    register = type("Register", (), {"answer": staticmethod(interim)})

    def serve(connection):
        with closing(connection), suppress(OSError):
            connection.recv(65536)
            register.answer(connection)

    def accept():
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield register, listener.getsockname()[1]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """One with a register that never gets to its answer, and more haste than usual."""
    limits = {"total_timeout": 1.0, "timeout": 1}
    with never_done() as (register, port):
        folder = tmp_path_factory.mktemp("odd")
        with served(folder, limits, patches=PATCHES, instead={"klanten": port}) as found:
            yield found, register


@pytest.fixture
def brug(odd):
    return odd[0]


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def begun(brug, request, **options):
    """A connection on which a request is sent, or begun."""
    connection = socket.socket()
    for name, value in options.items():
        connection.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", brug.port))
    base = brug.client.base.removeprefix(brug.origin)
    connection.sendall(request.format(base=base).encode())
    return connection


def test_trailer_fields_without_end_cost_nothing(brug):
    chunked = "POST {base}/actoren HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: "
    sent = []

    def flood(_):
        with closing(begun(brug, chunked)) as connection, suppress(OSError):
            for _ in range(200):
                connection.sendall(PIECE)
                sent.append(len(PIECE))

    with brug.watched() as found, ThreadPoolExecutor(4) as clients:
        list(clients.map(flood, range(4)))
    assert sum(sent) < 4 * 100 * len(PIECE)
    assert found.larger < 1.5
    assert found.slower < 40


def test_bodies_behind_an_answer_hold_nothing(brug):
    refused = "POST {base}/actoren HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"
    before = brug.files()
    with brug.watched() as found, ExitStack() as stack:
        for _ in range(CLIENTS):
            connection = stack.enter_context(closing(begun(brug, refused)))
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        until(lambda: brug.files() <= before + 2)
    assert found.larger < 1.5
    assert found.most_threads <= found.threads + 1


def test_clients_that_do_not_read_hold_no_answers(brug):
    """Each asks for the whole document, again and again."""
    document = "GET {base}/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 30
    before = brug.files()
    with brug.watched() as found, ExitStack() as stack:
        for _ in range(CLIENTS):
            stack.enter_context(closing(begun(brug, document, SO_RCVBUF=4096)))
        until(lambda: brug.files() <= before + 2)
    assert found.larger < 1.1


@pytest.mark.parametrize("answer", [interim, dripping])
def test_a_register_that_never_gets_to_its_answer_costs_its_time_and_no_more(odd, answer):
    brug, register = odd
    register.answer = staticmethod(answer)
    with brug.watched() as found, ThreadPoolExecutor(6) as clients:
        start = time.monotonic()
        answers = list(clients.map(lambda _: brug.client.call("GET", "partijen"), range(6)))
        took = time.monotonic() - start
    assert {each.status_code for each in answers} <= {502, 503}
    assert took < 10
    assert found.larger < 1.5
    assert found.slower < 40
    used = brug.cpu()
    time.sleep(0.5)
    assert brug.cpu() - used < 0.25
