"""A KlantBrug that is measured, after five client applications worked with it."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from adapter.configuration import Configuration, Token
from adapter.engine.deployment import Deployment
from adapter.state.fences import NAMES
from adapter.telemetry.metrics import EVENTS

from tests import flows
from tests.deployment import Client
from tests.telemetry.collector import Collector, collecting
from tests.unreliable import DOWN

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"
TRANSACTION = "0191f2a5-5b2c-7f53-9ac1-0d8c1a6ba8e0"
OTEL = {
    "OTEL_METRICS_EXPORTER": "otlp,prometheus",
    "OTEL_SERVICE_NAME": "klantbrug-test",
    "OTEL_METRIC_EXPORT_INTERVAL": "3600000",
}


@dataclass
class Measured:
    """What came of it: `received` is what the registers got as (path, headers)."""

    collector: Collector
    exposition: str
    refused: dict[str, int]
    received: list[tuple[str, dict[str, str]]]


def _scraped(client: Client, token: str) -> requests.Response:
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    headers = {"Authorization": f"Token {token}"} if token else {}
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{origin}/metrics", headers=headers, timeout=10)


def _happen(deployment: Deployment) -> None:
    """What clients do not cause here: somebody waits for a lock, every kind of event is counted."""
    with deployment.state.locks.hold(NAMES, ["one"]):
        waits = threading.Thread(target=_hold, args=(deployment,))
        waits.start()
        waits.join(0.05)
    waits.join()
    for kind in EVENTS:
        deployment.count(f"{kind}.klanten")


def _hold(deployment: Deployment) -> None:
    with deployment.state.locks.hold(NAMES, ["one"]):
        return


@pytest.fixture(scope="session")
def measured(deployments, watch):
    """A deployment that was measured until it stopped."""
    running = deployments("openklant")
    running.reset()
    received: list[tuple[str, dict[str, str]]] = []

    def note(scope: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        received.append((scope["path"], headers))

    def readers(configuration: Configuration) -> Configuration:
        more = (
            Token("lezer", "", "lezer", ("*Retrieve",), None),
            Token("meter", "", "meter", ("metrics",), None),
        )
        return replace(configuration, tokens=(*configuration.tokens, *more))

    with collecting() as collector, ExitStack() as stack:
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in {**OTEL, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}.items():
            patched.setenv(name, value)
        client = stack.enter_context(running.another(readers))
        for each in running.faults.values():
            each.decide = note
            stack.callback(setattr, each, "decide", None)
        flows.play(client)
        client.call("GET", "klantcontacten", headers={"traceparent": TRACEPARENT}).raise_for_status()
        client.call("GET", "partijen", headers={"Fsc-Transaction-Id": TRANSACTION}).raise_for_status()
        client.get("partijen", expect=400, achternaam=flows.bodies.BSN)
        client.call("PROPFIND", "partijen")
        requests.get(client.base.partition("/klantinteracties")[0] + "/_healthz/livez", timeout=10)
        with running.faults["klanten"].failing(DOWN):
            client.get("partijen", expect=503)
        _happen(watch.worlds()[-1])
        refused = {token: _scraped(client, token).status_code for token in ("", "lezer")}
        answer = _scraped(client, "meter")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        stack.close()
        yield Measured(collector, answer.text, refused, received)
