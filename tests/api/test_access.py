"""Access beyond a token: JWTs, expiry, certificates, and how often somebody may guess."""

from __future__ import annotations

import base64
import json
import time

import jwt
import pytest
from adapter.api import ApiSettings, Token, create_app, hash_token
from adapter.api.access import Access, Proxies
from adapter.api.attempts import Attempts
from adapter.api.tokens import Tokens
from adapter.errors import TooManyAttempts, Unauthenticated
from anyio import create_task_group, run
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from tests.api.contacts import CONTACT
from tests.api.memory import BASE, MemoryService

SECRET = "een-geheim-van-voldoende-lengte-voor-hs256"
PATH = "/klantinteracties/api/v1/klantcontacten"
TOKENS = (
    Token("kiss", client_id="kiss", secret=SECRET, operations=("*List",)),
    Token("oud", plain="oud", expires=time.time() - 1),
    Token("nieuw", plain="nieuw", expires=time.time() + 3600),
    Token("zac", plain="zac", certificate="AB:CD"),
    Token("gehasht", hash=hash_token("gehasht")),
)


@pytest.fixture(scope="module")
def app():
    proxies = Proxies(("10.0.0.0/8",), "X-Client-Cert")
    return create_app(
        MemoryService(), ApiSettings(public_url=BASE, tokens=TOKENS, proxies=proxies, wrong_tokens=3)
    )


def client_at(app, address="192.0.2.1", **headers):
    return TestClient(app, headers=headers, client=(address, 1234))


def status(app, authorization, address="192.0.2.1", **headers):
    return client_at(app, address).get(PATH, headers={"Authorization": authorization, **headers}).status_code


def signed(secret=SECRET, **claims):
    return "Bearer " + jwt.encode(
        {"iss": "kiss", "client_id": "kiss", "iat": int(time.time()), "user_id": "u", **claims}, secret
    )


def test_a_client_can_sign_instead_of_showing_a_token(app):
    client = client_at(app, Authorization=signed())
    assert client.get(PATH).status_code == 200
    assert client.post(PATH, json=CONTACT).status_code == 403


def unsigned():
    parts = ({"alg": "none", "typ": "JWT"}, {"client_id": "kiss", "iat": int(time.time())})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return "Bearer " + ".".join(encoded) + "."


NOW = time.time()


