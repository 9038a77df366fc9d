"""No request, however odd, is answered with a server error."""

from __future__ import annotations

import anyio
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.contacts import CONTACT

BASE = "/klantinteracties/api/v1"

paths = st.one_of(
    st.sampled_from(["", "/", "/klantcontacten", "/partijen/x", "/maak-klantcontact", "/openapi.json"]),
    st.text(max_size=20).map(lambda text: f"/{text}"),
    st.tuples(st.sampled_from(["/klantcontacten/", "/actoren/"]), st.text(max_size=20)).map("".join),
)
header_values = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"application/json", b"*/*", b"chunked", b"Token demo", b"99999999999999999999999", b"-1"]
    ),
)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"accept",
                b"content-type",
                b"content-length",
                b"idempotency-key",
                b"if-none-match",
                b"authorization",
            ]
        ),
        header_values,
    ),
    max_size=4,
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.just(orjson.dumps(CONTACT)),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CONTACT, "metadata"]), inner)
        ),
        max_leaves=5,
    ).map(orjson.dumps),
)
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ONZIN"])
queries = st.binary(max_size=30) | st.text(max_size=20).map(
    lambda text: f"expand={text}&page={text}".encode()
)


async def status(app, scope, body):
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return sent[0]["status"]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=300)
@given(st.tuples(methods, paths, queries), headers, bodies)
def test_any_request(app, service, line, extra, body):
    method, path, query = line
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": BASE + path,
        "raw_path": b"/",
        "root_path": "",
        "query_string": query,
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"x"), *extra, (b"authorization", b"Token demo")],
    }
    assert anyio.run(status, app, scope, body) < 500
