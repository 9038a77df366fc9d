"""What KlantBrug measures of itself, exported to a collector and served to Prometheus."""

import ast
import re

import pytest
from adapter.reverse.table import AsideTable
from adapter.telemetry.metrics import EVENTS

from tests.telemetry.collector import attributes
from tests.telemetry.conftest import TRACE, TRANSACTION
from tests.test_docs import COUNTS, _said
from tests.test_house import PACKAGE, imported, module_of
from tests.watching import planted_in

SERVER, CLIENT, INTERNAL = 2, 3, 1
ROUTE = "/klantinteracties/api/v1"


def _values(measured, name, **wanted):
    """The values of the points of a metric that have these attributes; a histogram's is its count."""
    return [
        getattr(point, "count", None) if hasattr(point, "count") else point.as_int
        for point in measured.collector.points[name]
        if wanted.items() <= attributes(point).items()
    ]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        # as many as the flows make, change and delete; of maak-klantcontact each part counts
        ("klantcontact.creates", 4),
        ("betrokkene.creates", 4),
        ("partij.creates", 1),
        ("actor.creates", 1),
        ("digitaal_adres.creates", 2),
        ("digitaal_adres.deletes", 1),
        ("interne_taak.creates", 2),
        ("interne_taak.updates", 1),
        ("partij.deletes", 0),
    ],
)
def test_what_clients_write_is_counted(measured, name, number):
    assert _values(measured, f"klantbrug.{name}") == [number]


def test_a_request_is_measured_by_route_method_and_status(measured):
    name = "http.server.request.duration"
    listed = {"http.request.method": "GET", "http.route": f"{ROUTE}/partijen", "url.scheme": "http"}
    assert _values(measured, name, **listed, **{"http.response.status_code": 200}) == [3]
    assert _values(measured, name, **listed, **{"http.response.status_code": 400}) == [1]
    made = {"http.request.method": "POST", "http.route": f"{ROUTE}/maak-klantcontact"}
    assert _values(measured, name, **made, **{"http.response.status_code": 201}) == [1]
    # a method that a client makes up makes no series of its own; health and metrics are not measured
    assert len(_values(measured, name, **{"http.request.method": "_OTHER"})) == 1
    routes = {attributes(each).get("http.route") for each in measured.collector.points[name]}
    assert all(each is None or each.startswith(ROUTE) for each in routes)
    assert set(_values(measured, "http.server.active_requests")) == {0}


def test_register_calls_are_measured_by_register_operation_and_status(measured):
    name = "klantbrug.register.call.duration"
    found = {"register": "klanten", "operation": "POST klanten", "http.response.status_code": 201}
    assert _values(measured, name, **found) == [1]
    assert {attributes(each)["register"] for each in measured.collector.points[name]} >= {
        "klanten",
        "contactmomenten",
        "objects",
    }


def test_the_state_of_the_deployment_is_measured(measured):
    assert _values(measured, "klantbrug.journal.open") == [0]
    assert _values(measured, "klantbrug.register.state", register="klanten", state="up") == [1]
    assert _values(measured, "klantbrug.register.state", register="klanten", state="down") == [0]
    assert _values(measured, "klantbrug.register.active_calls", register="objects") == [0]
    assert _values(measured, "klantbrug.register.refused_calls", register="objects") == [0]


def test_every_kind_of_count_has_a_metric():
    assert set(_said(COUNTS)) | {"contract_checked", "contract_broken"} == set(EVENTS)


def test_prometheus_reads_the_same_metrics(measured):
    text = measured.exposition
    assert "\nklantbrug_klantcontact_creates_total 4.0\n" in text
    assert "http_server_request_duration_seconds_bucket" in text
    assert 'klantbrug_register_state{register="klanten",state="up"} 1.0' in text
    assert 'klantbrug_phase{phase="translate"} 1.0' in text


def test_metrics_need_a_token_that_may_read_them(measured):
    assert measured.refused == {"": 401, "lezer": 403}


def test_without_telemetry_there_are_no_metrics(deployments):
    origin = deployments("openklant").served.base.removesuffix(ROUTE)
    assert deployments("openklant").served.call("GET", f"{origin}/metrics").status_code == 404


def test_a_request_continues_the_trace_of_its_client(measured):
    spans = [each for each in measured.collector.spans if each.trace_id.hex() == TRACE]
    (request,) = (each for each in spans if each.kind == SERVER)
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert request.name == f"GET {ROUTE}/klantcontacten"
    assert attributes(request)["klantbrug.client"] == "demo"
    rounds = {each.span_id: each for each in spans if each.kind == INTERNAL}
    assert {each.parent_span_id for each in rounds.values()} == {request.span_id}
    calls = [each for each in spans if each.kind == CLIENT]
    assert calls
    assert {each.parent_span_id for each in calls} <= set(rounds)
    assert attributes(request)["klantbrug.register_calls"] == len(calls)


def test_a_register_gets_the_span_of_its_call_as_parent(measured):
    spans = {each.span_id.hex() for each in measured.collector.spans if each.kind == CLIENT}
    # a register asks another one things of its own
    sent = [headers for _, headers in measured.received if headers["user-agent"] == "KlantBrug"]
    parents = [headers["traceparent"].split("-") for headers in sent]
    assert {each[2] for each in parents} <= spans
    assert any(each[1] == TRACE for each in parents)


def test_an_fsc_transaction_without_a_trace_is_the_trace(measured):
    trace = TRANSACTION.replace("-", "")
    (request,) = (
        each for each in measured.collector.spans if each.trace_id.hex() == trace and each.kind == SERVER
    )
    assert attributes(request)["fsc.transaction_id"] == TRANSACTION
    passed_on = [
        headers for _, headers in measured.received if headers.get("fsc-transaction-id") == TRANSACTION
    ]
    assert passed_on
    assert {each["traceparent"].split("-")[1] for each in passed_on} == {trace}


def test_resource_is_as_the_environment_says(measured):
    (found,) = {str(each.resource) for batch in measured.collector.traces for each in batch.resource_spans}
    assert "klantbrug-test" in found
    assert "service.instance.id" in found


def test_nothing_personal_is_exported(measured):
    """Neither what clients sent and asked for, nor what registers answered."""
    exported = " ".join(each.decode("latin-1") for each in measured.collector.raw) + measured.exposition
    assert planted_in(exported) == []
    uuids = re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", exported)
    assert set(uuids) <= {TRANSACTION}


def test_who_does_not_want_telemetry_does_not_load_it():
    """Loading takes a second; the parts that use OpenTelemetry are loaded by `starting` alone, when asked."""
    names = ("opentelemetry", "prometheus_client", "adapter.telemetry")
    files = [path for path in PACKAGE.rglob("*.py") if any(name in path.read_text() for name in names)]
    using = {
        module_of(path)
        for path in files
        if any(name.partition(".")[0] in ("opentelemetry", "prometheus_client") for name in imported(path))
    }
    assert using == {f"adapter.telemetry.{name}" for name in ("metrics", "providers", "telemetry", "traces")}
    for path in files:
        at_once = [each for each in ast.parse(path.read_text()).body if isinstance(each, ast.ImportFrom)]
        if {each.module for each in at_once} & using:
            assert module_of(path) in using


def test_nobody_looks_on_when_telemetry_is_off(deployments, watch):
    """A request then costs no more than a look whether somebody does."""
    deployments("openklant")
    for each in watch.worlds():
        if each.watch.wrote is None:
            assert each.watch.round is None
            assert each.state.locks.observers == []
            called = [one for one in each.registers.values() if not isinstance(one, AsideTable)]
            assert all(register.reports.tracer is None for register in called)
