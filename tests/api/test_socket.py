"""The same over a real socket, served as in production: what a test client cannot show."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from adapter import serving
from adapter.api import create_app
from adapter.api.protocol import LONGEST_HEAD, BoundedHead

PATH = "/klantinteracties/api/v1"
AUTH = "Authorization: Token demo\r\n"
JSON = "Content-Type: application/json\r\n"
ROOT = f"GET {PATH}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
POST = f"POST {PATH}/onderwerpobjecten HTTP/1.1\r\nHost: x\r\n{AUTH}{JSON}Connection: close\r\n"
MEGABYTE = 1024 * 1024


@contextmanager
def served(app):
    """The address of the application under the server of production."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, **serving._options(2)))
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
    assert serving._options(2)["http"] is BoundedHead
