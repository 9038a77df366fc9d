"""Register calls over real sockets, with a server that misbehaves."""

import logging
import socket
import threading
import time

import jwt
import pytest
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.registers.client import Register
from adapter.registers.limits import Limits
from adapter.registers.messages import Answer, Exchange, NotSent, RegisterFault

from tests.registers.conftest import LIMITS, service

UUID = "9b9ff2f4-5b2c-4f53-9ac1-0d8c1a6ba8e0"


def test_json_goes_both_ways_with_its_length_and_no_cookies(register):
    answer = register().call("POST", "klanten", json={"naam": "Zoë"})
    assert answer.status == 200
    assert answer.body["body"] == '{"naam":"Zoë"}'
    assert answer.body["headers"]["content-length"] == "15"
    assert answer.body["headers"]["content-type"] == "application/json"
    assert "cookie" not in answer.body["headers"]


def test_configured_headers_are_sent_with_every_call(register):
    objects = register(headers={"Content-Crs": "EPSG:4326", "Accept-Crs": "EPSG:4326"})
    for method, body in (("GET", None), ("POST", {})):
        headers = objects.call(method, "objects", json=body).body["headers"]
        assert (headers["content-crs"], headers["accept-crs"]) == ("EPSG:4326", "EPSG:4326")


def test_parameters_are_quoted_except_what_keeps_urls_short(register):
    params = [("data_attr", "klant__in__http://a/b|http://c/d"), ("q", "a&b=c #?é+")]
    path = register().call("GET", "objects", params=params).body["path"]
    assert path == "/api/objects?data_attr=klant__in__http://a/b%7Chttp://c/d&q=a%26b%3Dc%20%23%3F%C3%A9%2B"


def test_a_cookie_is_never_sent_back(register):
    client = register()
    client.call("GET", "cookie")
    assert "cookie" not in client.call("GET", "echo").body["headers"]


