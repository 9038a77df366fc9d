"""A deployment under several names: links in an answer follow the one under which it was asked."""

import pytest
from adapter.api import ApiSettings, Token, create_app
from adapter.api.access import Proxies
from adapter.api.bases import Bases
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from tests.api.memory import MemoryService

PATH = "/klantinteracties/api/v1"
PUBLIC = f"https://klantbrug.example{PATH}"
INTERNAL = f"http://klantbrug.ns.svc.cluster.local:8000{PATH}"
PLAIN = f"http://klantbrug.example{PATH}"
IPV6 = f"https://[2001:db8::1]:8443{PATH}"
ALL = [PUBLIC, INTERNAL, PLAIN, IPV6]


@pytest.mark.parametrize(
    ("host", "forwarded", "by_proxy", "found"),
    [
        ("klantbrug.ns.svc.cluster.local:8000", {}, False, INTERNAL),
        ("KLANTBRUG.ns.svc.cluster.local:8000", {}, False, INTERNAL),
        ("klantbrug.example", {}, False, PLAIN),
        ("klantbrug.example:80", {}, False, PLAIN),
        ("klantbrug.example", {"X-Forwarded-Proto": "https"}, True, PUBLIC),
        # only of a proxy that is trusted
        ("klantbrug.example", {"X-Forwarded-Proto": "https"}, False, PLAIN),
        ("10.0.0.7:8000", {"X-Forwarded-Host": "klantbrug.example"}, False, PUBLIC),
        (
            "10.0.0.7:8000",
            {"X-Forwarded-Host": "klantbrug.example", "X-Forwarded-Proto": "https"},
            True,
            PUBLIC,
        ),
        ("10.0.0.7:8000", {"X-Forwarded-Host": "klantbrug.example, 10.0.0.9"}, True, PLAIN),
        ("10.0.0.7:8000", {"X-Forwarded-Host": ""}, True, PUBLIC),
        ("[2001:db8::1]:8443", {}, False, IPV6),
        # a protocol that no public URL with this host has
        ("klantbrug.ns.svc.cluster.local:8000", {"X-Forwarded-Proto": "https"}, True, INTERNAL),
        ("elders.example", {}, False, PUBLIC),
        ("", {}, False, PUBLIC),
    ],
)
def test_the_public_url_with_the_host_that_was_asked(host, forwarded, by_proxy, found):
    scope = {"type": "http", "scheme": "http"}
    headers = Headers({"host": host, **forwarded})
    assert Bases(ALL).asked(scope, headers, by_proxy=by_proxy) == found
    assert Bases(ALL[:1]).asked(scope, headers, by_proxy=by_proxy) == PUBLIC


@pytest.fixture(scope="module")
def app():
    settings = ApiSettings(
        public_url=PUBLIC,
        other_urls=tuple(ALL[1:]),
        tokens=(Token("demo", plain="demo"),),
        proxies=Proxies(("10.0.0.0/8",)),
    )
    return create_app(MemoryService(), settings)


@pytest.mark.parametrize(
    ("address", "headers", "base"),
    [
        ("192.0.2.1", {"Host": "klantbrug.ns.svc.cluster.local:8000"}, INTERNAL),
        ("192.0.2.1", {"Host": "elders.example"}, PUBLIC),
        (
            "192.0.2.1",
            {"Host": "10.0.0.7", "X-Forwarded-Host": "klantbrug.ns.svc.cluster.local:8000"},
            PUBLIC,
        ),
        (
            "10.1.2.3",
            {"Host": "10.0.0.7", "X-Forwarded-Host": "klantbrug.ns.svc.cluster.local:8000"},
            INTERNAL,
        ),
    ],
)
def test_the_pages_and_the_root_begin_with_it(app, address, headers, base):
    client = TestClient(app, client=(address, 1234), headers=headers)
    assert set(client.get(f"{PATH}/").json().values()) >= {f"{base}/partijen"}
    client.headers["Authorization"] = "Token demo"
    for _ in range(2):
        client.post(f"{PATH}/rekeningnummers", json={"iban": "NL91ABNA0417164300"})
    page = client.get(f"{PATH}/rekeningnummers?pageSize=1").json()
    assert page["next"] == f"{base}/rekeningnummers?page=2&pageSize=1"
