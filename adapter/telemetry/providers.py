"""OpenTelemetry's own parts, made as the environment asks: what collects, and what exports."""

from __future__ import annotations

import random
from importlib.metadata import version
from uuid import UUID

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from adapter import context
from adapter.api.trail import TRANSACTION_ID
from adapter.telemetry.environment import GRPC, PROTOCOL, TelemetryInvalid

NAME = "klantbrug"
_GRPC_MISSING = (
    "is grpc, for which the package opentelemetry-exporter-otlp-proto-grpc has to be installed; or use"
    " http/protobuf, at port 4318 of a collector"
)


class TransactionIds(RandomIdGenerator):
    """Ids of traces: that of the FSC transaction, for a request that has one and is in no trace yet.

    FSC 2.4.0 passes on its own Fsc-Transaction-Id and drops traceparent, so what two peers do for one
    transaction would otherwise be two traces.
    """

    def generate_trace_id(self) -> int:
        """The id as a number of 128 bits."""
        request = context.current()
        transaction = request.headers.get(TRANSACTION_ID) if request else None
        return (UUID(transaction).int if transaction else 0) or super().generate_trace_id()

    def is_trace_id_random(self) -> bool:
        """Whether all bits are random."""
        return False


def resource() -> Resource:
    """What all metrics and spans are of; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before this."""
    # Telemetry of several processes would be taken for that of one without an id of each.
    instance = f"{random.getrandbits(64):016x}"
    own = {SERVICE_NAME: NAME, SERVICE_VERSION: version(NAME), "service.instance.id": instance}
    return Resource.get_empty().merge(Resource(own)).merge(OTELResourceDetector().detect())


def tracer_provider(of: Resource, protocol: str) -> TracerProvider:
    """What makes spans and exports them in batches. Raises TelemetryInvalid."""
    provider = TracerProvider(resource=of, id_generator=TransactionIds())
    provider.add_span_processor(BatchSpanProcessor(_span_exporter(protocol)))
    return provider


def meter_provider(of: Resource, protocol: str, more: list[MetricReader]) -> MeterProvider:
    """What makes instruments, read by `more` and exported by a protocol, if any. Raises TelemetryInvalid."""
    readers = [*more, PeriodicExportingMetricReader(_metric_exporter(protocol))] if protocol else more
    return MeterProvider(readers, of)


def _span_exporter(protocol: str) -> SpanExporter:
    if protocol == GRPC:
        try:
            from opentelemetry.exporter.otlp.proto.grpc import (  # type: ignore[import-not-found]  # noqa: PLC0415
                trace_exporter,
            )
        except ImportError:
            raise TelemetryInvalid(PROTOCOL, _GRPC_MISSING) from None
        return trace_exporter.OTLPSpanExporter()  # type: ignore[no-any-return]
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    return OTLPSpanExporter()


def _metric_exporter(protocol: str) -> MetricExporter:
    if protocol == GRPC:
        try:
            from opentelemetry.exporter.otlp.proto.grpc import (  # noqa: PLC0415
                metric_exporter,
            )
        except ImportError:
            raise TelemetryInvalid(PROTOCOL, _GRPC_MISSING) from None
        return metric_exporter.OTLPMetricExporter()  # type: ignore[no-any-return]
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415

    return OTLPMetricExporter()
