"""The same over a real socket, served as in production: what a test client cannot show."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from adapter import serving
from adapter.api import create_app
from adapter.api.protocol import LONGEST_HEAD, BoundedConnection

PATH = "/klantinteracties/api/v1"
AUTH = "Authorization: Token demo\r\n"
JSON = "Content-Type: application/json\r\n"
ROOT = f"GET {PATH}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
POST = f"POST {PATH}/onderwerpobjecten HTTP/1.1\r\nHost: x\r\n{AUTH}{JSON}Connection: close\r\n"
MEGABYTE = 1024 * 1024
# What a test has otherwise than production.
OPTIONS: dict[str, object] = {}


@contextmanager
def served(app):
    """The address of the application under the server of production."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, **{**serving._options(2), **OPTIONS}))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join(5)


@pytest.fixture(scope="module")
def address(app):
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def large(shared_service, settings):
    """The address of one with the body limit of production."""
    with served(create_app(shared_service, replace(settings, body_limit=10 * MEGABYTE))) as address:
        yield address


def exchange(address, *parts: bytes) -> bytes:
    """What is answered, also when the server hangs up before it has heard everything."""
    with socket.create_connection(address, timeout=10) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass
        try:
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
        return answer


def test_a_chunked_body_without_length_is_read(address):
    request = f"{POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n"
    assert exchange(address, request.encode()).startswith(b"HTTP/1.1 201 ")


def test_links_do_not_follow_the_host_header(address):
    answer = exchange(address, ROOT.replace(b"Host: x", b"Host: kwaad.example"))
    assert b"kwaad.example" not in answer
    assert b"https://brug.example/" in answer


def test_a_connection_is_kept_after_an_error(address):
    connection = http.client.HTTPConnection(*address, timeout=5)
    for _ in range(2):
        connection.request("GET", f"{PATH}/onbekend")
        answer = connection.getresponse()
        assert answer.status == 404
        answer.read()
    connection.close()


