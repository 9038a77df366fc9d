"""Requests that take the short way are answered as over sockets."""

import asyncio

import pytest
import requests
from starlette.responses import JSONResponse

from tests.deployment import Client
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


def said_of(answer):
    own = {name: each for name, each in answer.headers.items() if name.startswith(("x-", "content-t"))}
    return answer.status_code, own, answer.text


def answered(origin, method, path, options):
    with requests.Session() as session:
        session.trust_env = False
        return said_of(session.request(method, origin + path, timeout=5, **options))


@pytest.fixture
def taken(monkeypatch):
    """The URLs of the requests that took the short way."""
    found, send = [], ShortWay.send

    def noted(self, request, **options):
        found.append(request.url)
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
    # deployments of other tests go on meanwhile
    assert len([each for each in taken if each.startswith(origin)]) == len(ASKED)


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        *ASKED,
        ("GET", "a", {"params": {"d": ["é", "~a b+c"], "e": None, "f": True, "g": 5}}),
        ("GET", "a?d=1", {"params": {"e": "x:/?&="}}),
        ("GET", "a?", {"params": {}}),
        ("POST", "a", {}),
        ("PUT", "a", {"json": [], "headers": {"content-type": "application/merge+json", "Accept": "text/*"}}),
        ("PATCH", "a", {"json": {"naam": "\N{DESERET CAPITAL LETTER EW} \N{NULL}"}}),
        ("GET", "a#part", {"headers": {"X-Leeg": ""}}),
        ("delete", "a", {"headers": {"Accept": None}}),
    ],
)
def test_a_client_of_a_deployment_asks_as_over_sockets(method, path, options, taken):
    with running(said) as origin:
        client = Client(f"{origin}/base", Authorization="Token é")
        heard = []
        client.session.hooks["response"].append(lambda answer, **_: heard.append(answer.status_code))
        short = said_of(client.call(method, path, **options))
        assert taken
        with over_sockets():
            assert said_of(client.call(method, path, **options)) == short
        assert len(heard) == 2
        client.close()


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
