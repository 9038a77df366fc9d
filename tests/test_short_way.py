"""Requests that take the short way are answered as over sockets."""

import asyncio

import pytest
import requests
from starlette.responses import JSONResponse

from tests.short_way import ShortWay, over_sockets, running
from tests.unreliable import BROKEN, Unreliable

ASKED = [
    ("GET", "/a%20b/c?d=1&d=%C3%A9&e=", {}),
    ("HEAD", "/a", {}),
    ("POST", "/a", {"json": {"naam": "é"}}),
    ("PATCH", "/a", {"data": "tekst", "headers": {"Content-Type": "text/plain", "X-Twee": "één"}}),
    ("DELETE", "/fails", {"headers": {"Host": "elders.example"}}),
    ("OPTIONS", "/late", {}),
]


async def said(scope, receive, send):
    """Answers with what it was asked; a path makes it fail, or think first."""
    if scope["type"] != "http":
        raise NotImplementedError
    message = await receive()
    body = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    if scope["path"] == "/fails":
        raise ValueError
    if scope["path"] == "/late":
        await asyncio.sleep(0.1)
    asked = {name: scope[name] for name in ("method", "path", "scheme", "root_path", "http_version", "type")}
    asked |= {name: scope[name].decode() for name in ("query_string", "raw_path")}
    asked["headers"] = sorted((name.decode(), value.decode("latin-1")) for name, value in scope["headers"])
    asked["body"] = body.decode()
    await JSONResponse(asked, 202, {"X-Drie": "3"})(scope, receive, send)


def answered(origin, method, path, options):
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, origin + path, timeout=5, **options)
    own = {name: each for name, each in answer.headers.items() if name.startswith(("x-", "content-t"))}
    return answer.status_code, own, answer.text


@pytest.fixture
def taken(monkeypatch):
    """The requests that took the short way."""
    found, send = [], ShortWay.send

    def noted(self, request, **options):
        found.append(request)
        return send(self, request, **options)

    monkeypatch.setattr(ShortWay, "send", noted)
    return found


@pytest.mark.parametrize("wrap", [lambda app: app, Unreliable], ids=["an application", "a register"])
def test_an_answer_is_that_over_sockets(wrap, taken):
    with running(wrap(said)) as origin:
        for each in ASKED:
            short = answered(origin, *each)
            with over_sockets():
                assert answered(origin, *each) == short
    assert len(taken) == len(ASKED)


def test_what_comes_in_pieces_arrives_whole():
    with running(said) as origin:
        answer = requests.put(f"{origin}/a", data=iter([b"in ", b"pieces"]), timeout=5)
    assert answer.json()["body"] == "in pieces"


def test_who_waits_no_longer_gets_none():
    with running(said) as origin, pytest.raises(requests.ReadTimeout):
        requests.get(f"{origin}/late", timeout=0.02)


def test_a_register_that_is_told_to_fail_fails_here_too():
    register = Unreliable(said)
    with running(register) as origin:
        assert requests.get(f"{origin}/a", timeout=5).status_code == 202
        with register.failing(BROKEN):
            assert requests.get(f"{origin}/a", timeout=5).status_code == BROKEN.status