@pytest.mark.parametrize(
    "authorization",
    [
        signed(secret="x" * 40),
        signed(client_id="een-ander"),
        signed(client_id=["kiss"]),
        signed(iat=int(NOW) + 86_400),
        signed(iat=int(NOW) - 3700),
        signed(iat=int(NOW) - 7200, exp=int(NOW) - 3600),
        signed(iat=str(int(NOW))),
        signed(iat=True),
        signed(iat=float("inf")),
        signed(exp=float("inf")),
        signed(exp=str(int(NOW) + 3600)),
        signed(nbf="1"),
        unsigned(),
        "Bearer abc",
        "Bearer ",
    ],
)
def test_a_jwt_that_is_not_right_is_refused(app, authorization, request):
    address = f"192.0.3.{request.node.callspec.indices['authorization']}"
    answer = client_at(app, address).get(PATH, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_a_jwt_is_good_until_it_ends(app):
    assert status(app, signed(iat=int(NOW) - 7200, exp=int(NOW) + 3600)) == 200


def test_an_expired_token_is_no_longer_one(app):
    assert status(app, "Token oud") == 401
    assert status(app, "Token nieuw") == 200


def test_a_certificate_counts_when_a_trusted_proxy_has_seen_it(app):
    assert status(app, "Token zac", "10.1.1.1", **{"X-Client-Cert": "ab:cd"}) == 200
    assert status(app, "Token zac", "10.1.1.1", **{"X-Client-Cert": "ab:ce"}) == 401
    assert status(app, "Token zac", "10.1.1.1") == 401
    assert status(app, "Token zac", "192.0.2.1", **{"X-Client-Cert": "ab:cd"}) == 401


def test_guessing_is_slowed_down_per_address_for_wrong_tokens_only(app):
    """Three different wrong tokens; then a fourth is not told to be wrong, and right ones pass."""
    guesser = "192.0.2.66"
    assert [status(app, f"Token gok{number}", guesser) for number in range(4)] == [401, 401, 401, 429]
    answer = client_at(app, guesser).get(PATH, headers={"Authorization": "Token gok9"})
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 20
    assert status(app, signed("x" * 40), guesser) == 429
    # Neither was seen before.
    assert status(app, "Token gehasht", guesser) == 200
    assert status(app, signed(), guesser) == 200


def test_the_slow_comparison_has_a_short_queue():
    """Of many tokens at once most are told to come back, and those who guess keep nobody else waiting."""
    tokens = Tokens(TOKENS[-1:])

    async def everybody():
        async def one(number, suspect):
            try:
                await tokens.verified(f"gok{number}", suspect=suspect)
            except (Unauthenticated, TooManyAttempts) as refused:
                found.append((type(refused), suspect))

        async with create_task_group() as group:
            for number in range(60):
                group.start_soon(one, number, number % 2 == 0)
            found.append((await tokens.verified("gehasht")).name)

    found = []
    run(everybody)
    assert "gehasht" in found
    assert found.count((TooManyAttempts, True)) == 26
    assert found.count((Unauthenticated, False)) == 30


def test_a_wrong_token_that_is_repeated_is_one_guess(app):
    assert {status(app, "Token vergist", "192.0.2.70") for _ in range(10)} == {401}


def test_no_token_is_no_guess(app):
    assert {status(app, "", "192.0.2.71") for _ in range(10)} == {401}


def test_behind_a_trusted_proxy_it_is_the_client_that_guesses(app):
    def through(address, forwarded, number):
        return status(app, f"Token anders{number}", address, **{"X-Forwarded-For": forwarded})

    found = [through("10.0.0.1", f"198.51.100.{n}, 203.0.113.9, 10.0.0.2", n) for n in range(4)]
    assert found == [401, 401, 401, 429]
    assert through("10.0.0.1", "203.0.113.10", 5) == 401
    assert [through("192.0.2.80", f"203.0.113.{n}", 10 + n) for n in range(4)] == [401, 401, 401, 429]


def test_attempts_are_made_good_by_waiting():
    now = [0.0]
    attempts = Attempts(3, lambda: now[0])
    for _ in range(3):
        assert attempts.seconds_to_wait("a") == 0
        attempts.failed("a")
    assert attempts.seconds_to_wait("a") == 20
    now[0] += 20
    assert attempts.seconds_to_wait("a") == 0
    assert attempts.seconds_to_wait("b") == 0


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        (["203.0.113.9:4711, 10.0.0.2:80"], "203.0.113.9"),
        (["[2001:db8::1]:4711"], "2001:db8::/64"),
        (["[2001:db8::1]"], "2001:db8::/64"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, onbekend"], ""),
    ],
)
def test_of_what_is_forwarded_the_part_of_the_proxy_counts(forwarded, address):
    """A client may send the header too; the trusted proxy adds to it or adds one of its own."""
    headers = Headers(raw=[(b"x-forwarded-for", each.encode()) for each in forwarded])
    access = Access((), Proxies(("10.0.0.0/8",)), 3)
    assert access._address({"client": ("10.1.1.1", 1)}, headers) == address


def test_two_certificates_are_none(app):
    """What the client sent and what the proxy added cannot be told apart."""
    token = ("Authorization", "Token zac")
    for second, expected in (("AB:CD", 200), ("ab:ce", 401)):
        headers = [token, ("X-Client-Cert", "ab:cd"), ("X-Client-Cert", second)]
        assert client_at(app, "10.1.1.1").get(PATH, headers=headers).status_code == expected


@pytest.mark.parametrize("name", ["Host", "Authorization"])
def test_a_header_that_means_one_thing_stands_once(app, name):
    """Also when both are the same: what stands behind a proxy cannot know which one that has read."""
    values = {"Host": "brug.example", "Authorization": "Token nieuw"}
    headers = [*values.items(), (name, values[name])]
    answer = client_at(app).get(PATH, headers=headers)
    assert answer.status_code == 400
    assert [each["name"] for each in answer.json()["invalidParams"]] == [name]


def test_the_addresses_of_one_ipv6_network_are_one():
    access = Access((), Proxies(), 3)
    found = {
        access._address({"client": (address, 1)}, Headers({}))
        for address in ("2001:db8::1", "2001:db8::2:3", "2001:db8:0:0:ffff::1")
    }
    assert found == {"2001:db8::/64"}
    assert access._address({"client": ("geen adres", 1)}, Headers({})) == ""


def test_secrets_are_not_shown():
    assert SECRET not in repr(TOKENS)
    with pytest.raises(Unauthenticated) as refused:
        Access(TOKENS, Proxies(), 3)._clients.verified("abc")
    assert refused.value.__suppress_context__