def test_proxies_of_the_environment_are_not_used(register, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert register().call("GET", "echo").status == 200


def test_a_chunked_answer_is_read(register):
    assert register().call("GET", "chunked") == Answer(200, {"count": 1, "results": [1]})


def test_a_delete_without_content_has_no_body(register):
    assert register().call("DELETE", "gone") == Answer(204, None)


def test_a_refusal_is_an_answer(register):
    assert register().call("POST", "refused", json={}) == Answer(400, {"code": "invalid"})


@pytest.mark.parametrize("path", ["html", "broken", "scalar", "empty", "redirect"])
def test_an_answer_that_makes_no_sense_is_told_apart(register, path):
    with pytest.raises(RegisterAnswer) as caught:
        register().call("GET", path)
    assert caught.value.register == "klanten"


def test_a_redirect_is_not_followed(register, server):
    with pytest.raises(RegisterAnswer):
        register().call("GET", "redirect")
    assert [seen["path"] for seen in server.seen] == ["/api/redirect"]


@pytest.mark.parametrize(
    ("path", "status", "retry_after"), [("fault", 500, 7), ("busy", 503, 42), ("limited", 429, 300)]
)
def test_a_server_error_says_when_to_come_back(register, server, path, status, retry_after):
    with pytest.raises(RegisterFault) as caught:
        register().call("GET", path)
    assert (caught.value.status, caught.value.retry_after) == (status, retry_after)
    assert len(server.seen) == 1


def test_a_register_that_is_down_is_unavailable_at_once():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    down = Register("objects", service(base), limits=LIMITS)
    started = time.monotonic()
    with pytest.raises(RegisterUnavailable) as caught:
        down.call("GET", "klanten", params=[("subjectNatuurlijkPersoon__inpBsn", "999990019")])
    down.close()
    assert time.monotonic() - started < 1
    assert (caught.value.register, caught.value.retry_after) == ("objects", 7)
    assert "999990019" not in repr(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("path", "longest"),
    [
        ("slow", 0.55),
        ("drip", 1.0),
        ("drip_head", 1.0),
        ("interim_drip", 1.0),
        # Given up long before the time is over, and tried once more as a read is.
        ("long_head", 1.0),
        ("interim", 1.0),
    ],
)
def test_a_slow_register_never_hangs_a_request(register, path, longest):
    started = time.monotonic()
    with pytest.raises(RegisterUnavailable):
        register().call("GET", path)
    assert time.monotonic() - started < longest


def test_a_read_is_repeated_once_when_its_connection_broke(register, server):
    assert register().call("GET", "once").status == 200
    assert len(server.seen) == 2
    for path in ("hangup", "cut"):
        server.seen.clear()
        with pytest.raises(RegisterUnavailable):
            register().call("GET", path)
        assert len(server.seen) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_is_never_sent_twice(register, server, method):
    for path in ("once", "cut"):
        server.seen.clear()
        with pytest.raises(RegisterUnavailable):
            register().call(method, path, json={})
        assert len(server.seen) == 1


def test_a_write_of_which_nothing_was_sent_is_told_apart(register, server, unused):
    """Whoever sent it may send it again at once, and need not look whether it was done."""
    alone = Register("klanten", service(unused), limits=LIMITS)
    with pytest.raises(NotSent):
        alone.call("POST", "echo", json={})
    alone.close()
    for path in ("hangup", "cut", "drip_head", "fault"):
        with pytest.raises(RegisterUnavailable) as caught:
            register().call("POST", path, json={})
        assert not isinstance(caught.value, NotSent)
    full = register(limits=Limits(read=0.2, total=2, threads=1))
    with full.places.one(1, admitted=True), pytest.raises(NotSent):
        full.call("POST", "echo", json={})
    down = register(limits=Limits(read=1, total=2, failures=1))
    for _ in range(2):
        with pytest.raises(RegisterUnavailable) as caught:
            down.call("POST", "hangup", json={})
    assert isinstance(caught.value, NotSent)


def test_connections_are_kept_and_shared(register, server):
    client = register()
    for _ in range(5):
        client.call("GET", "echo")
    assert server.connections == 1


def test_no_more_calls_run_at_once_than_there_are_threads(register):
    client = register(limits=Limits(read=1, total=2, threads=1))
    running = threading.Thread(target=client.call, args=("GET", "slow"))
    running.start()
    time.sleep(0.1)
    started = time.monotonic()
    client.call("GET", "echo")
    running.join()
    assert time.monotonic() - started > 0.3


def test_waiting_for_a_free_connection_ends(register):
    client = register(limits=Limits(read=0.2, total=2, threads=1))
    with client.places.one(1, admitted=True), pytest.raises(RegisterUnavailable):
        client.call("GET", "echo")
    assert client.call("GET", "echo").status == 200


def test_observers_see_every_call_and_nobodys_data(register):
    client, seen = register(), []
    client.observers.append(seen.append)
    client.call("GET", "klanten", params=[("emailadres", "a@b.nl")])
    with pytest.raises(RegisterUnavailable):
        client.call("POST", "hangup", json={})
    assert [(each.register, each.method, each.path, each.status) for each in seen] == [
        ("klanten", "GET", "klanten", 200),
        ("klanten", "POST", "hangup", 0),
    ]
    assert all(isinstance(each, Exchange) and each.seconds > 0 for each in seen)


def test_urls_do_not_reach_the_log(register, caplog):
    caplog.set_level(logging.DEBUG)
    register().call("GET", "klanten", params=[("subjectNatuurlijkPersoon__inpBsn", "999990019")])
    assert "999990019" not in caplog.text


def test_a_url_is_recognised_under_every_alias_and_written_under_the_first(server, register):
    client = register(aliases=["https://gateway.example.nl/kc", "http://oud.local:8000/api/v1/"])
    assert client.url("klanten", UUID) == f"https://gateway.example.nl/kc/klanten/{UUID}"
    assert client.urls("klanten", UUID)[-1] == f"{server.base}klanten/{UUID}"
    for url in client.urls("klanten", UUID):
        assert client.identify(url) == ("klanten", UUID)
    for host in ("GATEWAY.example.nl", "gateway.example.nl:443"):
        assert client.identify(f"https://{host}/kc/klanten/{UUID.upper()}") == ("klanten", UUID)


@pytest.mark.parametrize(
    "url",
    ["", "http://[", "https://elders.nl/klanten/" + UUID, f"https://gateway.example.nl/KC/klanten/{UUID}"]
    + [f"https://gateway.example.nl:{port}/kc/klanten/{UUID}" for port in (80, 4430, 8443)]
    + [
        f"https://gateway.example.nl/kc/klanten/{rest}"
        for rest in ("", "1", UUID + "/", UUID + "?a=b", f"x/{UUID}")
    ],
)
def test_any_other_text_is_no_record_of_this_register(register, url):
    assert register(aliases=["https://gateway.example.nl/kc"]).identify(url) is None


ZGW = {
    "auth_type": "zgw",
    "client_id": "brug",
    "secret": "s" * 32,
    "user_id": "u",
    "user_representation": "KlantBrug",
}


def claims(answer):
    token = answer.body["headers"]["authorization"].removeprefix("Bearer ")
    return jwt.decode(token, "s" * 32, algorithms=["HS256"], options={"verify_iat": False})


def test_a_jwt_is_issued_in_the_past_and_ends_in_the_future(register):
    found = claims(register(auth=ZGW).call("GET", "echo"))
    now = time.time()
    assert found.keys() == {"iss", "iat", "exp", "client_id", "user_id", "user_representation"}
    assert now - 120 < found["iat"] < now - 30
    assert found["exp"] > now + 3600
    assert (found["iss"], found["client_id"]) == ("brug", "brug")


def test_a_jwt_is_renewed_before_it_expires(register):
    client = register(auth={**ZGW, "jwt_valid_for": 600})
    first = claims(client.call("GET", "echo"))["exp"]
    kept = client._session.auth._tokens
    kept[""] = (kept[""][0], 0)
    time.sleep(1.1)
    assert claims(client.call("GET", "echo"))["exp"] > first


def test_an_api_key_goes_into_its_header(register):
    auth = {"auth_type": "api_key", "header_key": "Authorization", "header_value": "Token geheim"}
    assert register(auth=auth).call("GET", "echo").body["headers"]["authorization"] == "Token geheim"


def oauth2(server, token_path):
    url = f"{server.base}{token_path}"
    return {
        "auth_type": "oauth2_client_credentials",
        "client_id": "brug",
        "secret": "geheim",
        "oauth2_token_url": url,
    }


def test_an_oauth2_token_is_fetched_at_the_first_call_and_kept(register, server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = register(auth=oauth2(server, "token"))
    assert server.tokens == 0
    answers = [client.call("GET", "echo") for _ in range(3)]
    assert [answer.body["headers"]["authorization"] for answer in answers] == ["Bearer t1"] * 3
    client._session.auth._expires = time.time()
    assert client.call("GET", "echo").body["headers"]["authorization"] == "Bearer t2"


@pytest.mark.parametrize("path", ["refused", "html", "hangup"])
def test_a_token_endpoint_that_fails_makes_its_register_unavailable(register, server, path, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with pytest.raises(RegisterUnavailable):
        register(auth=oauth2(server, path)).call("GET", "echo")


def test_a_token_endpoint_that_is_down_is_not_asked_by_everybody(register, server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = register(auth=oauth2(server, "hangup"))
    for _ in range(5):
        with pytest.raises(RegisterUnavailable):
            client.call("POST", "echo", json={})
    assert [seen["path"] for seen in server.seen] == ["/api/hangup"]


def test_a_token_that_the_register_refuses_is_replaced(register, server, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = register(auth=oauth2(server, "token"))
    assert client.call("GET", "unauthenticated").status == 401
    assert client.call("GET", "echo").body["headers"]["authorization"] == "Bearer t2"
