"""The telemetry of one process: made when the environment asks for it, and tied to what it watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import prometheus_client
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.resources import Resource

from adapter.api.log import Exchange as Request
from adapter.context import RequestContext
from adapter.engine.deployment import Deployment
from adapter.phases.phase import Phase
from adapter.registers.client import Register
from adapter.telemetry import providers
from adapter.telemetry.environment import PROMETHEUS_PORT, TelemetryInvalid, Wanted
from adapter.telemetry.metrics import Metrics
from adapter.telemetry.traces import Traces


@dataclass(frozen=True, slots=True)
class Parts:
    """What is watched; `routes` has the path template of each operationId, `phase` gives that of a move."""

    deployment: Deployment
    registers: Mapping[str, Register]
    routes: Mapping[str, str]
    phase: Callable[[], str] = lambda: str(Phase.TRANSLATE)


class Telemetry:
    """What is wanted, exported until `close`; `metrics` and `traces` are None when they are not wanted."""

    def __init__(self, wanted: Wanted, parts: Parts) -> None:
        """Start what is wanted. Raises TelemetryInvalid."""
        self._parts = parts
        self._registry = prometheus_client.CollectorRegistry()
        self.metrics: Metrics | None = None
        self.traces: Traces | None = None
        self.serves_metrics = wanted.prometheus
        of = providers.resource()
        with ExitStack() as stack:
            if wanted.metrics or wanted.prometheus:
                self.metrics = self._measure(stack, wanted, of)
            if wanted.traces:
                self.traces = self._trace(stack, wanted, of)
            self._closing = stack.pop_all()

    def request(self, request: Request, context: RequestContext) -> Callable[[], None]:
        """A request begins; what this returns is called when it ends."""
        started = time.perf_counter()
        traced = self.traces.request(request, context) if self.traces else None
        measured = self.metrics.request(request) if self.metrics else None

        def ended() -> None:
            if measured is not None:
                measured(time.perf_counter() - started)
            if traced is not None:
                traced()

        return ended

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them; some are read from the state, so it may take a while."""
        return prometheus_client.generate_latest(self._registry)

    def close(self) -> None:
        """Export what was not exported yet; a collector that does not answer delays this by a second."""
        self._closing.close()

    def _measure(self, stack: ExitStack, wanted: Wanted, of: Resource) -> Metrics:
        deployment, registers = self._parts.deployment, self._parts.registers
        # The names of the series are then those that a collector makes of what it gets over OTLP.
        reader = PrometheusMetricReader(scope_info_enabled=False, registry=self._registry)
        provider = providers.meter_provider(of, wanted.metrics, [reader] if wanted.prometheus else [])
        stack.callback(provider.shutdown)
        scheme = urlsplit(deployment.public_url).scheme
        metrics = Metrics(provider.get_meter(providers.NAME), self._parts.routes, scheme)
        metrics.count_writes({each.name: each.schema for each in deployment.mappings.resources.values()})
        metrics.look_at(deployment, registers, self._parts.phase)
        deployment.watch.wrote = metrics.wrote
        deployment.state.locks.observers.append(metrics.waited)
        for register in registers.values():
            register.reports.observers.append(metrics.call)
        if wanted.port:
            self._listen(stack, wanted)
        return metrics

    def _listen(self, stack: ExitStack, wanted: Wanted) -> None:
        try:
            server, thread = prometheus_client.start_http_server(wanted.port, wanted.host, self._registry)
        except OSError:
            raise TelemetryInvalid(PROMETHEUS_PORT, "is a port that cannot be listened on") from None
        stack.callback(thread.join)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)

    def _trace(self, stack: ExitStack, wanted: Wanted, of: Resource) -> Traces:
        registers = self._parts.registers
        provider = providers.tracer_provider(of, wanted.traces)
        stack.callback(provider.shutdown)
        bases = {name: register.base for name, register in registers.items()}
        traces = Traces(provider.get_tracer(providers.NAME), self._parts.routes, bases)
        self._parts.deployment.watch.round = traces.round
        for register in registers.values():
            register.reports.tracer = traces.call
        return traces
