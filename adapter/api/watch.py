"""Whoever measures requests, as the HTTP face knows it; see `adapter.telemetry`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from adapter.api.log import Exchange
from adapter.context import RequestContext

# The path of the metrics, and what stands for it among the operations of a token.
METRICS = "/metrics"
OPERATION = "metrics"
# The text format of Prometheus, https://prometheus.io/docs/instrumenting/exposition_formats/
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Watch(Protocol):
    """Told of every request; `serves_metrics` is whether `exposition` is to be served."""

    serves_metrics: bool

    def request(self, exchange: Exchange, context: RequestContext) -> Callable[[], None]:
        """A request begins; what this returns is called when it ends."""

    def exposition(self) -> bytes:
        """The metrics in the text format of Prometheus; may take a while."""
