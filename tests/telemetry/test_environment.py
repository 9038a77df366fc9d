"""What the environment variables of OpenTelemetry ask for, and what is wrong with them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import requests
from adapter.commands.opening import Failure, check_telemetry
from adapter.demo.places import free_ports
from adapter.engine.deployment import Deployment
from adapter.shipped import served_document
from adapter.telemetry.environment import TelemetryInvalid, Wanted, wanted
from adapter.telemetry.starting import start_telemetry

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}
BOTH = Wanted(traces="http/protobuf", metrics="http/protobuf")


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, Wanted()),
        ({"OTEL_SERVICE_NAME": "klantbrug", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, Wanted()),
        (ENDPOINT, BOTH),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "True"}, Wanted()),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "false"}, BOTH),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, Wanted()),
        (
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://tempo:4318/v1/traces"},
            Wanted(traces="http/protobuf"),
        ),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, Wanted(metrics="http/protobuf")),
        ({**ENDPOINT, "OTEL_METRICS_EXPORTER": "none"}, Wanted(traces="http/protobuf")),
        ({"OTEL_METRICS_EXPORTER": "prometheus"}, Wanted(prometheus=True)),
        (
            {
                **ENDPOINT,
                "OTEL_METRICS_EXPORTER": "otlp, Prometheus",
                "OTEL_EXPORTER_PROMETHEUS_PORT": "9464",
            },
            Wanted("http/protobuf", "http/protobuf", prometheus=True, port=9464),
        ),
        # a port alone asks for nothing: it is the default of the exporter that nobody asked for
        ({"OTEL_EXPORTER_PROMETHEUS_PORT": "9464"}, Wanted()),
        (
            {
                **ENDPOINT,
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/protobuf",
            },
            Wanted(traces="grpc", metrics="http/protobuf"),
        ),
    ],
)
def test_what_is_asked_for(variables, found):
    assert wanted(variables) == found
    assert bool(found) == (found != Wanted())


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER"),
        ({"OTEL_TRACES_EXPORTER": "prometheus"}, "OTEL_TRACES_EXPORTER"),
        ({"OTEL_METRICS_EXPORTER": "otlp,console"}, "OTEL_METRICS_EXPORTER"),
        ({**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, "OTEL_EXPORTER_OTLP_PROTOCOL"),
        (
            {"OTEL_METRICS_EXPORTER": "prometheus", "OTEL_EXPORTER_PROMETHEUS_PORT": "x"},
            "OTEL_EXPORTER_PROMETHEUS_PORT",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(variables, named):
    with pytest.raises(TelemetryInvalid, match=named):
        wanted(variables)


def test_prometheus_reads_one_process(monkeypatch):
    """Several would answer in turn, each with numbers of its own."""
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "prometheus")
    check_telemetry(1)
    with pytest.raises(Failure, match="--workers 1"):
        check_telemetry(2)


@pytest.fixture
def start():
    """Start the telemetry that these variables ask for, of a deployment that serves nothing."""
    with ExitStack() as stack:

        def started(**variables):
            parts = {"mappings": SimpleNamespace(resources={}), "registers": {}, "types": {}, "settings": {}}
            deployment = Deployment(
                **parts, public_url="https://brug.example/api", pool=ThreadPoolExecutor(1)
            )
            stack.callback(deployment.state.close)
            found = start_telemetry(variables, deployment, {}, [served_document()])
            if found is not None:
                stack.callback(found.close)
            return found

        yield started


def test_a_port_of_its_own_serves_the_metrics_without_a_token(start):
    """For a network in which only Prometheus reaches it; one that is taken is refused."""
    (port,) = free_ports(1)
    address = {"HOST": "127.0.0.1", "PORT": str(port)}
    own_port = {f"OTEL_EXPORTER_PROMETHEUS_{name}": value for name, value in address.items()}
    assert start(OTEL_METRICS_EXPORTER="prometheus", **own_port).serves_metrics
    answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    assert "klantbrug_journal_open" in answer.text
    with pytest.raises(TelemetryInvalid, match="OTEL_EXPORTER_PROMETHEUS_PORT"):
        start(OTEL_METRICS_EXPORTER="prometheus", **own_port)


def test_grpc_needs_a_package_that_the_extra_does_not_bring(start):
    with pytest.raises(TelemetryInvalid, match="opentelemetry-exporter-otlp-proto-grpc"):
        start(**ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL="grpc")


def test_without_the_extra_it_serves_all_the_same(start, monkeypatch, caplog):
    """The variables are often set for all that runs on a platform; the log says what to install."""
    monkeypatch.setitem(sys.modules, "adapter.telemetry.telemetry", None)
    assert start(**ENDPOINT) is None
    (line,) = (each.msg for each in caplog.records)
    assert (line["event"], line["install"]) == ("telemetry_not_installed", "klantbrug[telemetry]")