def test_a_body_of_ten_megabytes_and_more_is_refused_before_it_has_come(large):
    head = f"{POST}Content-Length: {11 * MEGABYTE}\r\n\r\n"
    assert exchange(large, head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_pieces_is_refused_once_it_is_too_long(large):
    """The rest of it is not waited for: no last piece is ever sent."""
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = [f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode(), *[piece] * 161]
    assert exchange(large, *sent).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_almost_ten_megabytes_is_read(large):
    body = b"{}" + b" " * (10 * MEGABYTE - 2)
    head = f"{POST}Content-Length: {len(body)}\r\n\r\n".encode()
    assert exchange(large, head, body).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize(
    "flood",
    [
        [b"X-A: ", *[b"a" * 65536] * 64],
        [b"".join(f"X-{number}: {'a' * 100}\r\n".encode() for number in range(start, start + 500))
         for start in range(0, 20_000, 500)],
    ],
    ids=["one endless header", "endless headers"],
)  # fmt: skip
def test_a_flood_of_headers_is_cut_off(address, flood):
    answer = exchange(address, f"GET {PATH}/ HTTP/1.1\r\nHost: x\r\n".encode(), *flood)
    # A client that goes on sending may not hear the answer, but is rid of the connection.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert b"200 OK" not in answer
    assert exchange(address, ROOT).startswith(b"HTTP/1.1 200 ")


def test_an_endless_address_is_cut_off(address):
    answer = exchange(address, f"GET {PATH}/?".encode(), *[b"a" * 65536] * 64)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
    assert exchange(address, ROOT).startswith(b"HTTP/1.1 200 ")


def test_a_head_as_long_as_browsers_make_it_is_read(address):
    cookie = b"Cookie: a=" + b"b" * (LONGEST_HEAD // 2)
    assert exchange(address, ROOT.replace(b"Host: x", b"Host: x\r\n" + cookie)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("start", [b"", b"GET /", f"GET {PATH}/ HTTP/1.1\r\nHost: x\r\nX-A: ".encode()])
def test_a_head_that_does_not_come_is_not_waited_for(app, monkeypatch, start):
    monkeypatch.setattr("adapter.api.protocol.HEAD_SECONDS", 0.3)
    with served(app) as address:
        assert exchange(address, start) == b""


def test_a_body_that_does_not_come_is_not_waited_for_and_keeps_nobody_else_waiting(shared_service, settings):
    app = create_app(shared_service, replace(settings, body_seconds=0.5, threads=1))
    with served(app) as address, socket.create_connection(address, timeout=5) as slow:
        slow.sendall(f"{POST}Content-Length: 100\r\n\r\n{{".encode())
        assert exchange(address, ROOT).startswith(b"HTTP/1.1 200 ")
        answer = slow.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()


CHUNKED = f"{POST}Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "flood",
    [
        [b"0\r\nX-A: ", *[b"a" * 65536] * 64],
        [b"0\r\n", *[b"".join(f"X-{number}: {'a' * 100}\r\n".encode() for number in range(600))] * 64],
        [b"1;", *[b"a" * 65536] * 64],
    ],
    ids=["one endless trailer field", "endless trailer fields", "an endless chunk extension"],
)
def test_a_flood_around_the_pieces_of_a_body_is_cut_off(address, flood):
    """Trailer fields and chunk extensions count like a head, however much of a body there may be."""
    with socket.create_connection(address, timeout=10) as connection:
        sent = 0
        with pytest.raises(OSError, match=r"reset|pipe"):
            connection.sendall(CHUNKED.encode())
            for part in flood * 16:
                connection.sendall(part)
                sent += len(part)
    assert sent < 16 * MEGABYTE
    assert exchange(address, ROOT).startswith(b"HTTP/1.1 200 ")


def test_trailer_fields_are_no_headers(address):
    """They come after the request was judged, and change nothing in it."""
    head = CHUNKED.replace(AUTH, "")
    answer = exchange(address, f"{head}2\r\n{{}}\r\n0\r\n{AUTH}\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 401 ")


def until_closed(connection, drip: bytes, seconds: float = 5) -> float:
    """Sends again and again until the server hangs up; how many seconds that took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            connection.sendall(drip)
        except OSError:
            return time.monotonic() - start
        time.sleep(0.05)
    pytest.fail("the connection is still open")


def test_a_body_that_drips_behind_its_answer_is_not_waited_for(app, monkeypatch):
    """A request that is refused by its head does not hold the connection with a body that never ends."""
    monkeypatch.setattr("adapter.api.protocol.LINGER_SECONDS", 0.3)
    with served(app) as address, socket.create_connection(address, timeout=5) as connection:
        connection.sendall(
            f"POST {PATH}/actoren HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n".encode()
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        assert until_closed(connection, b" ") < 3


def test_a_connection_goes_on_when_the_rest_of_a_refused_body_comes_soon(address):
    """A client that sends all of it before it looks at the answer keeps its connection."""
    with socket.create_connection(address, timeout=5) as connection:
        refused = f"POST {PATH}/actoren HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
        connection.sendall(refused.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        connection.sendall(b"{}" + ROOT)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_empty_lines_do_not_keep_a_connection_open(app, monkeypatch):
    """Between two requests a client may send empty lines, but gets no more time for them."""
    monkeypatch.setitem(OPTIONS, "timeout_keep_alive", 0.5)
    with served(app) as address, socket.create_connection(address, timeout=5) as connection:
        connection.sendall(ROOT.replace(b"Connection: close\r\n", b""))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert until_closed(connection, b"\r\n") < 3


def test_who_does_not_read_is_not_waited_for(app, monkeypatch):
    """The answers that such a client asked for are given up, also when its own side stays open."""
    monkeypatch.setattr("adapter.api.protocol.READ_SECONDS", 0.3)
    document = f"GET {PATH}/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with served(app) as address, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        connection.connect(address)
        assert until_closed(connection, document) < 4


def test_another_protocol_is_refused_quietly(address, caplog):
    """A request for a WebSocket gets the answer of the same request without it, and no line in the log."""
    upgrade = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n"
    )
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(f"GET {PATH}/actoren HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
    assert not [each for each in caplog.records if each.levelname not in {"DEBUG", "INFO"}]


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        f"GET {PATH}/ HTTP/9.9\r\n\r\n".encode(),
        f"POST {PATH}/actoren HTTP/1.1\r\nHost: x\r\n{AUTH}Content-Length: -1\r\n\r\n".encode(),
        f"POST {PATH}/actoren HTTP/1.1\r\nHost: x\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
    ],
)
def test_what_is_no_http_ends_the_connection_and_nothing_else(address, request_):
    assert not exchange(address, request_).startswith(b"HTTP/1.1 2")
    assert exchange(address, ROOT).startswith(b"HTTP/1.1 200 ")


def test_two_lengths_are_one_too_many(address):
    """A proxy in front may have counted with the other one: the rest would be somebody else's request."""
    smuggled = f"{POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{ROOT.decode()}"
    answer = exchange(address, smuggled.encode())
    assert answer.count(b"HTTP/1.1 2") <= 1


def test_the_server_of_production_bounds_the_head():
    assert serving._options(2)["http"] is BoundedConnection
