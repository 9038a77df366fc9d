"""What bounds a register call: the request it is made for, the size of the answer, what is repeated."""

import contextvars
import math
import time

import pytest
from adapter import context
from adapter.context import RequestContext
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.registers.breaker import State
from adapter.registers.limits import Limits
from adapter.registers.messages import RegisterFault

SMALL = Limits(connect=0.3, read=0.5, total=1, threads=4, retry_after=7, answer_bytes=100_000)


@pytest.fixture
def within():
    """Runs a call as part of a request."""

    def run(request, call):
        def inside():
            context.begin(request)
            return call()

        return contextvars.copy_context().run(inside)

    return run


def test_headers_of_the_request_go_along(register, within):
    request = RequestContext({"X-Request-Id": "kiss-1", "X-Audit-Toelichting": "Op verzoek"})
    client = register(headers={"Content-Crs": "EPSG:4326"})
    headers = within(request, lambda: client.call("GET", "echo")).body["headers"]
    assert headers["x-request-id"] == "kiss-1"
    assert headers["x-audit-toelichting"] == "Op verzoek"
    assert headers["content-crs"] == "EPSG:4326"
    assert "x-request-id" not in client.call("GET", "echo").body["headers"]
    assert len(request.calls) == 1


def test_a_call_takes_no_longer_than_its_request_may(register, within):
    """The register would have answered well within its own limits."""
    client = register(limits=Limits(read=30, total=30))
    with pytest.raises(RegisterUnavailable):
        within(RequestContext(deadline=time.monotonic() + 0.1), lambda: client.call("GET", "slow"))
    assert client.breaker.state is State.UP


def test_after_the_deadline_nothing_is_sent(register, server, within):
    late = RequestContext(deadline=time.monotonic() - 1)
    for method in ("GET", "POST"):
        with pytest.raises(RegisterUnavailable):
            within(late, lambda method=method: register().call(method, "echo"))
    assert server.seen == []


def test_what_has_begun_to_write_is_finished_after_the_deadline(register, within):
    request = RequestContext(deadline=time.monotonic() + 0.2)
    client = register()
    within(request, lambda: client.call("POST", "echo", json={}))
    time.sleep(0.3)
    assert request.seconds_left() == math.inf
    assert within(request, lambda: client.call("GET", "echo")).status == 200


def test_a_search_is_a_read_although_it_is_posted(register, server, within):
    request = RequestContext()
    client = register(reads=["once"])
    assert within(request, lambda: client.call("POST", "once", json={})).status == 200
    assert not request.writing
    assert len(server.seen) == 2


def test_a_read_is_repeated_when_a_gateway_finds_nobody(register, server):
    with pytest.raises(RegisterFault):
        register().call("GET", "gone502")
    assert len(server.seen) == 2
    with pytest.raises(RegisterFault):
        register().call("PATCH", "gone502", json={})
    assert len(server.seen) == 3


def test_a_compressed_answer_is_read(register):
    answer = register().call("GET", "gzip")
    assert answer.body["headers"]["accept-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["long", "bomb", "deep", "miscoded", "unknowncoding"])
def test_an_answer_that_is_too_much_is_refused(register, path):
    with pytest.raises(RegisterAnswer):
        register(limits=SMALL).call("GET", path)


def test_the_secret_does_not_follow_a_redirect_of_the_token_endpoint(register, server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    auth = {
        "auth_type": "oauth2_client_credentials",
        "client_id": "brug",
        "secret": "geheim",
        "oauth2_token_url": f"{server.base}portal307",
    }
    with pytest.raises(RegisterUnavailable):
        register(auth=auth).call("GET", "echo")
    assert [seen["path"] for seen in server.seen] == ["/api/portal307"]
