"""The same over a real socket: what a test client cannot show."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

import pytest
from adapter.embedded.server import running

PATH = "/klantinteracties/api/v1"
AUTH = "Authorization: Token demo\r\n"


@pytest.fixture
def address(app, service):
    with running(app) as base:
        parts = urlsplit(base)
        yield parts.hostname, parts.port


def exchange(address, request: bytes) -> bytes:
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def test_a_chunked_body_without_length_is_read(address):
    request = (
        f"POST {PATH}/onderwerpobjecten HTTP/1.1\r\nHost: x\r\n{AUTH}Content-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    )
    assert exchange(address, request.encode()).startswith(b"HTTP/1.1 201 ")


def test_links_do_not_follow_the_host_header(address):
    request = f"GET {PATH}/ HTTP/1.1\r\nHost: kwaad.example\r\nConnection: close\r\n\r\n"
    answer = exchange(address, request.encode())
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
