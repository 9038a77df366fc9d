"""What the environment variables of OpenTelemetry ask for.

Their meaning is that of the OpenTelemetry specification ("Environment Variable Specification" and "OTLP
Exporter Configuration"), but for one thing: without an endpoint nothing is exported, where the specification
has localhost. The variables that are not read here (headers, time limits, intervals, the sampler, names of
the resource) are read by the SDK itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
DISABLED = "OTEL_SDK_DISABLED"
METRICS_EXPORTER = "OTEL_METRICS_EXPORTER"
TRACES_EXPORTER = "OTEL_TRACES_EXPORTER"
PROMETHEUS_HOST = "OTEL_EXPORTER_PROMETHEUS_HOST"
PROMETHEUS_PORT = "OTEL_EXPORTER_PROMETHEUS_PORT"

OTLP, PROMETHEUS, NONE = "otlp", "prometheus", "none"
HTTP, GRPC = "http/protobuf", "grpc"
_LARGEST_PORT = 65535


class TelemetryInvalid(Exception):
    """An environment variable asks for what KlantBrug cannot do."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"the environment variable {variable} {reason}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a deployment wants.

    traces, metrics: the protocol by which they are exported, HTTP or GRPC; "" when they are not.
    prometheus: whether metrics are served for Prometheus too; with a `port`, on one of its own at `host`.
    """

    traces: str = ""
    metrics: str = ""
    prometheus: bool = False
    host: str = "localhost"
    port: int = 0

    def __bool__(self) -> bool:
        return bool(self.traces or self.metrics or self.prometheus)


def wanted(environment: Mapping[str, str]) -> Wanted:
    """What the variables ask for. Raises TelemetryInvalid."""
    # An empty variable counts as unset, and their words are read without regard to case.
    if environment.get(DISABLED, "").strip().lower() == "true":
        return Wanted()
    prometheus = PROMETHEUS in _exporters(environment, METRICS_EXPORTER, (OTLP, PROMETHEUS, NONE))
    port = environment.get(PROMETHEUS_PORT, "").strip() if prometheus else ""
    if port and not (port.isdecimal() and 0 < int(port) <= _LARGEST_PORT):
        raise TelemetryInvalid(PROMETHEUS_PORT, "must be the number of a port")
    return Wanted(
        traces=_protocol(environment, TRACES_EXPORTER, "TRACES", (OTLP, NONE)),
        metrics=_protocol(environment, METRICS_EXPORTER, "METRICS", (OTLP, PROMETHEUS, NONE)),
        prometheus=prometheus,
        host=environment.get(PROMETHEUS_HOST, "").strip() or "localhost",
        port=int(port or 0),
    )


def _exporters(environment: Mapping[str, str], variable: str, known: tuple[str, ...]) -> list[str]:
    named = [each.strip().lower() for each in environment.get(variable, "").split(",")]
    found = [each for each in named if each] or [OTLP]
    if strange := [each for each in found if each not in known]:
        raise TelemetryInvalid(variable, f"must be one of {', '.join(known)}, not {strange[0]}")
    return found


def _protocol(environment: Mapping[str, str], exporter: str, signal: str, known: tuple[str, ...]) -> str:
    """The protocol by which a signal is exported; "" without an endpoint for it."""
    own_endpoint = ENDPOINT.replace("OTLP_", f"OTLP_{signal}_")
    if OTLP not in _exporters(environment, exporter, known):
        return ""
    if not (environment.get(ENDPOINT, "").strip() or environment.get(own_endpoint, "").strip()):
        return ""
    own = PROTOCOL.replace("OTLP_", f"OTLP_{signal}_")
    variable = own if environment.get(own, "").strip() else PROTOCOL
    found = environment.get(variable, "").strip().lower() or HTTP
    if found not in (HTTP, GRPC):
        raise TelemetryInvalid(variable, f"must be {HTTP} or {GRPC}")
    return found
