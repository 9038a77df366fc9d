"""A stand-in for an OpenTelemetry collector: it speaks OTLP over HTTP and keeps what it got."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.posts import Answer, taking_posts


def attributes(found: Any) -> dict[str, Any]:
    """The attributes of a span, a resource or a point, as a dict."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in found.attributes}


@dataclass
class Collector:
    """What was exported; `raw` are the bodies, decompressed."""

    url: str
    traces: list[ExportTraceServiceRequest] = field(default_factory=list)
    metrics: list[ExportMetricsServiceRequest] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def receive(self, path: str, body: bytes) -> bool:
        """Keep a body; whether its path is one of OTLP."""
        kinds = {
            "/v1/traces": (self.traces, ExportTraceServiceRequest),
            "/v1/metrics": (self.metrics, ExportMetricsServiceRequest),
        }
        if path not in kinds:
            return False
        kept, kind = kinds[path]
        kept.append(kind.FromString(body))
        self.raw.append(body)
        return True

    @property
    def spans(self) -> list[Any]:
        """Every span, in the order in which they came."""
        return [
            span
            for each in self.traces
            for resource in each.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def points(self) -> dict[str, list[Any]]:
        """The points of the last export of metrics, by the name of the metric."""
        found: dict[str, list[Any]] = {}
        for resource in self.metrics[-1].resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
        return found


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector at a free port, as long as the context lasts."""

    found = Collector("")

    def answer(path: str, headers: Any, body: bytes) -> Answer:
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return 200 if found.receive(path, body) else 404, "application/x-protobuf", b""

    with taking_posts(answer) as url:
        found.url = url
        yield found
